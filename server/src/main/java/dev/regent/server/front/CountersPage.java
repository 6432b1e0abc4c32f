package dev.regent.server.front;

import dev.regent.proxy.seen.Counters.Reading;
import dev.regent.proxy.seen.Samples.Sample;
import dev.regent.server.store.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the proxy has counted, and statements that were slow or failed, as lines or as JSON. */
final class CountersPage {
  private CountersPage() {}

  static List<String> text(List<Reading> readings) {
    return readings.stream().map(r -> name(r) + " " + number(r.value())).toList();
  }

  private static String name(Reading reading) {
    if (reading.label().isEmpty()) {
      return reading.name();
    }
    String[] labels = reading.label().split(",", -1);
    String[] values = reading.of().split(",", labels.length);
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      pairs.add(labels[i] + "=\"" + values[i] + "\"");
    }
    return reading.name() + "{" + String.join(",", pairs) + "}";
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.6f", value);
  }

  static List<String> json(List<Reading> readings) {
    ObjectNode node = Json.object();
    readings.forEach(r -> node.put(name(r), r.value()));
    return List.of(Json.pretty(node));
  }

  static List<String> slow(Map<Sample, Duration> samples) {
    if (samples.isEmpty()) {
      return List.of("no statement was slow or failed");
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("AGO", "SESSION", "USER", "TIME", "ERROR", "STATEMENT"));
    samples.forEach((sample, ago) ->
        rows.add(
            List.of(
                SessionsPage.seconds(ago),
                Long.toString(sample.session()),
                sample.user(),
                SessionsPage.seconds(sample.time()),
                sample.error() == 0 ? "-" : Integer.toString(sample.error()),
                sample.digest())));
    return SessionsPage.table(rows);
  }

  static List<String> slowJson(Map<Sample, Duration> samples) {
    ObjectNode node = Json.object();
    ArrayNode all = node.putArray("statements");
    samples.forEach((sample, ago) ->
        all.addObject()
            .put("agoSeconds", ago.toMillis() / 1000.0)
            .put("id", sample.session())
            .put("user", sample.user())
            .put("seconds", sample.time().toMillis() / 1000.0)
            .put("error", sample.error())
            .put("statement", sample.digest()));
    return List.of(Json.pretty(node));
  }
}
