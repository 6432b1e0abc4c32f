package dev.regent.bench.proxied;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.bench.measure.Verdict;
import dev.regent.proxy.seen.Counters;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SuspicionsTest {
  private static Suspicions heardAfter(double... millis) {
    Counters counters = new Counters();
    for (double ms : millis) {
      counters.suspected(Duration.ofNanos((long) (ms * 1e6)));
    }
    // As the daemon prints them.
    List<String> lines =
        counters.read().stream()
            .map(r -> r.name() + (r.label().isEmpty() ? "" : label(r)) + " " + r.value())
            .toList();
    return Suspicions.of(lines);
  }

  private static String label(Counters.Reading reading) {
    return "{" + reading.label() + "=\"" + reading.of() + "\"}";
  }

  @Test
  void halfOfThemInTimeIsEnough() {
    Suspicions two = heardAfter(1, 7.5);
    assertThat(two).isEqualTo(new Suspicions(1, 2, 7.5));
    assertThat(two.claim().verdict()).isEqualTo(Verdict.HELD);
  }

  @Test
  void lessThanHalfIsNot() {
    assertThat(heardAfter(0.2, 1.1, 3).claim().verdict()).isEqualTo(Verdict.MISSED);
  }

  @Test
  void noneAtAllShowNothing() {
    assertThat(heardAfter().claim().verdict()).isEqualTo(Verdict.MISSED);
  }
}
