package dev.regent.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.bench.measure.Claim;
import dev.regent.bench.measure.Verdict;
import dev.regent.bench.peer.Contender.Run;
import dev.regent.bench.peer.Sysbench.Work;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoundsTest {
  private static final List<String> RIVALS = List.of("one", "two");

  @Test
  void comparesWithTheFasterRival() {
    Point point = new Point(Work.POINT_SELECT, 8);
    point.add("ours", new Run(1_120, 2.0, 27, 0));
    point.add("one", new Run(1_000, 2.0, 30, 0));
    point.add("two", new Run(900, 1.0, 20, 0));

    assertThat(Bounds.claims(List.of(point), "ours", RIVALS, true))
        .hasSize(4)
        .allMatch(claim -> claim.verdict() == Verdict.HELD);
  }

  @Test
  void wantsMoreOfUring() {
    Point point = new Point(Work.POINT_SELECT, 32);
    point.add("ours", new Run(1_000, 2.1, 28, 1));
    point.add("one", new Run(1_000, 2.0, 30, 0));

    assertThat(verdicts(point, true))
        .containsExactly(Verdict.MISSED, Verdict.MISSED, Verdict.MISSED, Verdict.MISSED);
    assertThat(verdicts(point, false))
        .containsExactly(Verdict.HELD, Verdict.MISSED, Verdict.MISSED, Verdict.MISSED);
  }

  @Test
  void takesRatiosOfTheSameRound() {
    Point point = new Point(Work.READ_ONLY, 1);
    point.add("ours", new Run(500, 1, 10, 0));
    point.add("one", new Run(500, 1, 10, 0));
    point.add("ours", new Run(2_000, 1, 10, 0));
    point.add("one", new Run(1_000, 1, 10, 0));

    assertThat(point.ratios("ours", "one", Run::perSecond)).containsExactly(1.0, 2.0);
  }

  @Test
  void leavesOpenWhatHasNoRival() {
    Point point = new Point(Work.READ_WRITE, 8);
    point.add("ours", new Run(1_000, 2.1, 28, 0));

    assertThat(verdicts(point, true)).containsExactly(Verdict.INCONCLUSIVE, Verdict.HELD);
  }

  private static List<Verdict> verdicts(Point point, boolean uring) {
    return Bounds.claims(List.of(point), "ours", RIVALS, uring).stream()
        .map(Claim::verdict)
        .toList();
  }
}
