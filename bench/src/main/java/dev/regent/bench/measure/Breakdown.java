package dev.regent.bench.measure;

import dev.regent.lab.arena.AuditLine;
import dev.regent.lab.arena.Turnover;
import dev.regent.lab.arena.Written;
import dev.regent.lab.measure.Figures;
import dev.regent.lab.measure.Sample;
import dev.regent.server.store.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where the time of role changes goes, from the audit trail, whose clock has milliseconds. The
 * phases of one change follow each other without a hole, from the last acknowledged write on the
 * old primary to the first on the new one:
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
 */
public final class Breakdown {
  /** A turn is named by the first of these that one of its sentences begins with. */
  private static final Map<String, String> TURNS = turns();

  private final Map<String, List<Double>> phases = new LinkedHashMap<>();
  private final Map<String, List<Double>> steps = new TreeMap<>();

  private Optional<Turnover> slowest = Optional.empty();
  private double slowestMillis;

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

  public void add(Turnover change, Written.Gap gap) {
    Optional<AuditLine> opened =
        change.told().stream()
            .filter(l -> l.is("PlanOpened"))
            .filter(
                l -> l.sentence().contains("(failover)") || l.sentence().contains("(switchover)"))
            .findFirst();
    if (opened.isEmpty()) {
      return;
    }
    long plan = opened.get().plan();
    double at = change.beganMillis();
    note("before", at - change.wall(gap.lastBefore()));
    if (change.diedNanos().isPresent()) {
      double died = change.wall(change.diedNanos().getAsLong());
      note("die", died - at);
      at = died;
    }
    Optional<AuditLine> missed =
        change.told().stream().filter(l -> l.is("Contact") && !answers(l)).findFirst();
    if (missed.isPresent() && missed.get().atMillis() <= opened.get().atMillis()) {
      note("notice", missed.get().at() - at);
      at = missed.get().at();
    }
    note("confirm", opened.get().at() - at);
    at = addTurns(change, plan, opened.get().at());
    note("clients", change.wall(gap.firstAfter()) - at);
    addSteps(change, plan);
    if (slowest.isEmpty() || gap.millis() > slowestMillis) {
      slowest = Optional.of(change);
      slowestMillis = gap.millis();
    }
  }

  private static boolean answers(AuditLine line) {
    return line.data().path("reachable").asBoolean(true);
  }

  /** Returns when the new primary was open. */
  private double addTurns(Turnover change, long plan, double from) {
    double at = from;
    String turn = "";
    for (AuditLine line : change.told()) {
      if (line.plan() != plan) {
        continue;
      }
      boolean open = line.data().path("note").path("type").asString("").equals("Opened");
      if (line.is("StepsSent") || open) {
        if (!turn.isEmpty()) {
          note(turn, line.at() - at);
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
      for (var sentence : sent.data().path("sentences")) {
        if (sentence.asString("").startsWith(known.getKey())) {
          return known.getValue();
        }
      }
    }
    return "other";
  }

  /** How long each step took, until the new primary was open and after. */
  private void addSteps(Turnover change, long plan) {
    double sent = 0;
    for (AuditLine line : change.told()) {
      if (line.plan() == plan && line.is("StepsSent")) {
        sent = line.at();
      } else if (line.plan() == plan && line.is("StepEnded")) {
        String step = general(line.data().path("step").asString(""));
        steps.computeIfAbsent(step, s -> new ArrayList<>()).add(line.at() - sent);
      }
    }
  }

  private static String general(String sentence) {
    return sentence
        .replaceAll("server\\d+", "*")
        .replaceAll("epoch \\d+", "epoch n")
        .replaceAll("(, up to| at) \\d.*", "");
  }

  private void note(String phase, double millis) {
    phases.computeIfAbsent(phase, p -> new ArrayList<>()).add(millis);
  }

  public Report.Section phases(String title) {
    return section("Where the time goes, " + title + ", in ms", "phase", phases);
  }

  public Report.Section steps(String title) {
    return section("Each step of the plan, " + title + ", in ms", "step", steps);
  }

  /** What the daemon told of the slowest change, until it was over. */
  public Report.Section story(String title) {
    String full = "The slowest one, " + title + ", " + Figures.number(slowestMillis) + " ms";
    return slowest
        .map(s -> Story.of(full, s.told(), s.beganMillis(), s.wall(s.endedNanos())))
        .orElseGet(() -> Story.of(full, List.of(), 0, 0));
  }

  private static Report.Section section(
      String title, String first, Map<String, List<Double>> figures) {
    List<List<String>> rows = new ArrayList<>();
    figures.forEach((name, values) -> {
      Sample sample = new Sample(values);
      rows.add(
          List.of(
              name,
              "" + values.size(),
              Figures.number(sample.median()),
              Figures.number(sample.percentile(95)),
              Figures.number(sample.max())));
    });
    return new Report.Section(title, List.of(first, "times", "median", "p95", "max"), rows);
  }

  /** Medians. */
  public ObjectNode json() {
    ObjectNode node = Json.object();
    phases.forEach((name, values) -> node.put(name, Figures.rounded(new Sample(values).median())));
    return node;
  }
}
