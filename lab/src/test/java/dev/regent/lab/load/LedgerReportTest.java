package dev.regent.lab.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.lab.load.Write.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LedgerReportTest {
  private static final LedgerReport REPORT =
      new LedgerReport(
          1,
          1,
          List.of(
              write(1, 0, 10, Outcome.OK),
              write(2, 50, 60, Outcome.OK),
              write(3, 61, 70, Outcome.UNKNOWN),
              write(4, 71, 72, Outcome.FAIL),
              write(5, 73, 90, Outcome.OK),
              write(6, 91, 95, Outcome.OK)));

  @Test
  void gapLiesBetweenTwoAcknowledgements() {
    LedgerReport.Gap gap = REPORT.longestGapAfter(60).orElseThrow();
    assertThat(gap.lastBefore().id()).isEqualTo(2);
    assertThat(gap.firstAfter().id()).isEqualTo(5);
    assertThat(gap.length()).isEqualTo(Duration.ofNanos(30));
    assertThat(REPORT.longestGap().orElseThrow().length()).isEqualTo(Duration.ofNanos(50));
  }

  @Test
  void withoutALaterAcknowledgementThereIsNoGapYet() {
    assertThat(REPORT.longestGapAfter(95)).isEmpty();
    assertThat(new LedgerReport(1, 1, List.of()).longestGap()).isEmpty();
  }

  @Test
  void verdictTellsLostFromUnknown() {
    LedgerReport.Verdict verdict = REPORT.against(Set.of(1L, 3L, 4L, 5L));
    assertThat(verdict.acknowledged()).isEqualTo(4);
    assertThat(verdict.lost()).extracting(Write::id).containsExactly(2L, 6L);
    assertThat(verdict.unknownPresent()).extracting(Write::id).containsExactly(3L);
    assertThat(verdict.unknownAbsent()).isEmpty();
    assertThat(verdict.failedPresent()).extracting(Write::id).containsExactly(4L);
  }

  @Test
  void slowestIsTheLongestWaitForOneOk() {
    assertThat(REPORT.slowestAcknowledged()).isEqualTo(Duration.ofNanos(17));
  }

  private static Write write(long id, long started, long ended, Outcome outcome) {
    return new Write(id, 1, (int) id, started, ended, outcome, "a:1", "");
  }
}
