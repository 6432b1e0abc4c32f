package dev.regent.bench.proxied;

import dev.regent.bench.measure.Bench;
import dev.regent.bench.measure.Breakdown;
import dev.regent.bench.measure.Calibration;
import dev.regent.bench.measure.Claim;
import dev.regent.bench.measure.ProcessMeter;
import dev.regent.bench.measure.Report;
import dev.regent.bench.measure.Series;
import dev.regent.bench.measure.Setting;
import dev.regent.bench.proxied.MixedClient.End;
import dev.regent.bench.proxied.MixedClient.Piece;
import dev.regent.bench.proxied.Pauses.Call;
import dev.regent.bench.proxied.Pauses.Span;
import dev.regent.lab.arena.Arena;
import dev.regent.lab.arena.Audit;
import dev.regent.lab.arena.Moments;
import dev.regent.lab.arena.Sentry;
import dev.regent.lab.arena.Turnover;
import dev.regent.lab.arena.Written;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.daemon.DaemonClient;
import dev.regent.lab.machine.Ports;
import dev.regent.server.store.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.node.ObjectNode;

/** What clients of the listener notice of switchovers and of a primary that is killed. */
public final class ContinuityBench implements Bench {
  private static final int CLIENTS = 32;
  private static final double SWITCHOVER_MILLIS = 100;
  private static final double KILL_MILLIS = 250;

  /** Writes that prove that clients are at work. */
  private static final int AT_WORK = 500;

  /** So many before each role change. */
  private static final int WARM = 2000;

  /** The old primary drops what nobody acknowledged, so that it can follow again. */
  private static final String TRUNCATE = "--init-rpl-role=SLAVE";

  private static final int ATTEMPTS_MAX = 5;

  private static final long WARM_UP_ROW = 500_000_000;
  private static final int WARM_UPS_MAX = 8;
  private static final int COMERS = 100;

  /** Of one core. */
  private static final double COMPILING_MAX = 0.05;

  @Override
  public String name() {
    return "continuity";
  }

  @Override
  public String summary() {
    return "32 clients through the proxy: switchovers without an error, median pause <= 100 ms;"
        + " kill -9 of the primary, median <= 250 ms, nothing lost";
  }

  @Override
  public int rounds() {
    return 20;
  }

  /** One kind of role change, round after round. */
  private static final class Rounds {
    private final long firstRow;
    private final List<Turnover> changes = new ArrayList<>();
    private final Breakdown breakdown = new Breakdown();
    private final List<Double> pauses = new ArrayList<>();
    private final List<Double> standstills = new ArrayList<>();

    /** The longest calls of all, and those in as much time just before each change. */
    private final List<Double> longest = new ArrayList<>();

    private final List<Double> before = new ArrayList<>();
    private List<Piece> pieces = List.of();
    private long lost;

    Rounds(long firstRow) {
      this.firstRow = firstRow;
    }

    void measure(Pauses all, Setting setting) {
      for (Turnover change : changes) {
        Span window = new Span(change.beganNanos(), change.endedNanos());
        Span standstill = all.standstill(window).orElse(window);
        Optional<Call> kept = all.keptWaiting(standstill);
        standstills.add(standstill.millis());
        breakdown.add(change, new Written.Gap(standstill.began(), standstill.ended()));
        pauses.add(kept.map(Call::millis).orElse(0.0));
        longest.add(all.longest(window));
        before.add(all.longest(window.before()));
        kept.ifPresent(call ->
            setting.say(
                "  no write for %.0f ms, longest pause %.0f ms: %s, begun %.0f ms before its end",
                standstill.millis(),
                call.millis(),
                call.what(),
                (standstill.ended() - call.began()) / 1e6));
      }
    }
  }

  @Override
  public Report run(Setting setting) throws IOException, InterruptedException {
    Rounds switchovers = new Rounds(1_000_000_000);
    Rounds kills = new Rounds(2_000_000_000);
    LabOptions lab = LabOptions.of(3).withName("bench-continuity").withParallelThreads(4);
    Path data =
        Path.of(System.getProperty("regent.lab.data", System.getProperty("java.io.tmpdir")));
    try (Calibration calibration = Calibration.in(data)) {
      int[] port = new int[1];
      try (Arena arena =
          Arena.open(
              lab,
              cluster -> {
                port[0] = Ports.reserve(cluster.folder());
                return Arena.tireless("safe").asLaunched().with("[listener]", "port = " + port[0]);
              })) {
        warmUp(arena, port[0], setting);
        calibration.begin();
        play(arena, port[0], switchovers, clients -> switchOver(arena, clients, setting), setting);
        play(arena, port[0], kills, clients -> kill(arena, clients, setting), setting);
        calibration.end();
        return report(switchovers, kills, Suspicions.of(arena), calibration);
      }
    }
  }

  /**
   * A daemon lives for months, and its clients come and go: what they make it do is compiled before
   * the first role change. What only a role change makes it do is not.
   */
  private static void warmUp(Arena arena, int port, Setting setting)
      throws IOException, InterruptedException {
    arena.awaitWhole();
    IdleSessions comers = new IdleSessions(port, arena.primary().accounts().app());
    try (MixedClients clients =
        MixedClients.start(CLIENTS, port, arena.primary().accounts().app(), WARM_UP_ROW)) {
      for (int i = 0; i < WARM_UPS_MAX; i++) {
        ProcessMeter daemon = ProcessMeter.of(arena.daemon().pid());
        long began = System.nanoTime();
        for (int comer = 0; comer < COMERS; comer++) {
          comers.pass();
        }
        double compiling = daemon.compilingSeconds() * 1e9 / (System.nanoTime() - began);
        setting.say(
            "  %d clients came and went: %.0f %% of a core compiles", COMERS, 100 * compiling);
        if (compiling <= COMPILING_MAX) {
          break;
        }
      }
      clients.stop();
    } catch (SQLException e) {
      throw new IOException("a client was not served: " + e.getMessage(), e);
    }
  }

  private interface Change {
    Turnover play(MixedClients clients) throws IOException, InterruptedException;
  }

  private static void play(Arena arena, int port, Rounds all, Change change, Setting setting)
      throws IOException, InterruptedException {
    arena.awaitWhole();
    try (MixedClients clients =
        MixedClients.start(CLIENTS, port, arena.primary().accounts().app(), all.firstRow)) {
      for (int i = 0; i < setting.rounds(); i++) {
        all.changes.add(change.play(clients));
      }
      all.pieces = clients.stop();
      all.measure(clients.pauses(), setting);
    }
    all.lost = MixedClients.lost(all.pieces, arena.primary(), all.firstRow);
  }

  /**
   * 32 clients without a pause write more than two replicas beside them can execute: each round
   * begins with replicas that have everything, and with a second or so of work.
   */
  private static void workOnAWholeCluster(Arena arena, MixedClients clients)
      throws IOException, InterruptedException {
    clients.rest();
    arena.awaitWhole();
    clients.goOn();
    arena.awaitWrites(WARM);
  }

  private static Turnover switchOver(Arena arena, MixedClients clients, Setting setting)
      throws IOException, InterruptedException {
    String said = "";
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      workOnAWholeCluster(arena, clients);
      long epoch = arena.feed().epoch();
      Audit.Mark mark = arena.audit().mark();
      Moments began = Moments.now();
      DaemonClient.Answer answer = arena.daemon().client().run("switchover", "");
      if (answer.exit() == 0) {
        LabServer next = arena.awaitChange(epoch);
        arena.awaitWrites(AT_WORK);
        setting.say("  switchover to %s", next.name());
        long ended = System.nanoTime();
        return new Turnover(
            began.millis(), began.nanos(), OptionalLong.empty(), ended, arena.audit().since(mark));
      }
      said = answer.text();
      setting.say("  refused: %s", said);
    }
    throw arena.failed(ATTEMPTS_MAX + " switchovers were refused: " + said);
  }

  private static Turnover kill(Arena arena, MixedClients clients, Setting setting)
      throws IOException, InterruptedException {
    workOnAWholeCluster(arena, clients);
    Audit.Mark mark = arena.audit().mark();
    long epoch = arena.feed().epoch();
    LabServer victim = arena.primary();
    try (Sentry sentry = Sentry.before(victim)) {
      Moments began = Moments.at(victim.kill());
      LabServer next = arena.awaitChange(epoch);
      arena.awaitWrites(AT_WORK);
      long ended = System.nanoTime();
      setting.say("  killed %s, now %s", victim.name(), next.name());
      victim.awaitGone();
      arena.awaitWrites(AT_WORK);
      clients.rest();
      if (!arena.bringBack(victim, TRUNCATE)) {
        throw arena.failed(victim.name() + " stays out");
      }
      return new Turnover(
          began.millis(), began.nanos(), sentry.ended(), ended, arena.audit().since(mark));
    }
  }

  // --- what came of it

  private Report report(
      Rounds switchovers, Rounds kills, Suspicions suspicions, Calibration calibration) {
    Series planned = Series.bounded("switchover", switchovers.pauses, SWITCHOVER_MILLIS);
    Series killed = Series.bounded("kill -9", kills.pauses, KILL_MILLIS);
    long errors = switchovers.pieces.size() - MixedClients.count(switchovers.pieces, End.DONE);
    long failed = MixedClients.count(kills.pieces, End.FAILED);
    List<Claim> claims = new ArrayList<>();
    claims.add(
        Claim.of(
            errors + " errors in " + switchovers.pieces.size() + " pieces of work over switchovers",
            errors == 0));
    claims.add(
        Claim.atMostUnlessBusy(
            "median of the longest pauses, switchover",
            planned.sample().median(),
            SWITCHOVER_MILLIS,
            "ms",
            calibration));
    claims.add(
        Claim.of(
            failed
                + " errors of "
                + kills.pieces.size()
                + " pieces of work over kills, besides "
                + MixedClients.count(kills.pieces, End.ROLLED_BACK)
                + " transactions told to be rolled back and "
                + MixedClients.count(kills.pieces, End.UNKNOWN)
                + " of unknown outcome",
            failed == 0));
    claims.add(
        Claim.atMostUnlessBusy(
            "median of the longest pauses, kill -9",
            killed.sample().median(),
            KILL_MILLIS,
            "ms",
            calibration));
    long lost = switchovers.lost + kills.lost;
    claims.add(Claim.of("lost: " + lost + " acknowledged rows", lost == 0));
    claims.add(suspicions.claim());
    ObjectNode more = Json.object();
    more.put("errors_switchover", errors);
    more.put("errors_kill", failed);
    more.put("rolled_back_kill", MixedClients.count(kills.pieces, End.ROLLED_BACK));
    more.put("unknown_kill", MixedClients.count(kills.pieces, End.UNKNOWN));
    more.put("lost", lost);
    more.set("calibration", calibration.json());
    return new Report(
        name(),
        "ms",
        List.of(
            planned,
            Series.of("switchover: no write", switchovers.standstills),
            Series.of("switchover: longest call", switchovers.longest),
            Series.of("before it: longest call", switchovers.before),
            killed,
            Series.of("kill -9: no write", kills.standstills),
            Series.of("kill -9: longest call", kills.longest),
            Series.of("before it (kill): longest call", kills.before)),
        claims,
        List.of(
            switchovers.breakdown.phases("switchover"),
            switchovers.breakdown.steps("switchover"),
            kills.breakdown.phases("kill -9"),
            section("Errors over switchovers", switchovers),
            section("Errors over kills", kills),
            calibration.section()),
        more);
  }

  private static Report.Section section(String title, Rounds rounds) {
    Map<String, Integer> errors = MixedClients.errors(rounds.pieces);
    return new Report.Section(
        title,
        List.of("client and error", "times"),
        errors.entrySet().stream().map(e -> List.of(e.getKey(), "" + e.getValue())).toList());
  }
}
