package dev.regent.lab.drill;

import dev.regent.lab.arena.Arena;
import dev.regent.lab.arena.Audit;
import dev.regent.lab.arena.AuditLine;
import dev.regent.lab.arena.Moments;
import dev.regent.lab.arena.Phases;
import dev.regent.lab.arena.Turnover;
import dev.regent.lab.arena.Waiting;
import dev.regent.lab.arena.Writers;
import dev.regent.lab.arena.Written;
import dev.regent.lab.check.Checks;
import dev.regent.lab.check.Evidence;
import dev.regent.lab.check.Evidence.Allowed;
import dev.regent.lab.check.Evidence.Promise;
import dev.regent.lab.check.Glimpse;
import dev.regent.lab.check.Inspector;
import dev.regent.lab.check.Reign;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.load.Write;
import dev.regent.lab.load.Write.Outcome;
import dev.regent.lab.machine.LabException;
import dev.regent.lab.net.Net;
import dev.regent.lab.scenario.Expected.HeldOut;
import dev.regent.lab.scenario.Ground;
import dev.regent.lab.scenario.Scenario;
import dev.regent.lab.scenario.Stage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * One round of one scenario: the load flows, the fault is played, everything comes back, the load
 * ends, and what was seen is judged.
 */
final class Drill {
  private static final int WRITES_BEFORE = 150;
  private static final int WRITES_AFTER = 100;
  private static final Duration SETTLED_WITHIN = Duration.ofSeconds(60);
  private static final Duration TOLD_WITHIN = Duration.ofSeconds(5);
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);
  private static final int TRACE_LINES = 80;
  private static final int LOG_LINES = 30;

  private final Scenario scenario;
  private final Ground ground;
  private final int number;
  private final int turn;
  private final Arena arena;
  private final List<String> complaints = new ArrayList<>();
  private List<Write> answers = List.of();
  private List<String> story = List.of();
  private List<String> events = List.of();

  private Drill(Scenario scenario, Ground ground, int number, int turn) {
    this.scenario = scenario;
    this.ground = ground;
    this.number = number;
    this.turn = turn;
    this.arena = ground.arena();
  }

  /**
   * @param number of the scenario's round, from 1
   * @param turn of the round on this ground, from 1
   */
  static Round play(Scenario scenario, Ground ground, int number, int turn) {
    return new Drill(scenario, ground, number, turn).play();
  }

  private Round play() {
    Optional<Tally> tally = Optional.empty();
    try {
      tally = Optional.of(round());
    } catch (LabException | IOException e) {
      complaints.add("BROKEN OFF: " + e.getMessage());
      release();
    }
    return new Round(
        scenario,
        ground.profile(),
        number,
        tally,
        complaints,
        story,
        events,
        complaints.isEmpty() ? "" : traces());
  }

  /** Nobody stays frozen, whatever a script had in mind when it broke off. */
  private void release() {
    arena.daemon().thaw();
    arena.cluster().net().ifPresent(Net::heal);
    arena.cluster().servers().forEach(LabServer::thaw);
  }

  private Tally round() throws IOException {
    arena.awaitWhole();
    ground.writers().go();
    ground.onlooker().take();
    LabServer old = arena.primary();
    arena.awaitWrites(WRITES_BEFORE);
    Audit.Mark mark = arena.audit().mark();
    Reign first = new Reign(arena.feed().epoch(), old.name());
    Moments clock = Moments.now();
    try (Stage stage = new Stage(ground, number, turn)) {
      try {
        scenario.script().play(stage);
        arena.awaitWrites(WRITES_AFTER);
        settle(stage);
      } finally {
        story = stage.story();
        complaints.addAll(stage.complaints());
      }
      long ended = System.nanoTime();
      List<Write> writes = new ArrayList<>(answers);
      writes.addAll(answers());
      writes.addAll(stage.stubbornWrites());
      List<AuditLine> told = told(mark);
      events = events(told, clock, stage);
      Evidence seen = evidence(first, clock, writes, told, stage);
      complaints.addAll(Checks.complaints(seen));
      expect(seen, stage);
      return tally(seen, stage, ended);
    }
  }

  /** Under load if it can; replicas on a slow disk never catch up with clients that never rest. */
  private void settle(Stage stage) throws IOException {
    if (Waiting.until(SETTLED_WITHIN, LOOK_EVERY, arena::isSettled)) {
      return;
    }
    stage.say("it does not settle under this load (" + arena.diagnoses() + "): the load ends");
    answers = answers();
    if (!Waiting.until(SETTLED_WITHIN, LOOK_EVERY, arena::isSettled)) {
      throw new LabException("the cluster did not settle: " + arena.diagnoses());
    }
  }

  /**
   * The trail is written a moment after it happened: the end of the last plan may be missing. What
   * is returned is the very look that showed the end: the next one may show a plan that just began.
   */
  private List<AuditLine> told(Audit.Mark mark) throws IOException {
    List<AuditLine> told = new ArrayList<>();
    Waiting.until(
        TOLD_WITHIN,
        LOOK_EVERY,
        () -> {
          told.clear();
          told.addAll(arena.audit().since(mark));
          return ended(told);
        });
    return told;
  }

  private static boolean ended(List<AuditLine> told) {
    return told.stream()
        .map(AuditLine::name)
        .filter(n -> n.equals("PlanOpened") || n.equals("PlanClosed"))
        .reduce((first, second) -> second)
        .map(n -> n.equals("PlanClosed"))
        .orElse(true);
  }

  /** With the milliseconds since the first blow. */
  private static List<String> events(List<AuditLine> told, Moments clock, Stage stage) {
    long struck = stage.struck().orElse(clock.nanos());
    double at = clock.millis() + (struck - clock.nanos()) / 1e6;
    return told.stream()
        .map(l -> String.format(Locale.ROOT, "%7.0f %s: %s", l.at() - at, l.name(), l.sentence()))
        .toList();
  }

  private List<Write> answers() throws IOException {
    Writers.News news = ground.writers().pause();
    if (news.busy() > 0) {
      complaints.add("LOAD: " + news.busy() + " clients never got an answer");
    }
    return news.written().writes();
  }

  private Evidence evidence(
      Reign first, Moments clock, List<Write> writes, List<AuditLine> told, Stage stage)
      throws IOException {
    List<Glimpse> glimpses = ground.onlooker().take();
    LabServer primary = arena.primary();
    Inspector inspector = new Inspector(arena.cluster(), primary, arena.heldOut());
    Map<String, String> names = new TreeMap<>();
    arena.cluster().servers().forEach(s -> names.put(s.address(), s.name()));
    ground.ports().forEach(p -> names.put(p.toString(), Evidence.PROXY));
    return new Evidence(
        stage.safe() ? Promise.LOSSLESS : Promise.ACCOUNTED,
        writes,
        Stage.STUBBORN_FIRST - 1,
        names,
        glimpses,
        told,
        first,
        inspector.reigns(),
        primary.name(),
        inspector.standings(),
        new Allowed(
            scenario.expected().twoWritableMax().toMillis(),
            stage.opened(),
            stage.foreign(),
            stage.proxyGone()),
        clock);
  }

  private void expect(Evidence seen, Stage stage) {
    boolean moved = arena.feed().epoch() > stage.epoch();
    boolean tried =
        seen.told().stream()
            .anyMatch(l -> l.is("PlanOpened") && l.sentence().contains("(failover)"));
    switch (scenario.expected().role()) {
      case MOVES -> {
        if (!moved) {
          complaints.add("EXPECTED: the role moves, and it did not");
        }
      }
      case STAYS -> {
        if (moved || tried) {
          complaints.add("EXPECTED: the role stays, and a failover was begun");
        }
      }
      case EITHER -> {}
    }
    HeldOut wanted = scenario.expected().heldOut();
    boolean somebody = seen.standings().stream().anyMatch(s -> s.heldOut().isPresent());
    if ((wanted == HeldOut.NOBODY && somebody) || (wanted == HeldOut.SOMEBODY && !somebody)) {
      complaints.add("EXPECTED: held out is " + wanted + ", and it is otherwise");
    }
  }

  private Tally tally(Evidence seen, Stage stage, long ended) {
    long struck = stage.struck().orElse(seen.clock().nanos());
    Written written = new Written(clients(seen));
    Optional<Written.Gap> gap = written.longestGap(struck, ended);
    OptionalDouble outage =
        gap.map(g -> OptionalDouble.of(g.millis())).orElse(OptionalDouble.empty());
    if (outage.isEmpty()) {
      complaints.add("EXPECTED: writes are acknowledged again, and none was");
    }
    Map<String, Double> phases = new LinkedHashMap<>();
    Turnover change = new Turnover(seen.wall(struck), struck, stage.died(), ended, seen.told());
    gap.flatMap(g -> Phases.of(change, g))
        .ifPresent(p -> p.phases().forEach(s -> phases.merge(s.name(), s.millis(), Double::sum)));
    return new Tally(
        outage,
        phases,
        count(seen, Outcome.OK),
        count(seen, Outcome.FAIL),
        count(seen, Outcome.UNKNOWN),
        Checks.lost(seen).size(),
        Checks.errant(seen),
        Checks.twoWritableMillis(seen),
        stage.forced(),
        (ended - struck) / 1e6,
        Behind.of(seen, struck));
  }

  /** Of the clients that follow the manager's word: who does not has an outage of his own. */
  private static List<Write> clients(Evidence seen) {
    return seen.writes().stream().filter(w -> w.client() < Stage.STUBBORN_FIRST).toList();
  }

  private static int count(Evidence seen, Outcome outcome) {
    return (int) seen.writes().stream().filter(w -> w.outcome() == outcome).count();
  }

  private String traces() {
    StringBuilder text = new StringBuilder();
    text.append("The manager told:\n").append(arena.audit().tail(TRACE_LINES));
    text.append("\nIt said:\n").append(tail(arena.daemon().said()));
    for (LabServer server : arena.cluster().servers()) {
      text.append('\n').append(server.name()).append(" is ").append(server.state().text());
      text.append("; its log ends:\n").append(server.logTail(LOG_LINES));
    }
    return text.append('\n').toString();
  }

  private static String tail(String text) {
    List<String> lines = text.lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
  }
}
