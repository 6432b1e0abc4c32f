package dev.regent.bench.proxied;

import dev.regent.bench.measure.Claim;
import dev.regent.lab.arena.Arena;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * How soon the controller heard of lost connections to servers, as the daemon itself has counted.
 *
 * @param soon within a millisecond, of all
 */
record Suspicions(long soon, long all, double longestMillis) {
  private static final String NAME = "regent_suspicion_seconds";

  /** Since the daemon began. */
  static Suspicions of(Arena arena) throws IOException {
    return of(arena.daemon().client().run("sessions", "\"counters\":true").out());
  }

  /**
   * @param counters as {@code regent sessions --counters} prints them
   */
  static Suspicions of(List<String> counters) {
    return new Suspicions(
        (long) value(counters, "_bucket{le=\"0.001\"}"),
        (long) value(counters, "_count"),
        value(counters, "_max") * 1e3);
  }

  private static double value(List<String> counters, String which) {
    String before = NAME + which + " ";
    return counters.stream()
        .filter(line -> line.startsWith(before))
        .mapToDouble(line -> Double.parseDouble(line.substring(before.length())))
        .findFirst()
        .orElseThrow();
  }

  /** The median is within a millisecond; of nothing, nothing is claimed to hold. */
  Claim claim() {
    String words =
        String.format(
            Locale.ROOT,
            "losses of connections that the controller heard of within 1 ms: %d of %d, the slowest"
                + " after %.2f ms; at least half",
            soon,
            all,
            longestMillis);
    return Claim.of(words, all > 0 && 2 * soon >= all);
  }
}
