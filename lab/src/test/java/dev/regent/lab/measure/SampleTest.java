package dev.regent.lab.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SampleTest {
  @Test
  void takesThePercentileByNearestRank() {
    Sample sample = new Sample(IntStream.rangeClosed(1, 20).mapToObj(i -> (double) i).toList());

    assertThat(sample.median()).isEqualTo(10.5);
    assertThat(sample.percentile(95)).isEqualTo(19);
    assertThat(sample.percentile(99)).isEqualTo(20);
    assertThat(sample.max()).isEqualTo(20);
    assertThat(sample.min()).isEqualTo(1);
  }

  @Test
  void doesNotMindTheOrder() {
    assertThat(new Sample(List.of(9.0, 1.0, 5.0)).median()).isEqualTo(5);
  }

  @Test
  void knowsNothingOfNothing() {
    assertThat(new Sample(List.of()).median()).isNaN();
  }
}
