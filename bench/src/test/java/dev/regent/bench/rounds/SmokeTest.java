package dev.regent.bench.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.bench.measure.Calibration;
import dev.regent.bench.measure.Setting;
import dev.regent.lab.arena.Arena;
import java.io.PrintStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One round of what the benchmarks repeat. That it works, not how fast. */
@Tag("real")
class SmokeTest {
  private static final Setting ONE =
      new Setting(1, new PrintStream(PrintStream.nullOutputStream()));

  @Test
  void failsOverUnderLoadWithoutLoss(@TempDir Path folder) throws Exception {
    try (Calibration calibration = Calibration.in(folder)) {
      FailoverSeries series = new FailoverSeries("safe", calibration, ONE);

      series.run();

      assertThat(series.gaps).hasSize(1);
      assertThat(series.acknowledged).isPositive();
      assertThat(series.lost).isZero();
      assertThat(series.breakdown.json().propertyNames()).contains("revoke", "reign", "clients");
    }
  }

  @Test
  void switchesOverUnderLoadWithoutLoss(@TempDir Path folder) throws Exception {
    try (Calibration calibration = Calibration.in(folder);
        Arena arena = Arena.open(Clusters.usual("smoke"), Arena.tireless("safe"))) {
      SwitchoverSeries series = new SwitchoverSeries(calibration, ONE);

      series.run(arena, false);

      assertThat(series.gaps).hasSize(1);
      assertThat(series.account.acknowledged()).isPositive();
      assertThat(series.account.lost()).isZero();
      assertThat(series.breakdown.json().propertyNames()).contains("freeze", "reign", "clients");
    }
  }
}
