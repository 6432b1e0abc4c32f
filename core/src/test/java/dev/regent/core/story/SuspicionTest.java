package dev.regent.core.story;

import static dev.regent.core.toy.World.DB1;
import static dev.regent.core.toy.World.DB2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.control.Controller;
import dev.regent.core.control.Effect;
import dev.regent.core.control.Input;
import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.Moment;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.toy.Specs;
import dev.regent.core.toy.World;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients lose their connections to a server: that hastens a look, and is no diagnosis. */
class SuspicionTest {
  @ParameterizedTest
  @EnumSource(Profile.class)
  void nothingComesOfItWhileTheServerAnswers(Profile profile) {
    World world = World.of(profile);
    int steps = world.manager().executed().size();
    int told = world.manager().trail().size();
    for (int i = 0; i < 2000; i++) {
      world.manager().suspect(DB1);
      world.manager().suspect(DB2);
      world.run(Duration.ofMillis(1));
    }
    assertThat(world.primary()).isEqualTo(DB1);
    assertThat(world.manager().executed()).hasSize(steps);
    assertThat(world.manager().trail()).hasSize(told);
    assertThat(world.diagnoses()).allMatch(d -> d.severity().name().equals("OK"));
  }

  @Test
  void silentPrimaryIsGivenAsMuchTimeAsWithoutIt() {
    World world = World.of(Profile.AVAILABLE).severalWriters();
    world.cluster().freeze(DB1);
    for (int i = 0; i < 2500; i++) {
      world.manager().suspect(DB1);
      world.run(Duration.ofMillis(1));
    }
    assertThat(world.server(DB2).writable()).as("before detect.silence (3 s) is over").isFalse();
    world.until("a new primary", Duration.ofSeconds(3), () -> world.server(DB2).writable());
  }

  @Test
  void itIsALookAndNothingElse() {
    Controller controller =
        new Controller(Specs.of(Profile.SAFE, 3), ClusterRecord.blank(), new Moment(0, 0));
    controller.start();
    controller.step(new Input.Tick(new Moment(0, 0)));
    assertThat(controller.step(new Input.ConnectionLost(DB2, new Moment(1, 0))))
        .contains(new Effect.ProbeNow(DB2))
        .allMatch(e -> e instanceof Effect.ProbeNow || e instanceof Effect.Show);
  }
}
