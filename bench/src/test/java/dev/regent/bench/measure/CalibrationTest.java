package dev.regent.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationTest {
  @Test
  void measuresEveryRoundAndLeavesNothing(@TempDir Path folder) throws Exception {
    try (Calibration calibration = Calibration.in(folder)) {
      for (int round = 0; round < 2; round++) {
        calibration.begin();
        calibration.end();
      }

      assertThat(calibration.json().path("sync_ms_median").asDouble()).isPositive();
      assertThat(calibration.section().rows()).hasSize(2);
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void callsTheMachineBusyByItsWorstStalls() throws Exception {
    Stalls stalls = new Stalls("late");
    for (int round = 0; round < 20; round++) {
      stalls.begin();
      stalls.note(round < 2 ? 300 : 1);
      stalls.end(1);
    }

    assertThat(stalls.worst().percentile(95)).isEqualTo(300);
    assertThat(stalls.worst().median()).isEqualTo(1);
  }
}
