package dev.regent.lab.check;

import dev.regent.lab.arena.AuditLine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Nothing is done that was not told before: no step ends that was not sent; a server that is seen
 * to open, and a row in the table of reigns, have an earlier line that says so.
 */
final class IntentFirst {
  /** The manager's clock has milliseconds. */
  private static final double TICK = 1;

  private IntentFirst() {}

  static List<String> complaints(Evidence seen) {
    List<String> complaints = new ArrayList<>(steps(seen.told()));
    complaints.addAll(openings(seen));
    complaints.addAll(reigns(seen));
    return complaints;
  }

  private static List<String> steps(List<AuditLine> told) {
    List<String> complaints = new ArrayList<>();
    Map<Long, Set<String>> sent = new HashMap<>();
    for (AuditLine line : told) {
      if (line.is("StepsSent")) {
        sent.computeIfAbsent(line.plan(), p -> new HashSet<>()).addAll(line.sentences());
      } else if (line.is("StepEnded")) {
        String step = line.data().path("step").asString("");
        if (!sent.getOrDefault(line.plan(), Set.of()).contains(step)) {
          complaints.add("a step ended that was never sent: " + step);
        }
      }
    }
    return complaints;
  }

  private static List<String> openings(Evidence seen) {
    List<String> complaints = new ArrayList<>();
    Map<String, Glimpse> closed = new HashMap<>();
    for (Glimpse glimpse : seen.glimpses()) {
      switch (glimpse.access()) {
        case CLOSED -> closed.putIfAbsent(glimpse.server(), glimpse);
        case OPEN -> {
          Glimpse since = closed.remove(glimpse.server());
          if (since != null && !intended(since, glimpse, seen)) {
            complaints.add(glimpse.server() + " opened for writes, and nobody had said so");
          }
        }
        case SILENT -> {}
      }
    }
    return complaints;
  }

  private static boolean intended(Glimpse closed, Glimpse open, Evidence seen) {
    double from = seen.wall(closed.askedNanos()) - TICK;
    double to = seen.wall(open.answeredNanos()) + TICK;
    String sentence = "open " + open.server() + " for writes";
    return seen.allowed().opened().contains(open.server())
        || seen.told().stream()
            .filter(l -> l.is("StepsSent") && l.at() <= to)
            // Closed since before we looked: then it may have been said before, too.
            .filter(l -> l.at() >= from || closed.equals(firstOf(open.server(), seen)))
            .anyMatch(l -> l.sentences().stream().anyMatch(s -> s.startsWith(sentence)));
  }

  private static Glimpse firstOf(String server, Evidence seen) {
    return seen.glimpses().stream()
        .filter(g -> g.server().equals(server))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> reigns(Evidence seen) {
    List<String> complaints = new ArrayList<>();
    for (Reign row : seen.reigns()) {
      String sentence = "write the reign row of epoch " + row.epoch() + " on " + row.server();
      boolean said =
          seen.told().stream().flatMap(l -> l.sentences().stream()).anyMatch(sentence::equals);
      if (row.epoch() > seen.first().epoch() && !said) {
        complaints.add("a reign row was written that nobody had announced: " + row);
      }
    }
    return complaints;
  }
}
