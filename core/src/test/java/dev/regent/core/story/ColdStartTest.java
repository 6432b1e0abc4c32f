package dev.regent.core.story;

import static dev.regent.core.toy.World.DB1;
import static dev.regent.core.toy.World.DB2;
import static dev.regent.core.toy.World.DB3;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.control.Reply;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.ClusterSpec.Hooks;
import dev.regent.core.model.ClusterSpec.Preference;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Decision.Reason;
import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Promoting.RunHook.Hook;
import dev.regent.core.toy.Specs;
import dev.regent.core.toy.World;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers come back closed and with replication stopped; nobody is primary by itself. */
class ColdStartTest {
  private static final List<ServerId> ALL = List.of(DB1, DB2, DB3);

  private static World outage(Profile profile) {
    World world = World.of(profile);
    ALL.forEach(world.cluster()::kill);
    return world.run(Duration.ofSeconds(2));
  }

  @ParameterizedTest
  @EnumSource(Profile.class)
  void lastPrimaryGetsItsRoleBack(Profile profile) {
    World world = outage(profile);
    assertThat(world.shows(Diagnosis.ClusterDown.class)).isTrue();
    ALL.forEach(world.cluster()::boot);
    world.settle();
    assertThat(world.primary()).isEqualTo(DB1);
    assertThat(world.record().epoch()).isEqualTo(2);
    assertThat(world.lost()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Profile.class)
  void primaryThatRestartsAloneGetsItsRoleBack(Profile profile) {
    World world = World.of(profile);
    world.cluster().kill(DB1);
    world.cluster().boot(DB1);
    world.settle();
    assertThat(world.primary()).isEqualTo(DB1);
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void replicaWithMoreThanTheLastPrimaryIsChosen() {
    World world = outage(Profile.SAFE);
    world.server(DB1).loseLast(3);
    ALL.forEach(world.cluster()::boot);
    world.settle();
    assertThat(world.primary()).isEqualTo(DB2);
    assertThat(world.lost()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Profile.class)
  void lastPrimaryLearnsItsOwnLostWritesFromReplicasThatMayNotLead(Profile profile) {
    ClusterSpec spec = Specs.of(profile, 3);
    spec = Specs.preferring(spec, DB2, Preference.NEVER);
    World world = World.of(Specs.preferring(spec, DB3, Preference.NEVER));
    ALL.forEach(world.cluster()::kill);
    world.run(Duration.ofSeconds(2));
    world.server(DB1).loseLast(3);
    ALL.forEach(world.cluster()::boot);
    world.manager().listen();
    world.settle();
    assertThat(world.primary()).isEqualTo(DB1);
    assertThat(world.lost()).isEmpty();
    assertThat(world.manager().told("could not be opened")).isFalse();
  }

  @Test
  void lastPrimaryThatSkipsItsOwnWritesDoesNotLeadWithoutThem() {
    ClusterSpec spec = Specs.preferring(Specs.of(Profile.SAFE, 3), DB2, Preference.NEVER);
    World world = World.of(Specs.preferring(spec, DB3, Preference.NEVER));
    world.server(DB1).skipsOwnEvents();
    ALL.forEach(world.cluster()::kill);
    world.run(Duration.ofSeconds(2));
    world.server(DB1).loseLast(3);
    ALL.forEach(world.cluster()::boot);
    world.until("refused", () -> world.manager().told("db1 skipped transactions of its own"));
    world.run(Duration.ofSeconds(30));
    assertThat(world.cluster().writable()).isEmpty();
    assertThat(world.record().epoch()).isEqualTo(1);
  }

  @Test
  void nobodyIsSentToAClosedPrimaryWhenItsRoleCannotBeGivenBack() {
    World world =
        World.of(Specs.with(Specs.of(Profile.ASYNC, 3), Hooks.all(Duration.ofSeconds(2))));
    world.manager().steps().hook(Hook.PRE_PROMOTE, new Outcome.Failed("hook exit code 1"));
    world.cluster().kill(DB1);
    world.cluster().boot(DB1);
    world.until("refused", () -> world.manager().told("hook exit code 1"));
    world.run(Duration.ofSeconds(1));
    assertThat(world.manager().routing().primary()).isEmpty();
    world.manager().steps().hook(Hook.PRE_PROMOTE, Outcome.ok());
    world.settle();
    assertThat(world.primary()).isEqualTo(DB1);
  }

  @Test
  void managerRestartsWithTheCluster() {
    World world = outage(Profile.SAFE);
    world.manager().die();
    ALL.forEach(world.cluster()::boot);
    world.run(Duration.ofSeconds(1)).manager().start();
    world.settle();
    assertThat(world.primary()).isEqualTo(DB1);
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void receivedButUnappliedWritesSurviveTheOutage() {
    World world = World.of(Profile.SAFE);
    world.server(DB2).stop(false, true);
    world.server(DB3).stop(false, true);
    world.run(Duration.ofSeconds(2));
    ALL.forEach(world.cluster()::kill);
    world.run(Duration.ofSeconds(2));
    world.server(DB1).loseLast(50);
    ALL.forEach(world.cluster()::boot);
    world.settle();
    assertThat(world.primary()).isNotEqualTo(DB1);
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void safeWaitsForEveryMemberThatCouldHoldMore() {
    World world = outage(Profile.SAFE);
    world.cluster().boot(DB1);
    world.cluster().boot(DB2);
    world.run(Duration.ofSeconds(30));
    assertThat(world.shows(Diagnosis.PrimaryRestarted.class)).isTrue();
    assertThat(world.holds(Reason.SYNC_MEMBER_MISSING)).isTrue();
    assertThat(world.cluster().writable()).isEmpty();
    world.failOver(true);
    world.settle();
    assertThat(world.primary()).isEqualTo(DB1);
  }

  @Test
  void withoutSafeTheOthersAreWaitedForOnlyAWhile() {
    World world = outage(Profile.ASYNC);
    world.cluster().boot(DB1);
    world.run(Duration.ofSeconds(5));
    assertThat(world.holds(Reason.WAITING)).isTrue();
    assertThat(world.cluster().writable()).isEmpty();
    world.settle(Duration.ofSeconds(10));
    assertThat(world.primary()).isEqualTo(DB1);
  }

  @Test
  void primaryThatDoesNotComeBackIsReplacedInSafe() {
    World world = outage(Profile.SAFE);
    world.cluster().boot(DB2);
    world.cluster().boot(DB3);
    world.until("lost in the outage", () -> world.shows(Diagnosis.PrimaryLostInOutage.class));
    world.settle();
    assertThat(world.primary()).isEqualTo(DB2);
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void primaryThatDoesNotComeBackNeedsTheOperatorElsewhere() {
    World world = outage(Profile.AVAILABLE);
    world.cluster().boot(DB2);
    world.cluster().boot(DB3);
    world.until("lost in the outage", () -> world.shows(Diagnosis.PrimaryLostInOutage.class));
    assertThat(world.holds(Reason.OPERATOR_DECIDES)).isTrue();
    world.failOver(false);
    world.settle();
    assertThat(world.primary()).isEqualTo(DB2);
  }

  @Test
  void primaryDiedBeforeTheManagerStarted() {
    World world = World.of(Profile.SAFE);
    world.manager().die();
    world.cluster().kill(DB1);
    world.run(Duration.ofSeconds(10)).manager().start();
    world.settle();
    assertThat(world.primary()).isEqualTo(DB2);
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void primaryFrozeBeforeTheManagerStarted() {
    World world = World.of(Profile.AVAILABLE).severalWriters();
    world.manager().die();
    world.cluster().freeze(DB1);
    world.run(Duration.ofSeconds(10)).manager().start();
    world.settle();
    assertThat(world.primary()).isEqualTo(DB2);
  }

  @Test
  void manualClusterIsNotStartedByItself() {
    World world = World.of(Specs.with(Specs.of(Profile.ASYNC, 3), Specs.manual()));
    ALL.forEach(world.cluster()::kill);
    world.run(Duration.ofSeconds(2));
    ALL.forEach(world.cluster()::boot);
    world.run(Duration.ofSeconds(20));
    assertThat(world.holds(Reason.MANUAL)).isTrue();
    assertThat(world.cluster().writable()).isEmpty();
    world.failOver(false);
    world.settle();
    assertThat(world.primary()).isEqualTo(DB1);
  }

  @Test
  void restartedPrimaryDoesNotCountAsFlapping() {
    World world = World.of(Profile.ASYNC);
    for (int i = 0; i < 4; i++) {
      world.cluster().kill(DB1);
      world.cluster().boot(DB1);
      world.settle();
    }
    assertThat(world.record().failovers()).isEmpty();
    world.run(Duration.ofSeconds(3)).cluster().kill(DB1);
    world.settle();
    assertThat(world.primary()).isEqualTo(DB2);
  }

  @Test
  void closedByAnOperatorLongAfterAColdStartIsNotARestart() {
    World world = outage(Profile.ASYNC);
    ALL.forEach(world.cluster()::boot);
    world.settle();
    world.run(Duration.ofSeconds(5));
    world.server(DB1).readOnly(true);
    world.run(Duration.ofSeconds(5));
    assertThat(world.shows(Diagnosis.PrimaryReadOnly.class)).isTrue();
    assertThat(world.holds(Reason.OPERATOR_DECIDES)).isTrue();
    assertThat(world.record().epoch()).isEqualTo(2);
  }

  @Test
  void whereThereAreOnlyTwoTheLastPrimaryAcknowledgesForTheOneWithMore() {
    World world = World.of(Specs.of(Profile.SAFE, 2));
    List.of(DB1, DB2).forEach(world.cluster()::kill);
    world.run(Duration.ofSeconds(2));
    world.server(DB1).loseLast(3);
    List.of(DB1, DB2).forEach(world.cluster()::boot);
    world.settle();
    assertThat(world.primary()).isEqualTo(DB2);
    assertThat(world.record().syncSet()).containsExactly(DB1);
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void whatItsOwnRecoveryCutOffIsNotDenied() {
    World world = outage(Profile.ASYNC);
    world.server(DB1).loseLast(150);
    world.server(DB2).loseLast(150);
    world.server(DB3).loseLast(150);
    ALL.forEach(world.cluster()::boot);
    world.settle();
    assertThat(world.primary()).isEqualTo(DB1);
    assertThat(world.manager().told("transactions that were seen of it")).isTrue();
    assertThat(world.manager().told("no acknowledged write is lost")).isFalse();
  }

  /** Its start, known to the second, and its reign are too close to tell which was first. */
  @Test
  void primaryThatSomebodyClosesSoonAfterItsStartDidNotRestart() {
    World world = World.of(Profile.ASYNC);
    world.cluster().kill(DB2);
    world.run(Duration.ofMillis(300));
    world.cluster().boot(DB2);
    world.settle();
    assertThat(world.switchOver(DB2).result()).isEqualTo(Reply.Result.DONE);
    world.until("seen open", () -> world.shows(Diagnosis.PrimaryWell.class));
    world.server(DB2).readOnly(true);
    world.until("seen", Duration.ofSeconds(2), () -> world.shows(Diagnosis.PrimaryReadOnly.class));
    world.run(Duration.ofSeconds(2));
    assertThat(world.record().epoch()).isEqualTo(2);
    assertThat(world.cluster().writable()).isEmpty();
  }
}
