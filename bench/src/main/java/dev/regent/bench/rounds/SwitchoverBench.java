package dev.regent.bench.rounds;

import dev.regent.bench.measure.Bench;
import dev.regent.bench.measure.Calibration;
import dev.regent.bench.measure.Claim;
import dev.regent.bench.measure.Report;
import dev.regent.bench.measure.Series;
import dev.regent.bench.measure.Setting;
import dev.regent.lab.arena.Arena;
import dev.regent.lab.daemon.DaemonOptions;
import dev.regent.lab.measure.Figures;
import dev.regent.lab.measure.Sample;
import dev.regent.server.store.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** How long nobody can write while the role moves as planned. */
public final class SwitchoverBench implements Bench {
  private static final double MEDIAN_MILLIS = 50;
  private static final double P95_MILLIS = 1000;

  @Override
  public String name() {
    return "switchover";
  }

  @Override
  public String summary() {
    return "planned switchover at 300 inserts/s: median write gap <= 50 ms, p95 <= 1 s; then one"
        + " refused and one undone";
  }

  @Override
  public int rounds() {
    return 20;
  }

  @Override
  public Report run(Setting setting) throws IOException, InterruptedException {
    try (Calibration calibration = Calibration.in(Clusters.data());
        Arena arena = Arena.open(Clusters.usual("switchover"), options())) {
      SwitchoverSeries all = new SwitchoverSeries(calibration, setting);
      all.run(arena, true);
      return report(all, calibration, setting.rounds());
    }
  }

  private static DaemonOptions options() {
    return Arena.tireless("safe")
        .with("switchover", "long_transaction = \"1s\"")
        .with("switchover", "catch_up = \"1s\"");
  }

  private Report report(SwitchoverSeries all, Calibration calibration, int rounds) {
    Series figures = Series.bounded("safe", all.gaps, MEDIAN_MILLIS);
    Sample sample = figures.sample();
    List<Claim> claims = new ArrayList<>();
    claims.add(Claim.atMost("median", sample.median(), MEDIAN_MILLIS, "ms"));
    claims.add(Claim.atMostUnlessBusy("p95", sample.percentile(95), P95_MILLIS, "ms", calibration));
    claims.add(
        Claim.of(
            "a new primary took writes in " + all.gaps.size() + " of " + rounds + " rounds",
            all.gaps.size() == rounds));
    claims.add(
        Claim.of(
            all.needless.isEmpty()
                ? "no switchover was refused without need"
                : all.needless.size() + " refused without need: " + all.needless.getLast(),
            all.needless.isEmpty()));
    claims.add(
        Claim.of(
            "lost: " + all.account.lost() + " of " + all.account.acknowledged() + " writes",
            all.account.lost() == 0));
    ObjectNode more = Json.object();
    for (SwitchoverSeries.Outcome one : all.outcomes) {
      claims.add(
          Claim.of(
              one.what()
                  + (one.asExpected() ? "; the old primary wrote on" : "; NOT so")
                  + ", after a gap of "
                  + Figures.number(one.gapMillis())
                  + " ms ("
                  + one.said().lines().reduce((a, b) -> b).orElse("")
                  + ")",
              one.asExpected()));
      more.put(one.what().replaceAll(":.*", "") + "_gap_ms", Figures.rounded(one.gapMillis()));
    }
    more.set("phases", all.breakdown.json());
    more.put("lost", all.account.lost());
    more.set("calibration", calibration.json());
    return new Report(
        name(),
        "ms",
        List.of(figures),
        claims,
        List.of(
            all.breakdown.phases("switchover"),
            all.breakdown.steps("switchover"),
            all.breakdown.story("switchover"),
            calibration.section()),
        more);
  }
}
