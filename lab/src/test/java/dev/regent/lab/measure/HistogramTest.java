package dev.regent.lab.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HistogramTest {
  @Test
  void countsEachFigureOnceAndShowsTheRangesBetween() {
    assertThat(Histogram.of(List.of(99.9, 100.0, 150.0, 600.0)).rows())
        .containsExactly(
            List.of("50 to 100 ms", "1", "#".repeat(20)),
            List.of("100 to 200 ms", "2", "#".repeat(40)),
            List.of("200 to 500 ms", "0", ""),
            List.of("500 to 1000 ms", "1", "#".repeat(20)));
  }

  @Test
  void knowsNoUpperEnd() {
    assertThat(Histogram.of(List.of(60_000.0, 3.0)).rows())
        .hasSize(12)
        .endsWith(List.of("from 20000 ms", "1", "#".repeat(40)));
    assertThat(Histogram.of(List.of()).rows()).isEmpty();
  }
}
