package dev.regent.bench.rounds;

import dev.regent.bench.measure.Breakdown;
import dev.regent.bench.measure.Calibration;
import dev.regent.bench.measure.Setting;
import dev.regent.lab.arena.Arena;
import dev.regent.lab.arena.Audit;
import dev.regent.lab.arena.Load;
import dev.regent.lab.arena.Moments;
import dev.regent.lab.arena.Turnover;
import dev.regent.lab.arena.Writers;
import dev.regent.lab.arena.Written;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.daemon.DaemonClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Rounds of planned role changes on one cluster, then some that must not happen. */
final class SwitchoverSeries {
  private static final int WRITES_AFTER = 60;
  private static final int ATTEMPTS_MAX = 5;

  private final Calibration calibration;
  private final Setting setting;
  private final List<Turnover> changes = new ArrayList<>();
  private final List<Refusals.Refused> refused = new ArrayList<>();

  final List<Double> gaps = new ArrayList<>();
  final Breakdown breakdown = new Breakdown();

  /** Why healthy clusters were refused a switchover. */
  final List<String> needless = new ArrayList<>();

  final List<Outcome> outcomes = new ArrayList<>();
  Writers.Account account = new Writers.Account(0, 0, 0, 0, 0);

  /** One that must not happen, and the gap that the clients saw. */
  record Outcome(String what, boolean asExpected, double gapMillis, String said) {}

  SwitchoverSeries(Calibration calibration, Setting setting) {
    this.calibration = calibration;
    this.setting = setting;
  }

  void run(Arena arena, boolean withRefusals) throws IOException, InterruptedException {
    arena.awaitWhole();
    try (Writers writers = Writers.start(arena, Load.USUAL)) {
      arena.awaitWrites(2L * Load.USUAL.ratePerSecond());
      for (int i = 0; i < setting.rounds(); i++) {
        changes.add(round(arena));
      }
      if (withRefusals) {
        Refusals refusals = new Refusals(arena);
        arena.awaitWhole();
        refused.add(refusals.longTransaction());
        arena.awaitWhole();
        refused.add(refusals.candidateStuck());
        arena.awaitWhole();
      }
      account(writers, arena);
    }
  }

  /** One that is refused on a healthy cluster counts as such, and is ordered again. */
  private Turnover round(Arena arena) throws IOException, InterruptedException {
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      arena.awaitWhole();
      Optional<Turnover> change = attempt(arena);
      if (change.isPresent()) {
        return change.get();
      }
    }
    throw arena.failed(ATTEMPTS_MAX + " switchovers were refused: " + needless.getLast());
  }

  private Optional<Turnover> attempt(Arena arena) throws IOException, InterruptedException {
    Audit.Mark mark = arena.audit().mark();
    long epoch = arena.feed().epoch();
    LabServer old = arena.primary();
    calibration.begin();
    Moments began = Moments.now();
    DaemonClient.Answer answer = arena.daemon().client().run("switchover", "");
    if (answer.exit() != 0) {
      needless.add(answer.text().lines().reduce((a, b) -> b).orElse("no reason"));
      setting.say("  refused: %s", needless.getLast());
      return Optional.empty();
    }
    LabServer next = arena.awaitChange(epoch);
    arena.awaitWrites(WRITES_AFTER);
    long ended = System.nanoTime();
    calibration.end();
    setting.say("  switchover from %s to %s", old.name(), next.name());
    return Optional.of(
        new Turnover(
            began.millis(), began.nanos(), OptionalLong.empty(), ended, arena.audit().since(mark)));
  }

  private void account(Writers writers, Arena arena) throws IOException {
    Written written = writers.stop();
    for (Turnover change : changes) {
      Optional<Written.Gap> gap = written.longestGap(change.beganNanos(), change.endedNanos());
      if (gap.isPresent()) {
        gaps.add(gap.get().millis());
        breakdown.add(change, gap.get());
      }
    }
    for (Refusals.Refused one : refused) {
      double gap =
          written
              .longestGap(one.beganNanos(), one.endedNanos())
              .map(Written.Gap::millis)
              .orElse(-1.0);
      outcomes.add(new Outcome(one.what(), one.asExpected(), gap, one.said()));
    }
    account = writers.check(arena.primary());
  }
}
