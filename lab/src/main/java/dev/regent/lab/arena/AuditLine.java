package dev.regent.lab.arena;

import dev.regent.server.store.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One line of the daemon's audit trail.
 *
 * @param atMillis wall clock, since 1970
 * @param server empty if it is about none
 * @param plan 0 if it belongs to none
 */
public record AuditLine(
    long atMillis, String name, String server, long plan, String sentence, JsonNode data) {

  /** Empty for a line that a crash cut short. */
  public static Optional<AuditLine> parse(String line) {
    try {
      ObjectNode node = Json.read(line, ObjectNode.class);
      JsonNode data = node.path("data");
      return Optional.of(
          new AuditLine(
              Instant.parse(node.path("time").asString()).toEpochMilli(),
              node.path("name").asString(),
              node.path("server").isString() ? node.path("server").asString() : "",
              data.path("plan").asLong(0),
              node.path("sentence").asString(),
              data));
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  /** For sums with finer moments. */
  public double at() {
    return (double) atMillis;
  }

  public boolean is(String event) {
    return name.equals(event);
  }

  /** Whether it tells of a note of this type: a fact that a plan established on its way. */
  public boolean notes(String type) {
    return is("Noted") && data.path("note").path("type").asString("").equals(type);
  }

  /** The steps that were sent together, each a sentence; empty for any other event. */
  public List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    data.path("sentences").forEach(s -> sentences.add(s.asString("")));
    return sentences;
  }
}
