package dev.regent.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.analyze.Loss;
import dev.regent.core.analyze.Loss.Proof;
import dev.regent.core.model.GtidState;
import org.junit.jupiter.api.Test;

/** What is told of a former primary that is back. */
class FindingsTest {
  private static Loss loss(String log, String primary, boolean shared) {
    GtidState mine = GtidState.parse(log);
    Note note = Findings.returnedLoss(mine, mine.beyond(GtidState.parse(primary)), shared);
    return ((Note.LossStated) note).loss();
  }

  @Test
  void whatOnlyItHasIsCounted() {
    Loss loss = loss("0-2-170,0-3-178", "0-1-180,0-2-170,0-3-176", false);
    assertThat(loss.proven()).isEqualTo(Proof.EXACT);
    assertThat(loss.sentence()).isEqualTo("exactly 2 transactions were only on the old primary");
    assertThat(loss("0-3-176", "0-1-180,0-3-176", false).sentence()).startsWith("exactly 0 ");
  }

  @Test
  void nothingIsExactWithATwin() {
    Loss loss = loss("0-3-178", "0-3-176", true);
    assertThat(loss.proven()).isEqualTo(Proof.SHARED_ID);
    assertThat(loss.sentence()).startsWith("at least 2 ").contains("another server has its");
  }

  /**
   * Seed 2154 of the simulator: one stray write, then a relay log applied without GTID mode. All
   * 192 numbers since its last known one were told as lost.
   */
  @Test
  void numbersOutOfTurnAreNotCounted() {
    Loss loss = loss("0-2-374,0-3-368", "0-2-374,0-3-176", false);
    assertThat(loss.proven()).isEqualTo(Proof.OUT_OF_TURN);
    assertThat(loss.sentence()).startsWith("at least 1 ").contains("goes on behind them");
  }
}
