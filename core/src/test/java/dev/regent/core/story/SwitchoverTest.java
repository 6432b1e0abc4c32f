package dev.regent.core.story;

import static dev.regent.core.toy.ToyCluster.MANAGER;
import static dev.regent.core.toy.World.DB1;
import static dev.regent.core.toy.World.DB2;
import static dev.regent.core.toy.World.DB3;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.control.Command;
import dev.regent.core.control.Reply;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.ClusterSpec.Hooks;
import dev.regent.core.model.ClusterSpec.Preference;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Decision;
import dev.regent.core.plan.Freezing;
import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Promoting;
import dev.regent.core.plan.Receiving;
import dev.regent.core.plan.Step;
import dev.regent.core.toy.Specs;
import dev.regent.core.toy.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The operator moves the role while the primary is well. */
class SwitchoverTest {
  @ParameterizedTest
  @EnumSource(Profile.class)
  void roleMovesThereAndBackAndNothingIsLost(Profile profile) {
    World world = World.of(profile);
    world.server(DB1).events(true);
    world.run(Duration.ofSeconds(1));
    assertThat(world.switchOver().result()).isEqualTo(Reply.Result.DONE);
    world.settle();
    assertThat(world.primary()).isEqualTo(DB2);
    assertThat(world.server(DB1).facts().eventScheduler()).isFalse();
    assertThat(world.server(DB2).facts().eventScheduler()).isTrue();
    assertThat(world.switchOver(DB1).result()).isEqualTo(Reply.Result.DONE);
    world.settle();
    assertThat(world.primary()).isEqualTo(DB1);
    assertThat(world.record().epoch()).isEqualTo(3);
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void twoServersInSafeSwapTheirRoles() {
    World world = World.of(Specs.of(Profile.SAFE, 2));
    assertThat(world.switchOver().result()).isEqualTo(Reply.Result.DONE);
    world.settle();
    assertThat(world.primary()).isEqualTo(DB2);
    assertThat(world.record().syncSet()).containsExactly(DB1);
    assertThat(world.lost()).isEmpty();
  }

  /** Else it would look like the replica of a relay, as the old primary follows the new one. */
  @Test
  void replicaThatTheNewPrimaryCouldNotGetIsNotLeftBelowTheOldOne() {
    World world = World.of(Profile.ASYNC);
    world.manager().steps().spoil(Receiving.Follow.class, false, new Outcome.Failed("no"));
    assertThat(world.switchOver(DB2).message()).contains("could not let db3 follow db2");
    assertThat(world.server(DB3).channel().facts(0).source()).isEqualTo(new Endpoint("db1", 3306));
    world.settle();
    assertThat(world.server(DB3).channel().facts(0).source()).isEqualTo(new Endpoint("db2", 3306));
  }

  private static World oldPrimaryBelowWhichADeadReplicaHung() {
    World world = World.of(Profile.ASYNC);
    world.cluster().kill(DB3);
    world.run(Duration.ofSeconds(1)).switchOver(DB2);
    world.run(Duration.ofSeconds(10));
    assertThat(world.record().unverified()).containsExactly(DB1);
    return world;
  }

  /** Nobody can say of one that is gone whether it still hangs there. */
  @Test
  void oldPrimaryBelowWhichADeadReplicaHungIsHeldForThatReason() {
    World world = oldPrimaryBelowWhichADeadReplicaHung();
    assertThat(world.picture().decisions())
        .anyMatch(d ->
            d instanceof Decision.Hold h
                && h.sentence()
                    .contains("nothing was skipped; but db3 followed it when last seen"));
    world.cluster().boot(DB3);
    world.settle();
    assertThat(world.record().unverified()).isEmpty();
    assertThat(world.server(DB3).channel().facts(0).source()).isEqualTo(new Endpoint("db2", 3306));
  }

  /** Seed 190: of a primary that is written to, every look shows more than the replica has. */
  @Test
  void holdThatLastsIsToldOnceUnderLoadToo() {
    World world = oldPrimaryBelowWhichADeadReplicaHung();
    world.manager().listen();
    world.writing(1).run(Duration.ofSeconds(10));
    assertThat(world.manager().told("nothing was skipped")).isFalse();
    assertThat(world.holds(Decision.Reason.OPERATOR_DECIDES)).isTrue();
  }

  /** Seeds 101 and 113: it is gone for good, and somebody who knows says so. */
  @Test
  void operatorGivesUpTheDeadReplicaThatHungBelowAndIsToldWhatFollows() {
    World world = oldPrimaryBelowWhichADeadReplicaHung();
    assertThat(world.manager().told("give it up with regent rejoin db1")).isTrue();
    Reply reply = world.rejoin(DB1);
    assertThat(reply.result()).isEqualTo(Reply.Result.DONE);
    assertThat(reply.message()).contains("db3 is given up", "follows db1 stays below it");
    assertThat(world.record().unverified()).isEmpty();
    world.cluster().boot(DB3);
    world.server(DB3).startReplication();
    world.run(Duration.ofSeconds(10));
    assertThat(world.server(DB3).channel().facts(0).source()).isEqualTo(new Endpoint("db1", 3306));
    assertThat(world.rejoin(DB3).result()).isEqualTo(Reply.Result.DONE);
    world.settle();
    assertThat(world.server(DB3).channel().facts(0).source()).isEqualTo(new Endpoint("db2", 3306));
  }

  /** An earlier manager saw it there. */
  @Test
  void managerThatStartsMeanwhileWaitsForTheDeadReplicaToo() {
    World world = oldPrimaryBelowWhichADeadReplicaHung();
    world.manager().die();
    world.manager().start();
    world.run(Duration.ofSeconds(10));
    assertThat(world.record().unverified()).containsExactly(DB1);
    world.cluster().boot(DB3);
    world.settle();
    assertThat(world.server(DB3).channel().facts(0).source()).isEqualTo(new Endpoint("db2", 3306));
  }

  static Stream<Arguments> troubles() {
    Outcome failed = new Outcome.Failed("no");
    Outcome unknown = new Outcome.Unknown("connection lost");
    List<Class<? extends Step>> kinds =
        List.of(
            Freezing.CheckPrimary.class,
            Freezing.Freeze.class,
            Receiving.Drain.class,
            Freezing.CheckFrozen.class,
            Receiving.StopReplication.class,
            Promoting.RunHook.class,
            Promoting.SetSemiSyncPrimary.class,
            Promoting.WriteReign.class);
    // Only with two members does one of them follow the candidate before the freeze.
    List<Class<? extends Step>> ahead =
        List.of(Receiving.StopReceiving.class, Receiving.Follow.class);
    return Stream.concat(
            Stream.of(
                    Specs.of(Profile.SAFE, 3),
                    Specs.of(Profile.SAFE, 2),
                    Specs.of(Profile.AVAILABLE, 3))
                .flatMap(spec -> kinds.stream().map(k -> Map.entry(spec, k))),
            ahead.stream().map(k -> Map.entry(Specs.of(Profile.SAFE, 3), k)))
        .flatMap(e ->
            Stream.of(
                Arguments.of(Specs.with(e.getKey(), HOOKS), e.getValue(), false, failed),
                Arguments.of(Specs.with(e.getKey(), HOOKS), e.getValue(), false, unknown),
                Arguments.of(Specs.with(e.getKey(), HOOKS), e.getValue(), true, unknown)));
  }

  private static final Hooks HOOKS = Hooks.all(Duration.ofSeconds(10));

  @ParameterizedTest
  @MethodSource("troubles")
  void anyTroubleBeforeTheReignIsUndone(
      ClusterSpec spec, Class<? extends Step> kind, boolean takesEffect, Outcome outcome) {
    World world = World.of(spec);
    world.manager().steps().spoil(kind, takesEffect, outcome);
    Reply reply = world.switchOver();
    world.run(Duration.ofSeconds(1)).settle();
    boolean moved = reply.result() == Reply.Result.DONE;
    assertThat(world.primary()).isEqualTo(moved ? DB2 : DB1);
    if (kind != Promoting.WriteReign.class) {
      assertThat(reply.message()).contains(outcome.reason());
      assertThat(moved).isFalse();
    }
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void slowReplicaIsNotWaitedForLongerThanAllowed() {
    World world = World.of(Profile.ASYNC).writing(2);
    world.server(DB2).applyMillis = 6;
    world.run(Duration.ofSeconds(4));
    Reply reply = world.switchOver(DB2);
    assertThat(reply.result()).isEqualTo(Reply.Result.HELD);
    world.settle();
    assertThat(world.primary()).isEqualTo(DB1);
  }

  @Test
  void reasonsNotToSwitchOverNow() {
    World world = World.of(Profile.ASYNC);
    world.manager().steps().objections("transaction 77 is 300 s old");
    assertThat(world.switchOver().message()).contains("transaction 77 is 300 s old");
    assertThat(world.primary()).isEqualTo(DB1);
    Reply forced = world.order(new Command.SwitchOver("ann", Optional.of(DB3), true, false));
    assertThat(forced.result()).isEqualTo(Reply.Result.DONE);
    world.settle();
    assertThat(world.primary()).isEqualTo(DB3);
  }

  @Test
  void candidatesThatCannotTakeTheRoleAreNamedWithTheirReasons() {
    World world = World.of(Specs.preferring(Specs.of(Profile.ASYNC, 3), DB2, Preference.NEVER));
    world.server(DB3).stop(true, false);
    world.run(Duration.ofSeconds(1));
    Reply reply = world.switchOver();
    assertThat(reply.result()).isEqualTo(Reply.Result.HELD);
    assertThat(reply.message())
        .contains("db2: it is configured never to be primary")
        .contains("db3: its replication does not run");
    assertThat(reply.lines()).contains("reason: NO_CANDIDATE");
    assertThat(world.switchOver(new ServerId("db9")).message()).contains("there is no server db9");
    world.server(DB3).startReplication();
    world.run(Duration.ofSeconds(1));
    assertThat(world.switchOver().result()).isEqualTo(Reply.Result.DONE);
    world.settle();
    assertThat(world.primary()).isEqualTo(DB3);
  }

  @Test
  void dryRunShowsEveryStepAndChangesNothing() {
    World world = World.of(Profile.SAFE);
    Reply reply = world.order(new Command.SwitchOver("ann", Optional.of(DB2), false, true));
    assertThat(reply.result()).isEqualTo(Reply.Result.PLANNED);
    assertThat(String.join("\n", reply.lines()))
        .contains("freeze writes on db1", "FLUSH TABLES WITH READ LOCK", "open db2 for writes")
        .contains("then: db2 is primary of epoch 2");
    world.run(Duration.ofSeconds(1));
    assertThat(world.primary()).isEqualTo(DB1);
    assertThat(world.manager().executed(Freezing.Freeze.class)).isFalse();
  }

  @Test
  void primaryThatDiesDuringTheSwitchoverIsFailedOver() {
    World world = World.of(Profile.SAFE);
    world.server(DB2).applyMillis = 3000;
    world.manager().order(new Command.SwitchOver("ann", Optional.of(DB2), false, false));
    world.until("frozen", () -> world.server(DB1).readOnly());
    world.cluster().kill(DB1);
    world.settle();
    assertThat(world.primary()).isNotEqualTo(DB1);
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void managerIsBackButTheFrozenPrimaryIsHiddenForAWhile() {
    World world = World.of(Profile.SAFE);
    world.server(DB2).applyMillis = 3000;
    world.manager().order(new Command.SwitchOver("ann", Optional.of(DB2), false, false));
    world.until("frozen", () -> world.server(DB1).readOnly());
    world.manager().die();
    world.cluster().cut(MANAGER, DB1);
    world.manager().start();
    world.run(Duration.ofSeconds(10));
    assertThat(world.record().plan()).isPresent();
    world.cluster().heal();
    world.settle();
    assertThat(world.primary()).isEqualTo(DB1);
  }

  @Test
  void switchoverIsRefusedWhileThePrimaryIsNotWell() {
    World world = World.of(Profile.ASYNC);
    world.server(DB1).readOnly(true);
    world.run(Duration.ofSeconds(1));
    Reply reply = world.switchOver();
    assertThat(reply.result()).isEqualTo(Reply.Result.HELD);
    assertThat(reply.message()).contains("the primary is not well");
  }

  @Test
  void primaryItselfIsNoCandidate() {
    World world = World.of(Profile.SAFE);
    assertThat(world.switchOver(DB1).message()).isEqualTo("db1 is the primary already");
  }

  @Test
  void primaryThatRestartsWhileItIsFrozenIsNotOpenedByTheUndo() {
    World world = World.of(Profile.SAFE);
    world.server(DB2).applyMillis = 3000;
    world.manager().order(new Command.SwitchOver("ann", Optional.of(DB2), false, false));
    world.until("frozen", () -> world.server(DB1).readOnly());
    world.cluster().kill(DB1);
    world.server(DB1).loseLast(2);
    world.cluster().boot(DB1);
    world.settle();
    assertThat(world.lost()).isEmpty();
  }

  /** Seed 85 of the simulator: the manager dies too, and its clock is set before it is back. */
  @ParameterizedTest
  @EnumSource(Profile.class)
  void neitherIfOnlyItsLogTellsThatItRestarted(Profile profile) {
    World world = World.of(profile);
    world.manager().order(new Command.SwitchOver("ann", Optional.of(DB2), false, false));
    world.until("stopped", () -> !world.server(DB2).channel().facts(0).running());
    world.manager().die();
    world.cluster().kill(DB1);
    world.server(DB1).loseLast(2);
    world.cluster().boot(DB1);
    world.server(DB1).seemsUpFor(Duration.ofHours(1));
    world.manager().start();
    world.settle();
    assertThat(world.primary()).as(world.story()).isNotEqualTo(DB1);
    assertThat(world.record().quarantine()).isEmpty();
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void orderBeforeAnyServerWasLookedAtWaitsForTheLook() {
    World world = World.of(Profile.SAFE);
    world.manager().die();
    world.manager().start();
    assertThat(world.switchOver(DB2).result()).isEqualTo(Reply.Result.DONE);
  }

  /** What the last look showed may be over, and the operator sees that. */
  @Test
  void orderIsDecidedOnAFreshLook() {
    World world = World.of(Profile.ASYNC);
    world.server(DB2).stop(true, false);
    world.until("seen", () -> world.shows(Diagnosis.ReplicaStopped.class));
    world.server(DB2).startReplication();
    world.until("connected", () -> world.server(DB2).channel().facts(0).io() == ThreadState.YES);
    assertThat(world.shows(Diagnosis.ReplicaStopped.class)).isTrue();
    assertThat(world.switchOver(DB2).result()).isEqualTo(Reply.Result.DONE);
    world.settle();
  }

  @Test
  void orderIsAnsweredAlthoughAServerIsSilent() {
    World world = World.of(Profile.ASYNC);
    world.cluster().freeze(DB3);
    assertThat(world.switchOver(DB2).result()).isEqualTo(Reply.Result.DONE);
  }
}
