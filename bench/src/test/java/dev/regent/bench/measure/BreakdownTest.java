package dev.regent.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.analyze.Loss;
import dev.regent.core.control.Event;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Note;
import dev.regent.lab.arena.Audit;
import dev.regent.lab.arena.AuditLine;
import dev.regent.lab.arena.Turnover;
import dev.regent.lab.arena.Written;
import dev.regent.server.store.AuditTrail;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BreakdownTest {
  private static final ServerId OLD = new ServerId("server1");
  private static final ServerId NEXT = new ServerId("server2");
  private static final long MS = 1_000_000;

  private static List<AuditLine> told(Event... events) {
    return Stream.of(events)
        .map(e -> AuditLine.parse(AuditTrail.line("shop", e)))
        .flatMap(Optional::stream)
        .toList();
  }

  @Test
  void dividesAFailoverWithoutAHole() {
    List<AuditLine> lines =
        told(
            new Event.Contact(1_010, OLD, false, "refused"),
            new Event.PlanOpened(1_025, 7, "failover", "server1 is dead", true),
            new Event.StepsSent(1_025, 7, List.of("stop receiving on server2 and read")),
            new Event.StepEnded(1_030, 7, NEXT, "stop receiving on server2", "done", ""),
            new Event.StepsSent(1_030, 7, List.of("write the reign row of epoch 2 on server2")),
            new Event.Noted(1_050, 7, new Note.Opened(2, NEXT), "server2 is open"),
            new Event.StepsSent(1_050, 7, List.of("let server3 follow server2")),
            new Event.StepEnded(
                1_090, 7, new ServerId("server3"), "let server3 follow", "done", ""));
    Breakdown breakdown = new Breakdown();

    breakdown.add(
        new Turnover(1_000, 5_000 * MS, OptionalLong.of(5_004 * MS), 6_000 * MS, lines),
        new Written.Gap(4_998 * MS, 5_060 * MS));

    assertThat(breakdown.json().toString())
        .isEqualTo(
            "{\"before\":2.0,\"die\":4.0,\"notice\":6.0,\"confirm\":15.0,\"revoke\":5.0,\"reign\":20.0,"
                + "\"clients\":10.0}");
    assertThat(breakdown.steps("here").rows())
        .containsExactly(
            List.of("let * follow", "1", "40", "40", "40"),
            List.of("stop receiving on *", "1", "5", "5", "5"));
  }

  @Test
  void readsTheExactAccountOfAReturn() {
    Loss stated = new Loss(Loss.Proof.LOWER_BOUND, 9, OptionalLong.empty(), GtidPosition.EMPTY);
    Loss exact = new Loss(Loss.Proof.EXACT, 3, OptionalLong.empty(), GtidPosition.EMPTY);

    assertThat(
            Audit.exactLoss(told(new Event.Noted(1, 7, new Note.LossStated(stated), "at least 9"))))
        .isEmpty();
    assertThat(
            Audit.exactLoss(
                told(
                    new Event.Noted(1, 7, new Note.LossStated(stated), "at least 9"),
                    new Event.Noted(2, 8, new Note.LossStated(exact), "exactly 3"))))
        .hasValue(3);
  }
}
