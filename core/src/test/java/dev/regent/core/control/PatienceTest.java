package dev.regent.core.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.model.Moment;
import dev.regent.core.model.ServerId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A remedy that does not help leaves room for others, however long each try lasts. */
class PatienceTest {
  private static final Diagnosis OPEN = new Diagnosis.ReplicaWritable(new ServerId("db2"));
  private static final Duration TRY = Duration.ofSeconds(9);
  private static final Duration MOMENT = Duration.ofMillis(1);

  private final Patience patience = new Patience();
  private Moment now = new Moment(0, 0);

  @Test
  void slowRemedyWaitsFromItsEndAndLongerEachTime() {
    for (int seconds : new int[] {1, 2, 4, 8, 16, 32, 60, 60}) {
      tryInVain();
      assertThat(allowedAfter(Duration.ZERO)).isFalse();
      assertThat(allowedAfter(Duration.ofSeconds(seconds).minus(MOMENT))).isFalse();
      assertThat(allowedAfter(Duration.ofSeconds(seconds))).isTrue();
      now = now.plus(Duration.ofSeconds(seconds));
    }
  }

  @Test
  void remedyThatWasNotNeededForLongBeginsAnew() {
    tryInVain();
    now = now.plus(Duration.ofSeconds(10));
    tryInVain();
    assertThat(allowedAfter(Duration.ofSeconds(1))).isTrue();
  }

  private void tryInVain() {
    assertThat(allowedAfter(Duration.ZERO)).isTrue();
    patience.tried(OPEN, now);
    now = now.plus(TRY);
    patience.inVain(OPEN, now);
  }

  private boolean allowedAfter(Duration wait) {
    return patience.allows(OPEN, now.plus(wait));
  }
}
