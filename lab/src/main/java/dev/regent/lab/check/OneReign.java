package dev.regent.lab.check;

import dev.regent.lab.check.Evidence.Promise;
import dev.regent.lab.load.Write;
import dev.regent.lab.load.Write.Outcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reigns do not overlap: a write that a server acknowledged was under way in one of its own reigns,
 * so none was begun on it after the next one's reign had. And the servers' own table of reigns
 * tells the same story: a row for each, the epochs rising.
 */
final class OneReign {
  /** The manager's clock has milliseconds. */
  private static final double TICK = 1;

  private OneReign() {}

  static List<String> complaints(Evidence seen) {
    List<String> complaints = new ArrayList<>(overlaps(seen));
    List<Timeline.Span> spans = Timeline.of(seen);
    long epoch = seen.first().epoch();
    for (Timeline.Span span : spans.subList(1, spans.size())) {
      if (span.reign().epoch() <= epoch) {
        complaints.add("epoch " + span.reign().epoch() + " began after epoch " + epoch);
      }
      epoch = Math.max(epoch, span.reign().epoch());
    }
    complaints.addAll(rows(seen, spans));
    return complaints;
  }

  private static List<String> overlaps(Evidence seen) {
    List<Timeline.Span> spans = Timeline.of(seen);
    List<Write> strays =
        seen.writes().stream()
            .filter(w -> w.outcome() == Outcome.OK && !seen.proxied(w))
            // Without an endless wait for acknowledgements, who does not listen is not protected.
            .filter(w -> seen.promise() == Promise.LOSSLESS || w.client() <= seen.obedient())
            .filter(w -> spans.stream().noneMatch(s -> meets(s, w, seen)))
            .toList();
    return strays.stream()
        .collect(Collectors.groupingBy(w -> name(w, seen), Collectors.counting()))
        .entrySet()
        .stream()
        .map(e ->
            e.getValue()
                + " writes were begun on and acknowledged by "
                + e.getKey()
                + " while another server reigned")
        .toList();
  }

  private static boolean meets(Timeline.Span span, Write write, Evidence seen) {
    double began = seen.wall(write.startedNanos()) - TICK;
    double ended = seen.wall(write.endedNanos()) + TICK;
    return span.meets(name(write, seen), began, ended);
  }

  private static String name(Write write, Evidence seen) {
    return seen.names().getOrDefault(write.server(), write.server());
  }

  private static List<String> rows(Evidence seen, List<Timeline.Span> spans) {
    List<String> complaints = new ArrayList<>();
    Set<Reign> told = new HashSet<>();
    spans.forEach(s -> told.add(s.reign()));
    for (Reign row : seen.reigns()) {
      if (row.epoch() > seen.first().epoch() && !told.contains(row)) {
        complaints.add(
            "the reign table says epoch " + row.epoch() + " of " + row.server() + ", untold");
      }
    }
    Reign last = spans.getLast().reign();
    if (!seen.reigns().contains(last)) {
      complaints.add(
          "the reign table has no row of epoch " + last.epoch() + " of " + last.server());
    }
    if (!last.server().equals(seen.primary())) {
      complaints.add(last.server() + " reigns, and " + seen.primary() + " takes the writes");
    }
    return complaints;
  }
}
