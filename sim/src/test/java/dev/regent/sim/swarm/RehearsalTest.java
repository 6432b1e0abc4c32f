package dev.regent.sim.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.control.Effect;
import dev.regent.core.control.Event;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RehearsalTest {
  @Test
  void playsOrderedAndForcedChangesByTurns() {
    List<Effect> effects = new ArrayList<>();
    assertThat(Rehearsal.play(10, () -> false, effects::add)).isEqualTo(10);
    List<String> moved =
        effects.stream()
            .filter(Effect.Tell.class::isInstance)
            .map(e -> ((Effect.Tell) e).event())
            .filter(Event.PlanClosed.class::isInstance)
            .map(e -> e.sentence().replaceFirst("plan \\d+ ", ""))
            .filter(s -> s.contains("is primary of epoch"))
            .toList();
    // More than one world: the last ones come from the second.
    assertThat(moved).hasSize(10);
    assertThat(moved.subList(0, 4))
        .satisfiesExactly(
            first -> assertThat(first).startsWith("(switchover) finished"),
            second -> assertThat(second).startsWith("(failover) finished"),
            third -> assertThat(third).startsWith("(switchover) finished"),
            fourth -> assertThat(fourth).startsWith("(failover) finished"));
  }

  @Test
  void endsWhenThatIsEnough() {
    List<Effect> effects = new ArrayList<>();
    assertThat(Rehearsal.play(10, () -> !effects.isEmpty(), effects::add)).isZero();
  }
}
