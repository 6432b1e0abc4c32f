package dev.regent.cli.top;

import dev.regent.cli.console.Sight;
import dev.regent.cli.console.Sight.Note;
import dev.regent.cli.console.Sight.Server;
import dev.regent.core.analyze.Diagnosis.Severity;
import dev.regent.core.model.GtidPosition;
import dev.regent.server.render.Page.Tone;
import dev.regent.server.store.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads {@code regent status --json}. What an older daemon does not tell is left out. */
final class SightReader {
  private SightReader() {}

  static Sight read(String json) {
    ObjectNode node = Json.read(json, ObjectNode.class);
    List<String> mode = new ArrayList<>();
    mode.add(text(node, "profile"));
    String failover = text(node, "failover");
    if (!failover.isEmpty()) {
      mode.add(failover.equals("script") ? "failover by script" : failover + " failover");
    }
    mode.add("epoch " + node.path("epoch").asLong());
    List<Server> servers = new ArrayList<>();
    node.path("servers").forEach(s -> servers.add(server(s)));
    return new Sight(
        "regent top",
        text(node, "cluster"),
        mode,
        node.path("epoch").asLong(),
        Instant.parse(text(node, "at")).toEpochMilli(),
        node.path("healthy").asBoolean(false),
        guarantee(node),
        writes(node.path("routing")),
        present(node.path("paused")).map(SightReader::because),
        present(node.path("plan")).map(SightReader::plan),
        servers,
        notes(node));
  }

  private static Note guarantee(JsonNode node) {
    boolean lossFree = node.path("lossFree").asBoolean(false);
    List<String> reasons = texts(node.path("lossFreeReasons"));
    return lossFree
        ? Note.of(Severity.OK, "loss-free failover: yes")
        : Note.of(
            Severity.WARNING, "loss-free failover: no, because " + String.join("; ", reasons));
  }

  private static String writes(JsonNode routing) {
    return switch (text(routing, "writes")) {
      case "open" -> "writes go to " + text(routing, "primary");
      case "held" -> "writes are held: a role change is under way";
      default -> "writes go nowhere";
    };
  }

  private static String because(JsonNode node) {
    String reason = text(node, "reason");
    return "by " + text(node, "by") + (reason.isEmpty() ? "" : ": " + reason);
  }

  private static String plan(JsonNode node) {
    List<String> intents = texts(node.path("intents"));
    return text(node, "kind").replace('_', ' ')
        + " (plan "
        + node.path("id").asLong()
        + "): "
        + (intents.isEmpty() ? text(node, "why") : intents.getLast());
  }

  /** Gravest first; the daemon's order inside one severity. */
  private static List<Note> notes(JsonNode node) {
    List<Note> notes = new ArrayList<>();
    for (JsonNode found : node.path("diagnoses")) {
      Severity severity = Severity.valueOf(text(found, "severity").toUpperCase(Locale.ROOT));
      boolean hold = text(found, "decision").equals("hold");
      if (severity != Severity.OK) {
        notes.add(
            new Note(
                severity,
                text(found, "sentence"),
                hold ? Optional.of(text(found, "why")) : Optional.empty()));
      }
    }
    notes.sort(Comparator.comparing(Note::severity).reversed());
    return notes;
  }

  private static Server server(JsonNode node) {
    JsonNode channel = node.path("channels").path(0);
    boolean semiSync = node.path("semiSync").asBoolean(false);
    String role = text(node, "role");
    return new Server(
        text(node, "name"),
        text(node, "address"),
        role.equals("none") ? "-" : role,
        text(node, "source"),
        text(node, "state"),
        tone(node, channel),
        marks(node),
        present(node.path("reachable")).filter(JsonNode::asBoolean).isPresent()
            ? present(node.path("writable")).map(JsonNode::asBoolean)
            : Optional.empty(),
        text(node, "version"),
        position(node, "applied"),
        position(node, "received"),
        present(node.path("lagSeconds"))
            .map(n -> OptionalLong.of(n.asLong()))
            .orElse(OptionalLong.empty()),
        node.path("syncMember").asBoolean(false) ? "sync" : semiSync ? "on" : "off",
        present(node.path("errant")).map(SightReader::texts),
        acknowledging(node),
        present(node.path("maintenance")).isPresent());
  }

  /** As the daemon colours it: by what is so, not by the words. */
  private static Tone tone(JsonNode node, JsonNode channel) {
    boolean reachable = node.path("reachable").asBoolean(false);
    boolean writable = node.path("writable").asBoolean(false);
    boolean primary = text(node, "role").equals("primary");
    if (!reachable) {
      return text(node, "state").equals("not probed yet") ? Tone.FAINT : Tone.BAD;
    }
    if (primary || writable) {
      return primary && text(node, "state").equals("open") ? Tone.GOOD : Tone.BAD;
    }
    boolean running = text(channel, "io").equals("yes") && channel.path("sql").asBoolean(false);
    boolean broken = !text(channel, "error").isEmpty();
    return running ? Tone.GOOD : broken ? Tone.BAD : Tone.WARNING;
  }

  /** Without what has a column of its own. */
  private static List<String> marks(JsonNode node) {
    return texts(node.path("marks")).stream()
        .filter(m -> !m.equals("sync") && !m.equals("semi-sync"))
        .toList();
  }

  private static String acknowledging(JsonNode node) {
    return present(node.path("acknowledging"))
        .map(n -> {
          long waiting = n.path("waiting").asLong();
          return "semi-sync replicas: "
              + n.path("replicas").asLong()
              + (waiting == 0 ? "" : ", commits waiting: " + waiting);
        })
        .orElse("");
  }

  private static Optional<GtidPosition> position(JsonNode node, String name) {
    return present(node.path(name)).map(n -> GtidPosition.parse(n.asString()));
  }

  private static Optional<JsonNode> present(JsonNode node) {
    return node.isMissingNode() || node.isNull() ? Optional.empty() : Optional.of(node);
  }

  private static String text(JsonNode node, String name) {
    return node.path(name).asString("");
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(n -> texts.add(n.asString()));
    return texts;
  }
}
