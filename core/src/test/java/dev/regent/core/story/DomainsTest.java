package dev.regent.core.story;

import static dev.regent.core.toy.World.DB1;
import static dev.regent.core.toy.World.DB2;
import static dev.regent.core.toy.World.DB3;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.ClusterSpec.Preference;
import dev.regent.core.model.GtidState;
import dev.regent.core.model.Policy.DrainTimeout;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Decision.Reason;
import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Receiving;
import dev.regent.core.toy.Specs;
import dev.regent.core.toy.World;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is elected: what was received decides, over all domains; preference comes after that. */
class DomainsTest {
  private static World writingInTwoDomains(ClusterSpec spec) {
    World world = World.of(spec);
    for (int i = 0; i < 20; i++) {
      world.cluster().write(DB1, 7);
      world.run(Duration.ofMillis(5));
    }
    return world;
  }

  /** One replica is cut off while the primary writes on in one domain. */
  private static void onlyTheOtherReceives(World world, ServerId cutOff) {
    world.cluster().cut(DB1, cutOff);
    for (int i = 0; i < 20; i++) {
      world.cluster().write(DB1, 7);
      world.run(Duration.ofMillis(5));
    }
  }

  @Test
  void supersetOfAllDomainsWins() {
    World world = writingInTwoDomains(Specs.of(Profile.ASYNC, 3));
    onlyTheOtherReceives(world, DB2);
    world.cluster().kill(DB1);
    world.cluster().heal();
    world.settle();
    assertThat(world.primary()).isEqualTo(DB3);
    assertThat(world.server(DB2).state().position().sequence(7)).isEqualTo(40);
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void setsThatCannotBeOrderedAreASplitBrain() {
    World world = World.of(Profile.ASYNC).writing(0);
    world.cluster().kill(DB1);
    world.server(DB2).received(7, 5);
    world.server(DB3).received(8, 5);
    world.until("split brain", () -> world.manager().told("split brain"));
    world.run(Duration.ofSeconds(5));
    assertThat(world.cluster().writable()).isEmpty();
    assertThat(world.failOver(true).message()).contains("split brain");
  }

  @Test
  void neverMeansNeverButItTeaches() {
    World world =
        writingInTwoDomains(Specs.preferring(Specs.of(Profile.ASYNC, 3), DB2, Preference.NEVER));
    onlyTheOtherReceives(world, DB3);
    world.cluster().kill(DB1);
    world.cluster().heal();
    world.settle();
    assertThat(world.primary()).isEqualTo(DB3);
    assertThat(world.manager().told("catches up from db2 first")).isTrue();
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void teacherWhoseSqlThreadWasStoppedIsRescuedAndThenTeaches() {
    World world =
        writingInTwoDomains(Specs.preferring(Specs.of(Profile.SAFE, 3), DB2, Preference.NEVER));
    world.server(DB2).stop(false, true);
    onlyTheOtherReceives(world, DB3);
    world.cluster().kill(DB1);
    world.cluster().heal();
    world.settle();
    assertThat(world.primary()).isEqualTo(DB3);
    assertThat(world.manager().executed(Receiving.Rescue.class)).isTrue();
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void teacherThatCannotBeRescuedLeavesTheChoiceToTheOthers() {
    World world =
        writingInTwoDomains(
            Specs.preferring(Specs.of(Profile.AVAILABLE, 3), DB2, Preference.NEVER));
    world.server(DB2).stop(false, true);
    onlyTheOtherReceives(world, DB3);
    world
        .manager()
        .steps()
        .spoil(Receiving.Rescue.class, false, new Outcome.Failed("torn relay log"));
    world.cluster().kill(DB1);
    world.cluster().heal();
    world.settle();
    assertThat(world.primary()).isEqualTo(DB3);
    assertThat(world.manager().told("at least")).isTrue();
  }

  @Test
  void preferredCandidateWinsAmongEquals() {
    World world = World.of(Specs.preferring(Specs.of(Profile.ASYNC, 3), DB3, Preference.PREFER));
    world.cluster().kill(DB1);
    world.settle();
    assertThat(world.primary()).isEqualTo(DB3);
  }

  @Test
  void nobodyFitsAndEverybodyIsNamed() {
    World world = World.of(Specs.preferring(Specs.of(Profile.ASYNC, 3), DB2, Preference.NEVER));
    world.server(DB3).format = "MIXED";
    world.run(Duration.ofSeconds(1)).cluster().kill(DB1);
    world.until("refused", () -> world.manager().told("no server may be promoted"));
    assertThat(world.manager().told("db2: is configured never to be primary")).isTrue();
    assertThat(world.manager().told("db3: binlog_format is MIXED")).isTrue();
  }

  @Test
  void delayedReplicaIsLeftOut() {
    World world = World.of(Profile.ASYNC);
    world.server(DB2).delay(Duration.ofHours(1));
    world.run(Duration.ofSeconds(2)).cluster().kill(DB1);
    world.until("open", () -> world.server(DB3).writable());
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void candidateThatLagsTooMuchIsRefusedInAsync() {
    World world = World.of(Profile.ASYNC).writing(100);
    world.server(DB2).applyMillis = 100_000;
    world.server(DB3).applyMillis = 100_000;
    world.run(Duration.ofSeconds(40)).cluster().kill(DB1);
    world.until("refused", () -> world.manager().told("s, more than 30"));
    world.run(Duration.ofSeconds(2));
    assertThat(world.cluster().writable()).isEmpty();
    world.server(DB2).applyMillis = 10;
    world.failOver(true);
    assertThat(world.cluster().writable()).containsExactly(DB2);
  }

  private static World slowDrain(DrainTimeout then) {
    World world =
        World.of(
            Specs.with(Specs.of(Profile.AVAILABLE, 3), Specs.drain(Duration.ofSeconds(1), then)));
    world.server(DB2).applyMillis = 60;
    world.server(DB3).applyMillis = 60;
    world.run(Duration.ofSeconds(4)).cluster().kill(DB1);
    return world;
  }

  @Test
  void drainBudgetEndsAndItHolds() {
    World world = slowDrain(DrainTimeout.HOLD);
    world.until("over", () -> world.manager().told("transactions left when its drain budget"));
    assertThat(world.cluster().writable()).isEmpty();
    world.settle();
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void drainBudgetEndsAndItWaitsOn() {
    World world = slowDrain(DrainTimeout.WAIT);
    world.settle();
    assertThat(world.manager().told("waiting on")).isTrue();
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void drainBudgetEndsAndItPromotesAndSaysWhatThatCosts() {
    World world = slowDrain(DrainTimeout.PROMOTE);
    world.until("open", () -> world.cluster().writable().equals(List.of(DB2)));
    GtidState kept = world.server(DB2).state();
    long lost =
        world.cluster().acknowledged().stream()
            .filter(g -> g.sequence() > kept.sequence(0, 1) && g.server() == 1)
            .count();
    assertThat(lost).isPositive();
    assertThat(world.manager().told("at least " + lost + " lost")).isTrue();
    assertThat(world.holds(Reason.PAUSED)).isFalse();
  }
}
