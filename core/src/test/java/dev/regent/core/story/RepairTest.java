package dev.regent.core.story;

import static dev.regent.core.toy.World.DB1;
import static dev.regent.core.toy.World.DB2;
import static dev.regent.core.toy.World.DB3;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.control.Reply;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.ClusterSpec.Preference;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerFacts.SemiSync;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Decision.Reason;
import dev.regent.core.plan.Keeping;
import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Receiving;
import dev.regent.core.plan.Step;
import dev.regent.core.toy.Specs;
import dev.regent.core.toy.World;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong while the primary is well: mended, or named and left to the operator. */
class RepairTest {
  private static final Duration SOON = Duration.ofSeconds(2);
  private static final Endpoint ELSEWHERE = new Endpoint("far", 3306);

  @Test
  void replicaThatTakesWritesIsClosed() {
    World world = World.of(Profile.ASYNC).severalWriters().writing(0);
    world.server(DB2).readOnly(false);
    world.until("seen", SOON, () -> world.shows(Diagnosis.ReplicaWritable.class));
    assertThat(world.shows(Diagnosis.SeveralWritable.class)).isTrue();
    world.until("closed", SOON, () -> world.server(DB2).readOnly());
    world.settle();
  }

  @Test
  void replicaOfADeadRelayFollowsThePrimary() {
    World world = World.of(Specs.of(Profile.ASYNC, 4));
    world.cluster().follow(DB3, DB2);
    world.run(SOON);
    assertThat(world.diagnoses()).noneMatch(d -> d instanceof Diagnosis.ReplicaFollowsWrong);
    world.cluster().kill(DB2);
    world.until("seen", () -> world.shows(Diagnosis.RelayDead.class));
    world.settle();
    assertThat(world.server(DB3).channel().facts(0).source()).isEqualTo(new Endpoint("db1", 3306));
  }

  @Test
  void syncMemberBelowARelayIsPointedAtThePrimary() {
    World world = World.of(Profile.SAFE);
    world.cluster().follow(DB3, DB2);
    world.until("seen", SOON, () -> world.shows(Diagnosis.ReplicaFollowsWrong.class));
    world.settle();
  }

  @Test
  void stoppedReplicaIsLeftToWhoeverStoppedIt() {
    World world = World.of(Profile.ASYNC);
    world.server(DB2).stop(true, true);
    world.until("seen", SOON, () -> world.shows(Diagnosis.ReplicaStopped.class));
    world.run(Duration.ofSeconds(10));
    assertThat(world.holds(Reason.OPERATOR_DECIDES)).isTrue();
    assertThat(world.manager().told("somebody stopped replication on db2 (both threads)")).isTrue();
    assertThat(world.rejoin(DB2).result()).isEqualTo(Reply.Result.DONE);
    world.settle();
  }

  @Test
  void replicaThatWeStoppedIsStartedByUs() {
    World world = World.of(Profile.ASYNC);
    world
        .manager()
        .steps()
        .spoil(Receiving.StartReceiving.class, false, new Outcome.Unknown("connection lost"));
    world.manager().steps().spoil(Receiving.Drain.class, false, new Outcome.Failed("no"));
    world.server(DB2).applyMillis = 50;
    world.server(DB3).applyMillis = 50;
    world.run(SOON);
    assertThat(world.failOver(true).message()).contains("could not start receiving again");
    world.settle();
    assertThat(world.primary()).isEqualTo(DB1);
  }

  @Test
  void brokenReplicaIsNamedWithItsError() {
    World world = World.of(Profile.ASYNC);
    world.server(DB2).breakApplying(1062, "duplicate key");
    world.server(DB3).breakReceiving(1236, "not in the binary log");
    world.run(SOON);
    assertThat(world.diagnoses(Diagnosis.ReplicaBroken.class))
        .extracting(d -> d.problem().number())
        .containsExactly(1062, 1236);
    assertThat(world.holds(Reason.OPERATOR_DECIDES)).isTrue();
    assertThat(world.manager().told("(SQL error 1062): duplicate key")).isTrue();
  }

  /** Its source was behind it for a moment; nobody else would start its receiving again. */
  @Test
  void replicaThatItsSourceRefusedTooSoonIsReconnected() {
    World world = World.of(Profile.ASYNC);
    world
        .server(DB3)
        .breakReceiving(1236, "requested GTID 0-1-9, which is not in the master's binlog");
    world.until("seen", SOON, () -> world.shows(Diagnosis.ReplicaConnecting.class));
    world.settle(SOON);
    assertThat(world.manager().executed(Receiving.RestartReceiving.class)).isTrue();
  }

  /** Seen where every connection of a primary is reset: half an event stops the thread for good. */
  @Test
  void replicaWhoseConnectionBrokeOffWithinAnEventIsReconnected() {
    World world = World.of(Profile.ASYNC);
    world
        .server(DB3)
        .breakReceiving(1595, "Relay log write failure: could not queue event from master");
    world.until("seen", SOON, () -> world.manager().told("db3 was cut off by db1 (error 1595)"));
    world.settle(SOON);
    assertThat(world.manager().executed(Receiving.RestartReceiving.class)).isTrue();
  }

  /** The same drill: it was let in as a plain replica and expects the marks of semi-sync. */
  @Test
  void replicaThatWasLetInAsAnotherIsReconnected() {
    World world = World.of(Profile.SAFE);
    world.server(DB3).breakReceiving(1593, "Fatal error: Failed to run 'after_read_event' hook");
    world.until("seen", SOON, () -> world.manager().told("db3 was cut off by db1 (error 1593)"));
    world.settle(SOON);
    assertThat(world.manager().executed(Receiving.RestartReceiving.class)).isTrue();
  }

  @Test
  void replicaWithAnotherFatalErrorIsLeftToTheOperator() {
    World world = World.of(Profile.ASYNC);
    world.server(DB3).breakReceiving(1593, "Fatal error: equal MySQL server ids");
    world.until("seen", SOON, () -> world.shows(Diagnosis.ReplicaBroken.class));
    world.run(SOON);
    assertThat(world.manager().executed(Receiving.RestartReceiving.class)).isFalse();
  }

  @Test
  void replicaThatWaitsForItsRetryIsReconnected() {
    World world = World.of(Profile.ASYNC);
    world.server(DB2).loseConnection(Duration.ofMinutes(10));
    world.until("seen", SOON, () -> world.shows(Diagnosis.ReplicaConnecting.class));
    world.settle(SOON);
    assertThat(world.manager().executed(Receiving.RestartReceiving.class)).isTrue();
  }

  @Test
  void lateReplicaIsTold() {
    World world = World.of(Profile.ASYNC);
    world.server(DB2).applyMillis = 1000;
    world.until("late", () -> world.shows(Diagnosis.ReplicaLate.class));
    assertThat(world.manager().told("db2 lags 11 s behind")).isTrue();
  }

  @Test
  void unreachableReplicaIsTold() {
    World world = World.of(Profile.ASYNC);
    world.cluster().freeze(DB2);
    world.until("seen", SOON, () -> world.shows(Diagnosis.ReplicaUnreachable.class));
    world.cluster().thaw(DB2);
    world.settle();
  }

  @Test
  void primaryThatFollowsSomebodyForgetsIt() {
    World world = World.of(Profile.ASYNC);
    world.cluster().server(DB1).follow("", new Endpoint("db3", 3306));
    world.until("seen", SOON, () -> world.shows(Diagnosis.PrimaryFollows.class));
    world.until("forgotten", SOON, () -> world.server(DB1).facts().channels().isEmpty());
    world.settle();
  }

  @Test
  void primaryThatCannotWriteIsTheOperatorsDecision() {
    World world = World.of(Profile.ASYNC).writing(0);
    world.server(DB1).cannotWrite = Optional.of("disk full");
    world.until("seen", SOON, () -> world.shows(Diagnosis.PrimaryCannotWrite.class));
    assertThat(world.holds(Reason.OPERATOR_DECIDES)).isTrue();
    world.run(Duration.ofSeconds(5));
    assertThat(world.record().epoch()).isEqualTo(1);
    assertThat(world.failOver(false).result()).isEqualTo(Reply.Result.DONE);
    assertThat(world.cluster().writable()).containsExactly(DB2);
  }

  @Test
  void replicaOfSeveralSourcesKeepsTheOthers() {
    World world = World.of(Profile.ASYNC);
    world.server(DB2).follow("archive", ELSEWHERE);
    world.until("seen", SOON, () -> world.shows(Diagnosis.MultiSource.class));
    world.cluster().kill(DB1);
    world.run(SOON);
    assertThat(world.primary()).isEqualTo(DB2);
    assertThat(world.server(DB2).facts().channels())
        .extracting(c -> c.source())
        .containsExactly(ELSEWHERE);
  }

  @Test
  void replicaThatFollowsAServerWeDoNotKnowIsNotTouched() {
    World world = World.of(Profile.ASYNC);
    world.server(DB3).facts();
    world.server(DB3).forgetSource();
    world.server(DB3).follow("", ELSEWHERE);
    world.until("seen", SOON, () -> world.shows(Diagnosis.ReplicaFollowsWrong.class));
    assertThat(world.holds(Reason.OPERATOR_DECIDES)).isTrue();
    assertThat(world.manager().executed(Receiving.Follow.class)).isFalse();
  }

  @Test
  void unfitReplicasAreNamedBeforeTheyAreNeeded() {
    World world = World.of(Profile.ASYNC);
    world.server(DB2).version = "10.6.3-MariaDB";
    world.server(DB3).format = "MIXED";
    world.run(SOON);
    assertThat(world.diagnoses(Diagnosis.Unfit.class))
        .flatExtracting(d -> d.reasons())
        .containsExactly(
            "it is older (10.6.3-MariaDB) than 11.4.5-MariaDB", "binlog_format is MIXED");
  }

  @Test
  void sharedServerIdsAreAnAlarm() {
    World world = World.of(Profile.ASYNC);
    world.server(DB3).pretend(2);
    world.until("seen", SOON, () -> world.shows(Diagnosis.DuplicateServerIds.class));
    assertThat(world.holds(Reason.OPERATOR_DECIDES)).isTrue();
  }

  @Test
  void stoppedEventSchedulerIsTold() {
    World world = World.of(Profile.ASYNC);
    world.server(DB2).events(true);
    world.until("seen", SOON, () -> world.shows(Diagnosis.EventsStopped.class));
    assertThat(world.holds(Reason.OPERATOR_DECIDES)).isTrue();
  }

  /** Its primary is back; there is no manager. */
  private static World relaxedByADeadManager() {
    World world = World.of(Profile.SAFE).writing(1);
    world.server(DB2).applyMillis = 10;
    world.server(DB3).applyMillis = 10;
    world.run(Duration.ofSeconds(3)).cluster().kill(DB1);
    world.until("relaxed", () -> !world.server(DB2).durability().full());
    world.manager().die();
    world.writing(20).cluster().boot(DB1);
    return world;
  }

  @Test
  void durabilityLeftRelaxedByADeadManagerIsRestored() {
    World world = relaxedByADeadManager();
    world.run(SOON).manager().start();
    world.until("seen", SOON, () -> world.shows(Diagnosis.DurabilityRelaxed.class));
    world.settle();
    assertThat(world.server(DB2).durability().full()).isTrue();
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void serverThatIsLeftRelaxedDoesNotGetTheRoleByOrder() {
    World world = relaxedByADeadManager();
    for (int i = 0; i < 20; i++) {
      world
          .manager()
          .steps()
          .spoil(Receiving.RestoreDurability.class, false, new Outcome.Failed("disk full"));
    }
    world.run(SOON).manager().start();
    world.until("seen", SOON, () -> world.shows(Diagnosis.DurabilityRelaxed.class));
    world.run(SOON);
    assertThat(world.switchOver(DB2).message()).contains("db2: a drain left its durability");
  }

  // --- semi-sync

  @Test
  void commitsThatNobodyAcknowledgesAreAnAlarm() {
    World world = World.of(Profile.SAFE);
    world.cluster().kill(DB2);
    world.cluster().kill(DB3);
    world.until("blocked", () -> world.shows(Diagnosis.SemiSyncBlocked.class));
    assertThat(world.shows(Diagnosis.SyncMemberSilent.class)).isTrue();
    assertThat(world.holds(Reason.OPERATOR_DECIDES)).isTrue();
    world.cluster().boot(DB2);
    world.cluster().boot(DB3);
    world.settle();
    assertThat(world.lost()).isEmpty();
  }

  /** Its replicas say for a minute that they are connected. */
  @Test
  void commitsOfAPrimaryThatOnlyItsReplicasCannotHearAreAnAlarm() {
    World world = World.of(Profile.SAFE);
    world.cluster().cut(DB1, DB2);
    world.cluster().cut(DB1, DB3);
    world.until(
        "blocked", Duration.ofSeconds(6), () -> world.shows(Diagnosis.SemiSyncBlocked.class));
    assertThat(world.server(DB2).channel().facts(0).io()).isEqualTo(ThreadState.YES);
    assertThat(world.holds(Reason.OPERATOR_DECIDES)).isTrue();
    assertThat(world.record().epoch()).isEqualTo(1);
    world.cluster().heal();
    world.settle();
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void commitsUnderWayInProfileAvailableAreNotBlocked() {
    World world = World.of(Profile.AVAILABLE).writing(0);
    for (int i = 0; i < 500; i++) {
      world.run(Duration.ofMillis(1));
      world.cluster().write(DB1, 0);
    }
    assertThat(world.manager().told("wait on db1 for an acknowledgement")).isFalse();
  }

  @Test
  void semiSyncThatSomebodyChangedIsSetRight() {
    World world = World.of(Profile.SAFE);
    world.server(DB1).semiSync(new SemiSync(true, false, 10_000, "AFTER_SYNC", true));
    world.until("seen", SOON, () -> world.shows(Diagnosis.SemiSyncUnprotected.class));
    world.settle();
  }

  @Test
  void memberWhoseSemiSyncWasSwitchedOffAcknowledgesAgain() {
    World world = World.of(Profile.SAFE);
    world.server(DB2).semiSync(new SemiSync(false, false, 10_000, "AFTER_SYNC", true));
    world.until("seen", SOON, () -> world.shows(Diagnosis.SyncMemberSilent.class));
    world.settle();
    assertThat(world.manager().executed(Keeping.ConfirmAcknowledging.class)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(classes = {Receiving.RestartReceiving.class, Keeping.ConfirmAcknowledging.class})
  void memberThatDidNotReconnectIsTriedAgain(Class<? extends Step> step) {
    World world = new World(Specs.of(Profile.SAFE, 3), ClusterRecord.blank());
    world.cluster().replicateFrom(DB1);
    world.manager().steps().spoil(step, false, new Outcome.Unknown("connection lost"));
    world.manager().start();
    world.until("all listed", () -> world.record().syncSet().size() == 2);
    world.settle();
  }

  @Test
  void strangerThatAcknowledgesIsListedBeforeAnythingElse() {
    World world = World.of(Specs.asynchronous(Specs.of(Profile.SAFE, 4), DB3));
    assertThat(world.record().syncSet()).doesNotContain(DB3);
    world.server(DB3).semiSync(new SemiSync(false, true, 10_000, "AFTER_SYNC", true));
    world.until("listed", SOON, () -> world.record().syncSet().contains(DB3));
    assertThat(world.manager().told("it counts as a member from now on")).isTrue();
    world.until("left again", () -> !world.record().syncSet().contains(DB3));
    assertThat(world.manager().executed(Keeping.ConfirmDumpRenewed.class)).isTrue();
    world.settle();
  }

  @Test
  void leavingMemberIsNotForgottenWhileNobodyElseHasWhatItAcknowledged() {
    World world = World.of(Specs.asynchronous(Specs.of(Profile.SAFE, 4), DB3));
    world.server(DB3).semiSync(new SemiSync(false, true, 10_000, "AFTER_SYNC", true));
    world.until("listed", SOON, () -> world.record().syncSet().contains(DB3));
    world.cluster().cut(DB1, DB2);
    world.cluster().cut(DB1, new ServerId("db4"));
    world.run(Duration.ofSeconds(10));
    assertThat(world.manager().told("no other member has received all that db3")).isTrue();
    assertThat(world.record().syncSet()).contains(DB3);
    world.cluster().heal();
    world.settle();
  }

  @Test
  void lastMemberCannotLeave() {
    World world = World.of(Specs.asynchronous(Specs.of(Profile.SAFE, 2), DB2));
    world.run(Duration.ofSeconds(5));
    assertThat(world.record().syncSet()).containsExactly(DB2);
    assertThat(world.shows(Diagnosis.SyncMemberSilent.class)).isTrue();
    assertThat(world.holds(Reason.OPERATOR_DECIDES)).isTrue();
  }

  @Test
  void replicaWithAStoppedSqlThreadIsNotMadeToForgetItsRelayLog() {
    World world = World.of(Specs.asynchronous(Specs.of(Profile.SAFE, 4), DB3));
    world.server(DB2).stop(false, true);
    world.run(SOON);
    int backlog = world.server(DB2).backlog();
    world.server(DB2).semiSync(new SemiSync(false, false, 10_000, "AFTER_SYNC", true));
    world.run(Duration.ofSeconds(5));
    assertThat(world.server(DB2).backlog()).isGreaterThanOrEqualTo(backlog);
  }

  @Test
  void rejoinByCommandSaysWhyNot() {
    World world = World.of(Specs.preferring(Specs.of(Profile.ASYNC, 3), DB3, Preference.PREFER));
    assertThat(world.rejoin(DB1).message()).isEqualTo("db1 is the primary");
    world.cluster().freeze(DB2);
    world.run(SOON);
    assertThat(world.rejoin(DB2).message()).isEqualTo("db2 does not answer");
    assertThat(world.server(DB3).channel().facts(0).io()).isEqualTo(ThreadState.YES);
  }
}
