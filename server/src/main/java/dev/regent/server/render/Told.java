package dev.regent.server.render;

import dev.regent.core.analyze.Diagnosis.Severity;
import dev.regent.server.render.Page.Tone;
import dev.regent.server.store.Json;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An event as the audit trail tells it, this daemon's own or one of its forerunners.
 *
 * @param name the case of {@link dev.regent.core.control.Event}
 * @param plan the plan that it belongs to
 * @param json the line of the audit trail
 */
public record Told(
    long atMillis,
    Severity severity,
    String name,
    OptionalLong plan,
    String sentence,
    String json) {
  private static final int TIME_COLUMNS = "23:59:59.999  ".length();

  /** Reads a line of the audit trail; empty if it is not one (cut short by a crash). */
  public static Optional<Told> parse(String line) {
    try {
      ObjectNode node = Json.read(line, ObjectNode.class);
      JsonNode plan = node.path("data").path("plan");
      return Optional.of(
          new Told(
              Instant.parse(node.path("time").asString()).toEpochMilli(),
              Severity.valueOf(node.path("severity").asString()),
              node.path("name").asString(),
              plan.isIntegralNumber() ? OptionalLong.of(plan.longValue()) : OptionalLong.empty(),
              node.path("sentence").asString(),
              line));
    } catch (JacksonException | DateTimeParseException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** One line, however long, with date and severity: for files and pipes. */
  public String line(Page page) {
    return page.dateTime(atMillis)
        + "  "
        + page.paint(Tone.of(severity), String.format(Locale.ROOT, "%-8s", Page.word(severity)))
        + "  "
        + sentence;
  }

  /** The time of day and the sentence, wrapped: for a page. */
  List<String> brief(Page page) {
    return page.labelled(page.time(atMillis), TIME_COLUMNS, Tone.of(severity), sentence);
  }
}
