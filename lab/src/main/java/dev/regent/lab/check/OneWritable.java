package dev.regent.lab.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * At most one server takes writes at any moment. Seen open twice in a row, a server was open all
 * the while between the first answer and the second question; not in the time that an answer took,
 * in which it may have been frozen. Two servers open at once for longer than from one glimpse to
 * the next cannot be missed.
 */
final class OneWritable {
  private OneWritable() {}

  /** A time in which a server was open without doubt; it may be a moment. */
  private record Open(long from, long to) {
    double overlapMillis(Open other) {
      return (Math.min(to, other.to) - Math.max(from, other.from)) / 1e6;
    }
  }

  /** How long two servers were open at once, as far as it is certain; negative if they were not. */
  static double overlapMillis(Evidence seen) {
    List<List<Open>> servers =
        byServer(seen.glimpses()).values().stream().map(OneWritable::spans).toList();
    double total = 0;
    boolean met = false;
    for (int i = 0; i < servers.size(); i++) {
      for (List<Open> others : servers.subList(i + 1, servers.size())) {
        for (Open mine : servers.get(i)) {
          for (Open other : others) {
            double overlap = mine.overlapMillis(other);
            met |= overlap >= 0;
            total += Math.max(0, overlap);
          }
        }
      }
    }
    return met ? total : -1;
  }

  static List<String> complaints(Evidence seen) {
    double overlap = overlapMillis(seen);
    double allowed = seen.allowed().twoWritableMillis();
    return overlap < 0 || (allowed > 0 && overlap <= allowed)
        ? List.of()
        : List.of(
            String.format(
                Locale.ROOT,
                "two servers took writes at once for %.0f ms, allowed are %.0f ms",
                overlap,
                allowed));
  }

  private static Map<String, List<Glimpse>> byServer(List<Glimpse> glimpses) {
    Map<String, List<Glimpse>> byServer = new TreeMap<>();
    glimpses.forEach(g -> byServer.computeIfAbsent(g.server(), s -> new ArrayList<>()).add(g));
    return byServer;
  }

  private static List<Open> spans(List<Glimpse> glimpses) {
    List<Open> spans = new ArrayList<>();
    for (int i = 1; i < glimpses.size(); i++) {
      Glimpse first = glimpses.get(i - 1);
      Glimpse second = glimpses.get(i);
      if (first.open() && second.open()) {
        spans.add(new Open(first.answeredNanos(), second.askedNanos()));
      }
    }
    return spans;
  }
}
