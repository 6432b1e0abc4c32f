package dev.regent.bench.rounds;

import dev.regent.bench.measure.Breakdown;
import dev.regent.bench.measure.Calibration;
import dev.regent.bench.measure.Setting;
import dev.regent.lab.arena.Arena;
import dev.regent.lab.arena.Audit;
import dev.regent.lab.arena.Load;
import dev.regent.lab.arena.Moments;
import dev.regent.lab.arena.Sentry;
import dev.regent.lab.arena.Turnover;
import dev.regent.lab.arena.Writers;
import dev.regent.lab.arena.Written;
import dev.regent.lab.cluster.LabServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rounds of {@code kill -9} in one durability profile. */
final class FailoverSeries {
  /** Writes that prove that the clients are back; a fifth of a second of the usual load. */
  private static final int WRITES_AFTER = 60;

  /** The old primary drops what nobody acknowledged, so that it can follow again. */
  private static final String TRUNCATE = "--init-rpl-role=SLAVE";

  private final String profile;
  private final Calibration calibration;
  private final Setting setting;

  final List<Double> gaps = new ArrayList<>();

  /** Of these, the first of each daemon: no failover has run through its code before. */
  final List<Double> firstGaps = new ArrayList<>();

  final Breakdown breakdown = new Breakdown();
  int acknowledged;
  int lost;
  int clusters;

  /** Rounds after which the old primary had to stay out. */
  int quarantined;

  FailoverSeries(String profile, Calibration calibration, Setting setting) {
    this.profile = profile;
    this.calibration = calibration;
    this.setting = setting;
  }

  void run() throws IOException, InterruptedException {
    int done = 0;
    while (done < setting.rounds()) {
      clusters++;
      try (Arena arena = Arena.open(Clusters.usual(profile), Arena.tireless(profile))) {
        done += onOneCluster(arena, setting.rounds() - done);
      }
    }
  }

  private int onOneCluster(Arena arena, int most) throws IOException, InterruptedException {
    arena.awaitWhole();
    try (Writers writers = Writers.start(arena, Load.USUAL)) {
      arena.awaitWrites(2L * Load.USUAL.ratePerSecond());
      List<Turnover> changes = new ArrayList<>();
      boolean whole = true;
      while (whole && changes.size() < most) {
        LabServer victim = arena.primary();
        changes.add(round(arena, victim));
        if (changes.size() < most) {
          whole = bringBack(arena, victim);
        }
      }
      account(writers, arena, changes);
      return changes.size();
    }
  }

  private Turnover round(Arena arena, LabServer victim) throws IOException, InterruptedException {
    Audit.Mark mark = arena.audit().mark();
    long epoch = arena.feed().epoch();
    calibration.begin();
    try (Sentry sentry = Sentry.before(victim)) {
      Moments began = Moments.at(victim.kill());
      LabServer next = arena.awaitChange(epoch);
      arena.awaitWrites(WRITES_AFTER);
      long ended = System.nanoTime();
      calibration.end();
      setting.say("  %s: killed %s, now %s", profile, victim.name(), next.name());
      return new Turnover(
          began.millis(), began.nanos(), sentry.ended(), ended, arena.audit().since(mark));
    }
  }

  private boolean bringBack(Arena arena, LabServer victim) throws IOException {
    victim.awaitGone();
    boolean whole = arena.bringBack(victim, TRUNCATE);
    if (!whole) {
      quarantined++;
      setting.say("  %s: %s stays out, a new cluster is made", profile, victim.name());
    }
    return whole;
  }

  private void account(Writers writers, Arena arena, List<Turnover> changes) throws IOException {
    Written written = writers.stop();
    boolean first = true;
    for (Turnover change : changes) {
      Optional<Written.Gap> gap = written.longestGap(change.beganNanos(), change.endedNanos());
      if (gap.isPresent()) {
        gaps.add(gap.get().millis());
        if (first) {
          firstGaps.add(gap.get().millis());
        }
        breakdown.add(change, gap.get());
      }
      first = false;
    }
    Writers.Account account = writers.check(arena.primary());
    acknowledged += account.acknowledged();
    lost += account.lost();
  }
}
