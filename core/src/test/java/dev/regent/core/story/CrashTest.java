package dev.regent.core.story;

import static dev.regent.core.toy.World.DB1;
import static dev.regent.core.toy.World.DB2;
import static dev.regent.core.toy.World.DB3;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.model.ClusterSpec.Hooks;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Promoting;
import dev.regent.core.plan.Receiving;
import dev.regent.core.toy.Specs;
import dev.regent.core.toy.World;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The primary's process dies under load, and its port refuses connections. */
class CrashTest {
  @ParameterizedTest
  @EnumSource(Profile.class)
  void replicaIsPromotedAndTheOtherFollowsIt(Profile profile) {
    World world = World.of(profile);
    world.cluster().kill(DB1);
    world.settle(Duration.ofSeconds(1));
    assertThat(world.primary()).isEqualTo(DB2);
    assertThat(world.record().epoch()).isEqualTo(2);
    assertThat(world.manager().routing().epoch()).isEqualTo(2);
    assertThat(world.server(DB3).reigns()).containsEntry(2L, "db2");
    assertThat(world.lost()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Profile.class)
  void clientsWriteOnAfterAFewMilliseconds(Profile profile) {
    World world = World.of(profile);
    world.cluster().kill(DB1);
    world.until("writes", Duration.ofMillis(50), () -> world.server(DB2).writable());
    int before = world.cluster().acknowledged().size();
    world.run(Duration.ofMillis(200));
    assertThat(world.cluster().acknowledged()).hasSizeGreaterThan(before + 5);
  }

  @Test
  void mostAdvancedReplicaIsPromoted() {
    World world = World.of(Profile.ASYNC);
    world.cluster().cut(DB1, DB2);
    world.run(Duration.ofMillis(200));
    world.cluster().kill(DB1);
    world.cluster().heal();
    world.settle();
    assertThat(world.primary()).isEqualTo(DB3);
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void replicaThatNoticesLaterDoesNotMakeItLookAlive() {
    World world = World.of(Profile.ASYNC);
    for (int i = 0; i < 40; i++) {
      world.run(Duration.ofMillis(7));
      world.cluster().write(DB1, 0);
    }
    world.cluster().killNoticedLate(DB1, 30);
    world.settle();
    assertThat(world.manager().told("is hidden")).isFalse();
  }

  @Test
  void healthyRoleChangeTellsNoFalseAlarm() {
    World world = World.of(Profile.SAFE);
    world.cluster().kill(DB1);
    world.settle();
    world.run(Duration.ofSeconds(1));
    assertThat(world.manager().told("read_only is on")).isFalse();
    assertThat(world.manager().told("is stopped without an error")).isFalse();
    assertThat(world.manager().told("instead of")).isFalse();
    assertThat(world.manager().told("hold:")).isFalse();
    assertThat(world.manager().told("db2 is chosen")).isTrue();
  }

  @Test
  void evenTwoReplicasAgreeThatOneMissMeansNothing() {
    World world = World.of(Profile.ASYNC);
    world.cluster().freeze(DB1);
    world.run(Duration.ofMillis(1200));
    world.cluster().thaw(DB1);
    world.run(Duration.ofSeconds(10));
    assertThat(world.primary()).isEqualTo(DB1);
    assertThat(world.record().epoch()).isEqualTo(1);
    assertThat(world.manager().told("waiting for")).isTrue();
  }

  @Test
  void failingFenceHookStopsThePromotion() {
    World world =
        World.of(Specs.with(Specs.of(Profile.ASYNC, 3), Hooks.all(Duration.ofSeconds(10))));
    world.manager().steps().hook(Promoting.RunHook.Hook.FENCE, new Outcome.Failed("no power"));
    world.cluster().kill(DB1);
    world.until("it gave up", () -> world.manager().told("the fence hook failed: no power"));
    world.run(Duration.ofSeconds(1));
    assertThat(world.cluster().writable()).isEmpty();
    assertThat(world.server(DB2).channel().facts(0).sqlRunning()).isTrue();
    world.manager().steps().hook(Promoting.RunHook.Hook.FENCE, Outcome.ok());
    world.settle();
    assertThat(world.primary()).isEqualTo(DB2);
  }

  @ParameterizedTest
  @EnumSource(Profile.class)
  void failingPrePromoteHookIsUndoneAndTriedAgain(Profile profile) {
    World world = World.of(Specs.with(Specs.of(profile, 3), Hooks.all(Duration.ofSeconds(10))));
    var hook = Promoting.RunHook.Hook.PRE_PROMOTE;
    world.manager().steps().hook(hook, new Outcome.Failed("not now"));
    world.cluster().kill(DB1);
    world.until("it gave up", () -> world.manager().told("not now"));
    world.run(Duration.ofMillis(300));
    assertThat(world.server(DB2).semiSync().primaryEnabled()).isFalse();
    assertThat(world.cluster().writable()).isEmpty();
    world.manager().steps().hook(hook, Outcome.ok());
    world.settle();
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void graceLetsItComeBackFirst() {
    World world = World.of(Specs.with(Specs.of(Profile.ASYNC, 3), Specs.grace(5)));
    world.cluster().kill(DB1);
    world.run(Duration.ofSeconds(4));
    assertThat(world.shows(Diagnosis.PrimarySuspected.class)).isTrue();
    world.cluster().boot(DB1);
    world.settle();
    assertThat(world.primary()).isEqualTo(DB1);
    assertThat(world.record().epoch()).isEqualTo(2);
  }

  @Test
  void replicaThatDoesNotAnswerIsLeftOut() {
    World world = World.of(Profile.AVAILABLE);
    world.manager().steps().spoil(Receiving.StopReceiving.class, true, new Outcome.Unknown("?"));
    world.cluster().kill(DB1);
    world.settle();
    assertThat(world.primary()).isEqualTo(DB3);
  }
}
