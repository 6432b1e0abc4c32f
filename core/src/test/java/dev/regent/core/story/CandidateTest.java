package dev.regent.core.story;

import static dev.regent.core.toy.World.DB1;
import static dev.regent.core.toy.World.DB2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.control.Reply;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.plan.Freezing;
import dev.regent.core.plan.Outcome;
import dev.regent.core.toy.World;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients are told where the role is going, so that they can be there before it. */
class CandidateTest {
  private static final String NAMED = "writes go to db1, db2 is to have the role";
  private static final String HELD = "held for a role change, db2 is to have the role";

  @ParameterizedTest
  @EnumSource(Profile.class)
  void switchoverNamesItBeforeWritesAreHeld(Profile profile) {
    World world = World.of(profile);
    assertThat(world.switchOver(DB2).result()).isEqualTo(Reply.Result.DONE);
    world.settle();

    assertThat(world.manager().told(NAMED)).isTrue();
    assertThat(world.manager().told(HELD)).isTrue();
    assertThat(world.manager().routing().candidate()).as("it has the role").isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Profile.class)
  void nobodyIsNamedAnyMoreWhenTheRoleStays(Profile profile) {
    World world = World.of(profile);
    world.manager().steps().spoil(Freezing.Freeze.class, false, new Outcome.Failed("not now"));
    assertThat(world.switchOver(DB2).result()).isNotEqualTo(Reply.Result.DONE);
    world.settle();

    assertThat(world.manager().told(HELD)).isTrue();
    assertThat(world.primary()).isEqualTo(DB1);
    assertThat(world.manager().routing().candidate()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Profile.class)
  void failoverNamesWhomItElects(Profile profile) {
    World world = World.of(profile);
    world.run(Duration.ofSeconds(1));
    world.cluster().kill(DB1);
    world.until("failed over", () -> world.primary().equals(DB2));
    world.settle();

    assertThat(world.manager().told(HELD)).isTrue();
    assertThat(world.manager().routing().candidate()).isEmpty();
  }
}
