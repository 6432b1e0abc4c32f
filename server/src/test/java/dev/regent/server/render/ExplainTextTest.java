package dev.regent.server.render;

import static dev.regent.server.render.Pictures.DB1;
import static dev.regent.server.render.Pictures.DB2;
import static dev.regent.server.render.Pictures.DB3;
import static dev.regent.server.render.Pictures.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.control.Event;
import dev.regent.core.model.Observation;
import dev.regent.core.plan.Decision;
import dev.regent.core.plan.Decision.Reason;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ExplainTextTest {
  private static final Diagnosis DEAD =
      new Diagnosis.PrimaryDead(DB1, Diagnosis.PrimaryDead.Cause.CRASH, List.of(DB2), NOW);

  @Test
  void saysThatNothingIsHeld() {
    assertThat(text(Pictures.healthy()))
        .isEqualTo(
            """
            Nothing is wrong, and nothing is held back.
            ok        db1 is primary (epoch 7) and answers
            loss-free failover: yes

            No plan is remembered.
            """);
  }

  @Test
  void saysWhyItHoldsWhatToDoAndWhatHappenedLast() {
    Pictures pictures =
        Pictures.healthy()
            .missed(DB1, Observation.Kind.REFUSED, Duration.ofSeconds(4))
            .notLossFree("sync member db3 is unreachable")
            .diagnosed(DEAD)
            .decided(
                new Decision.Hold(
                    DEAD,
                    Reason.SYNC_MEMBER_MISSING,
                    "db3 may hold acknowledged transactions and cannot be reached"));
    assertThat(
            text(
                pictures,
                new Event.PlanOpened(at(9000), 11, "switchover", "an earlier plan", false),
                new Event.PlanClosed(at(8000), 11, "switchover", "finished", "db1 is primary"),
                new Event.PlanOpened(at(900), 12, "failover", "db1 is dead", true),
                new Event.Diagnosed(at(899), DEAD),
                new Event.StepsSent(
                    at(890), 12, List.of("stop receiving on db2", "stop receiving on db3")),
                new Event.StepEnded(
                    at(350), 12, DB3, "stop receiving on db3", "failed", "connection refused"),
                new Event.PlanClosed(at(340), 12, "failover", "held", "db3 cannot be reached")))
        .isEqualTo(
            """
            critical  db1 is dead: its port refuses connections, and db2 lost it too
              holds   db3 may hold acknowledged transactions and cannot be reached
              do      bring the named server back, and the failover goes on by itself; or
                      give up the guarantee with regent failover --force, after reading
                      regent failover --force --dry-run
            loss-free failover: no, because sync member db3 is unreachable

            The last plan, from 2026-11-23 11:59:59.100:
              +0 ms     plan 12 begins (failover): db1 is dead
              +10 ms    plan 12: stop receiving on db2; stop receiving on db3
              +550 ms   plan 12: stop receiving on db3: failed (connection refused)
              +560 ms   plan 12 (failover) held: db3 cannot be reached
            """);
  }

  @Test
  void everyReasonToHoldHasAdvice() {
    assertThat(Arrays.stream(Reason.values()).map(r -> ExplainText.advice(r, DEAD)))
        .doesNotHaveDuplicates()
        .noneMatch(String::isBlank);
  }

  private static String text(Pictures pictures, Event... events) {
    List<Told> told = Arrays.stream(events).map(Pictures::told).toList();
    List<String> lines = ExplainText.render(pictures.take(), told, Pictures.page());
    assertThat(lines).allMatch(l -> l.length() <= 80, "fits 80 columns");
    return String.join("\n", lines.stream().map(String::stripTrailing).toList()) + "\n";
  }

  private static long at(long before) {
    return NOW.millis() - before;
  }
}
