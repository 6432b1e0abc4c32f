package dev.regent.lab.arena;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the time of one role change went, from the audit trail, whose clock has milliseconds. The
 * phases follow each other without a hole, from the last acknowledged write on the old primary to
 * the first on the new one:
 *
 * <ul>
 *   <li>{@code before}: from the last acknowledgement to the kill or order;
 *   <li>{@code die}: until the kernel closes the killed process's connections;
 *   <li>{@code notice}: until the daemon misses the primary for the first time;
 *   <li>{@code confirm}: until it opens the plan;
 *   <li>a phase per turn of the plan, each from its intent to the next turn's: so it holds the
 *       journal's sync, the statements, and the way back;
 *   <li>{@code clients}: from the daemon's word that the new primary is open to the first
 *       acknowledgement.
 * </ul>
 *
 * @param phases in order; a plan may have several turns of one name
 * @param steps each step of the plan, until the new primary was open and after
 */
public record Phases(List<Span> phases, List<Span> steps) {
  /** A turn is named by the first of these that one of its sentences begins with. */
  private static final Map<String, String> TURNS = turns();

  /** A named stretch of time. */
  public record Span(String name, double millis) {}

  public Phases {
    phases = List.copyOf(phases);
    steps = List.copyOf(steps);
  }

  private static Map<String, String> turns() {
    Map<String, String> turns = new LinkedHashMap<>();
    turns.put("stop receiving on", "revoke");
    turns.put("apply the relay log of", "rescue");
    turns.put("relax durability", "relax");
    turns.put("apply what", "drain");
    turns.put("restore durability", "restore");
    turns.put("look for long transactions", "check");
    turns.put("freeze writes", "freeze");
    turns.put("stop replication on", "prepare");
    turns.put("let ", "lead");
    turns.put("require acknowledgements", "prepare");
    turns.put("write the reign row", "reign");
    turns.put("look for the reign row", "look");
    turns.put("open ", "open");
    return turns;
  }

  /** Empty if no plan moved the role in that time; else of the first that did. */
  public static Optional<Phases> of(Turnover change, Written.Gap gap) {
    List<Long> moved =
        change.told().stream().filter(l -> l.notes("Opened")).map(AuditLine::plan).toList();
    return change.told().stream()
        .filter(l -> l.is("PlanOpened") && moved.contains(l.plan()))
        .findFirst()
        .map(opened -> of(change, gap, opened));
  }

  private static Phases of(Turnover change, Written.Gap gap, AuditLine opened) {
    List<Span> phases = new ArrayList<>();
    double at = change.beganMillis();
    phases.add(new Span("before", at - change.wall(gap.lastBefore())));
    if (change.diedNanos().isPresent()) {
      double died = change.wall(change.diedNanos().getAsLong());
      phases.add(new Span("die", died - at));
      at = died;
    }
    Optional<AuditLine> missed =
        change.told().stream().filter(l -> l.is("Contact") && !answers(l)).findFirst();
    if (missed.isPresent() && missed.get().atMillis() <= opened.atMillis()) {
      phases.add(new Span("notice", missed.get().at() - at));
      at = missed.get().at();
    }
    phases.add(new Span("confirm", opened.at() - at));
    at = addTurns(change, opened.plan(), opened.at(), phases);
    phases.add(new Span("clients", change.wall(gap.firstAfter()) - at));
    return new Phases(phases, stepsOf(change, opened.plan()));
  }

  private static boolean answers(AuditLine line) {
    return line.data().path("reachable").asBoolean(true);
  }

  /** Returns when the new primary was open. */
  private static double addTurns(Turnover change, long plan, double from, List<Span> phases) {
    double at = from;
    String turn = "";
    for (AuditLine line : change.told()) {
      if (line.plan() != plan) {
        continue;
      }
      boolean open = line.notes("Opened");
      if (line.is("StepsSent") || open) {
        if (!turn.isEmpty()) {
          phases.add(new Span(turn, line.at() - at));
        }
        at = line.at();
        turn = open ? "" : name(line);
      }
      if (open) {
        return at;
      }
    }
    return at;
  }

  private static String name(AuditLine sent) {
    for (Map.Entry<String, String> known : TURNS.entrySet()) {
      if (sent.sentences().stream().anyMatch(s -> s.startsWith(known.getKey()))) {
        return known.getValue();
      }
    }
    return "other";
  }

  private static List<Span> stepsOf(Turnover change, long plan) {
    List<Span> steps = new ArrayList<>();
    double sent = 0;
    for (AuditLine line : change.told()) {
      if (line.plan() == plan && line.is("StepsSent")) {
        sent = line.at();
      } else if (line.plan() == plan && line.is("StepEnded")) {
        steps.add(new Span(line.data().path("step").asString(""), line.at() - sent));
      }
    }
    return steps;
  }
}
