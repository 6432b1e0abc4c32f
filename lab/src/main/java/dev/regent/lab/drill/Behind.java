package dev.regent.lab.drill;

import dev.regent.lab.check.Evidence;
import dev.regent.lab.load.Told;
import dev.regent.lab.load.Write;
import dev.regent.lab.load.Write.Outcome;
import dev.regent.lab.measure.Figures;
import dev.regent.server.store.Json;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * What clients of the proxy were told.
 *
 * @param acknowledged writes
 * @param told how often what else
 * @param pauseMillis the longest that one of them waited for the answer to one write that ended
 *     after the first blow
 */
record Behind(int acknowledged, Map<Told, Integer> told, double pauseMillis) {
  Behind {
    told = new EnumMap<>(told);
  }

  static Behind of(Evidence seen, long struck) {
    List<Write> writes = seen.writes().stream().filter(seen::proxied).toList();
    Map<Told, Integer> told = new EnumMap<>(Told.class);
    for (Told word : Told.values()) {
      told.put(word, 0);
    }
    writes.forEach(w -> told.merge(Told.of(w), 1, Integer::sum));
    double pause =
        writes.stream()
            .filter(w -> Told.of(w) != Told.NO_PROXY && w.endedNanos() - struck > 0)
            .mapToDouble(w -> (w.endedNanos() - w.startedNanos()) / 1e6)
            .max()
            .orElse(0);
    int acknowledged = (int) writes.stream().filter(w -> w.outcome() == Outcome.OK).count();
    return new Behind(acknowledged, told, pause);
  }

  int count(Told word) {
    return told.getOrDefault(word, 0);
  }

  /** Whether there was anybody. */
  boolean anybody() {
    return told.values().stream().anyMatch(n -> n > 0);
  }

  /** What no client should get. */
  int errors() {
    return count(Told.WRONG) + count(Told.SILENCE) + count(Told.UNREAD);
  }

  ObjectNode json() {
    ObjectNode node = Json.object();
    node.put("acknowledged", acknowledged);
    told.forEach((word, times) -> {
      if (word != Told.DONE) {
        node.put(word.name().toLowerCase(Locale.ROOT), times);
      }
    });
    node.put("pause_ms", Figures.rounded(pauseMillis));
    return node;
  }
}
