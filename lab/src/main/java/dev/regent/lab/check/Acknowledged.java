package dev.regent.lab.check;

import dev.regent.core.model.GtidState;
import dev.regent.lab.arena.AuditLine;
import dev.regent.lab.load.Write;
import dev.regent.lab.load.Write.Outcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * Every acknowledged write is there, or, where loss is allowed, it is on a server that is held out
 * for it. And what the manager says an old primary has of its own is what it has, and what clients
 * know that they sent to it.
 */
final class Acknowledged {
  private static final int SHOWN_MAX = 5;

  private Acknowledged() {}

  static List<Write> lost(Evidence seen) {
    Set<Long> present = seen.last().rows();
    return seen.writes().stream()
        .filter(w -> w.outcome() == Outcome.OK && !present.contains(w.id()))
        .toList();
  }

  static List<String> complaints(Evidence seen) {
    List<String> complaints = new ArrayList<>();
    Set<Long> present = seen.last().rows();
    List<Write> refused =
        seen.writes().stream()
            .filter(w -> w.outcome() == Outcome.FAIL && present.contains(w.id()))
            .toList();
    if (!refused.isEmpty()) {
      complaints.add(refused.size() + " writes were refused and are there: " + some(refused));
    }
    List<Write> lost = lost(seen);
    switch (seen.promise()) {
      case LOSSLESS -> {
        if (!lost.isEmpty()) {
          complaints.add(lost.size() + " acknowledged writes are lost: " + some(lost));
        }
      }
      case ACCOUNTED -> {
        List<Write> gone = gone(seen, lost);
        if (!gone.isEmpty()) {
          complaints.add(
              gone.size()
                  + " acknowledged writes are lost and on no server held out: "
                  + some(gone));
        }
      }
    }
    Map<String, Long> exact = exact(seen.told());
    for (Standing old : deposed(seen)) {
      complaints.addAll(account(seen, old, exact));
    }
    return complaints;
  }

  private static List<Write> gone(Evidence seen, List<Write> lost) {
    Set<Long> aside = new HashSet<>();
    seen.heldOut().forEach(s -> aside.addAll(s.rows()));
    return lost.stream().filter(w -> !aside.contains(w.id())).toList();
  }

  /** What the manager says of an old primary, what that has of its own, and what clients know. */
  private static List<String> account(Evidence seen, Standing old, Map<String, Long> exact) {
    List<String> complaints = new ArrayList<>();
    long own = GtidState.count(old.ownAgainst(seen.last()));
    if (!exact.containsKey(old.server())) {
      complaints.add(old.server() + " is back, and no exact account was told; it has " + own);
    } else if (exact.get(old.server()) != own) {
      complaints.add(
          "the account of " + old.server() + " is " + exact.get(old.server()) + ", it has " + own);
    }
    long known = ledgerRows(seen, old) + seen.allowed().foreign().getOrDefault(old.server(), 0);
    if (own != known) {
      complaints.add(
          old.server() + " has " + own + " transactions of its own, clients know of " + known);
    }
    return complaints;
  }

  /** Servers that lost the role to a failover and are back. */
  private static List<Standing> deposed(Evidence seen) {
    Set<String> names = new HashSet<>();
    String reigning = seen.first().server();
    boolean failover = false;
    for (AuditLine line : seen.told()) {
      if (line.is("PlanOpened")) {
        failover = line.sentence().contains("(failover)");
      }
      if (line.notes("ReignBegan")) {
        String next = Timeline.reign(line).server();
        if (failover && !next.equals(reigning)) {
          names.add(reigning);
        }
        reigning = next;
      }
    }
    return seen.standings().stream()
        .filter(s -> names.contains(s.server()) && !s.server().equals(seen.primary()))
        .toList();
  }

  /** The last exact account per old primary; the plan that tells it begins with a step on it. */
  private static Map<String, Long> exact(List<AuditLine> told) {
    Map<String, Long> exact = new TreeMap<>();
    Map<Long, String> servers = new TreeMap<>();
    for (AuditLine line : told) {
      if (line.is("StepEnded")) {
        servers.putIfAbsent(line.plan(), line.server());
      }
      JsonNode loss = line.data().path("note").path("loss");
      if (line.notes("LossStated") && loss.path("proven").asString("").equals("EXACT")) {
        exact.put(servers.getOrDefault(line.plan(), ""), loss.path("atLeast").asLong(-1));
      }
    }
    return exact;
  }

  /** Rows of clients that only this server has: one transaction each. */
  private static long ledgerRows(Evidence seen, Standing old) {
    Set<Long> rows = new HashSet<>(old.rows());
    rows.removeAll(seen.last().rows());
    return seen.writes().stream().filter(w -> rows.contains(w.id())).count();
  }

  private static String some(List<Write> writes) {
    List<String> shown =
        writes.stream()
            .limit(SHOWN_MAX)
            .map(w -> "row " + w.id() + " (" + w.server() + ")")
            .toList();
    return String.join(", ", shown) + (writes.size() > SHOWN_MAX ? ", ..." : "");
  }
}
