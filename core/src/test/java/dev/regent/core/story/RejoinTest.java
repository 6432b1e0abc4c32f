package dev.regent.core.story;

import static dev.regent.core.toy.World.DB1;
import static dev.regent.core.toy.World.DB2;
import static dev.regent.core.toy.World.DB3;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.control.Reply;
import dev.regent.core.model.GtidState;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Decision.Reason;
import dev.regent.core.plan.Keeping;
import dev.regent.core.plan.Outcome;
import dev.regent.core.toy.Specs;
import dev.regent.core.toy.World;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server comes back after somebody else became primary. */
class RejoinTest {
  private static World failedOver(Profile profile) {
    World world = World.of(profile);
    world.cluster().kill(DB1);
    return world.settle().run(Duration.ofSeconds(2));
  }

  @ParameterizedTest
  @EnumSource(Profile.class)
  void cleanFormerPrimaryIsAttachedAndProven(Profile profile) {
    World world = failedOver(profile);
    world.cluster().boot(DB1);
    world.settle();
    assertThat(world.server(DB1).state()).isEqualTo(world.server(DB3).state());
    assertThat(world.manager().told("exactly 0 transactions were only")).isTrue();
    assertThat(world.manager().told("nothing was skipped")).isTrue();
  }

  /** It never has what the last look at the primary showed: a load goes on. */
  @Test
  void formerPrimaryThatIsAlwaysALittleLateIsComparedAllTheSame() {
    World world = failedOver(Profile.ASYNC);
    world.cluster().boot(DB1);
    world.until("it follows", () -> !world.server(DB1).facts().channels().isEmpty());
    world.server(DB1).delay(Duration.ofSeconds(1));
    world.until("compared", Duration.ofSeconds(10), () -> world.manager().told("nothing was"));
    assertThat(world.record().unverified()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Profile.class)
  void primaryThatDiedAtOnceIsAFormerPrimaryToo(Profile profile) {
    World world = World.of(profile);
    world.cluster().kill(DB1);
    world.until("it leads", () -> !world.primary().equals(DB1) && world.record().plan().isEmpty());
    ServerId second = world.primary();
    world.cluster().kill(second);
    world.run(Duration.ofSeconds(3)).failOver(true);
    world.until("the third leads", () -> !world.primary().equals(second));
    world.run(Duration.ofSeconds(2)).cluster().boot(second);
    world.settle();
    assertThat(world.manager().told("transactions were only on the old primary")).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Profile.class)
  void errantFormerPrimaryIsFencedSavedAndHeldOut(Profile profile) {
    World world = World.of(profile);
    world.cluster().cut(DB1, DB2);
    world.cluster().cut(DB1, DB3);
    world.run(Duration.ofMillis(300)).cluster().kill(DB1);
    world.cluster().heal();
    world.settle().run(Duration.ofSeconds(5)).cluster().boot(DB1);
    world.settle();
    var quarantine = world.record().quarantine().get(DB1);
    assertThat(quarantine).isNotNull();
    assertThat(quarantine.file()).isEqualTo("errant-db1.sql");
    long errant = quarantine.errant().stream().mapToLong(r -> r.count()).sum();
    assertThat(world.manager().told("exactly " + errant + " transactions were only on")).isTrue();
    assertThat(world.record().failovers()).hasSize(1);
    assertThat(world.server(DB1).readOnly()).isTrue();
    assertThat(world.holds(Reason.OPERATOR_DECIDES)).isTrue();
    assertThat(world.rejoin(DB1).message()).contains("rebuild it from a copy");
  }

  @Test
  void rebuiltServerIsReleasedAndAttached() {
    World world = failedOver(Profile.SAFE);
    world.server(DB1).writeErrant(0);
    world.cluster().boot(DB1);
    world.until("held out", () -> world.record().quarantine().containsKey(DB1));
    world.cluster().kill(DB1);
    world.run(Duration.ofSeconds(1));
    world.server(DB1).rebuildFrom(world.server(DB3));
    world.cluster().boot(DB1);
    world.until("released", () -> world.record().quarantine().isEmpty());
    world.settle();
    assertThat(world.record().syncSet()).contains(DB1, DB3);
    // A copy tells nothing of what was lost: that was told when it was held out.
    assertThat(world.manager().told("exactly 1 transactions were only")).isTrue();
    assertThat(world.manager().told("exactly 0 transactions were only")).isFalse();
  }

  /** A power cut can take what is in the tables out of the log, if a recovery had put it there. */
  @Test
  void serverThatLostWhatItWasHeldOutForFromItsLogIsNotTakenForARebuiltOne() {
    World world = failedOver(Profile.SAFE);
    world.server(DB1).writeErrant(0);
    world.cluster().boot(DB1);
    world.until("held out", () -> world.record().quarantine().containsKey(DB1));
    world.cluster().kill(DB1);
    world.run(Duration.ofSeconds(1));
    world.server(DB1).loseLast(1);
    world.cluster().boot(DB1);
    world.run(Duration.ofSeconds(20));
    assertThat(world.record().quarantine()).containsKey(DB1);
    assertThat(world.record().syncSet()).doesNotContain(DB1);
    assertThat(world.manager().told("gone from its log, perhaps not from its tables")).isTrue();
    // Whoever looked at the tables may say so.
    assertThat(world.rejoin(DB1).result()).isEqualTo(Reply.Result.DONE);
    world.settle();
    assertThat(world.record().quarantine()).isEmpty();
  }

  /** What the twin wrote meanwhile would be taken for the other's: nothing is told to be exact. */
  @Test
  void accountOfAServerWithATwinIsNotExact() {
    World world = failedOver(Profile.AVAILABLE);
    world.server(DB1).writeErrant(0);
    world.server(DB3).pretend(1);
    world.cluster().boot(DB1);
    world.until("held out", () -> world.record().quarantine().containsKey(DB1));

    assertThat(world.manager().told("at least 1 transactions were only on the old primary"))
        .isTrue();
    assertThat(world.manager().told("another server has its server_id")).isTrue();
    assertThat(world.manager().told("exactly 1 transactions")).isFalse();
  }

  /** Seed 2 of the simulator, with clients of the proxy: what db2 was held out for db3 "had". */
  @Test
  void heldOutServerIsNotReleasedByWhatItsTwinWrote() {
    World world = failedOver(Profile.AVAILABLE);
    world.server(DB1).writeErrant(0);
    world.cluster().boot(DB1);
    world.until("held out", () -> world.record().quarantine().containsKey(DB1));
    world.server(world.primary()).pretend(1);
    world.writing(1).run(Duration.ofSeconds(5));
    // Compares anew.
    world.manager().die();
    world.manager().start();
    world.run(Duration.ofSeconds(20));
    assertThat(world.record().quarantine()).containsKey(DB1);
    assertThat(world.manager().told("a position does not say who wrote them")).isTrue();
    world.server(world.primary()).pretend(0);
    world.run(Duration.ofSeconds(20));
    assertThat(world.record().quarantine()).as("after the twin is mended").containsKey(DB1);
    // Whoever looked at the tables may say so.
    assertThat(world.rejoin(DB1).result()).isEqualTo(Reply.Result.DONE);
  }

  @Test
  void serverThatComesBackWritableIsClosedFirst() {
    World world = failedOver(Profile.ASYNC).severalWriters();
    world.cluster().boot(DB1);
    world.server(DB1).readOnly(false);
    world.until("closed", Duration.ofSeconds(1), () -> world.server(DB1).readOnly());
    assertThat(world.manager().executed()).anyMatch(s -> s instanceof Keeping.FenceReturned);
    assertThat(world.manager().told("db1 is back, writable")).isTrue();
  }

  /** Compared while it could still write, and closed by somebody after one more. */
  @Test
  void whatAFormerPrimaryWroteAfterItWasComparedIsFound() {
    World world = failedOver(Profile.ASYNC).writing(0).severalWriters();
    world.manager().steps().spoil(Keeping.FenceReturned.class, false, new Outcome.Failed("no"));
    world.cluster().boot(DB1);
    world.server(DB1).readOnly(false);
    world.until("compared", () -> world.shows(Diagnosis.ReplicaWritable.class));
    world.server(DB1).writeErrant(0);
    world.server(DB1).readOnly(true);
    world.settle();
    assertThat(world.manager().told("exactly 1 transactions were only on")).isTrue();
    assertThat(world.manager().told("exactly 0 transactions were only on")).isFalse();
    assertThat(world.record().quarantine()).containsKey(DB1);
  }

  /** Seeds 408 and 734: somebody with the right to do so wrote while it was being closed. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void whatAFormerPrimaryGetsAfterTheLastLookIsCountedToo(int errant) {
    World world = failedOver(Profile.ASYNC).writing(0);
    IntStream.range(0, errant).forEach(i -> world.server(DB1).writeErrant(0));
    world.cluster().boot(DB1);
    world.until("about to be closed", () -> world.record().plan().isPresent());
    world.server(DB1).writeErrant(0);
    world.until("held out", () -> world.record().quarantine().containsKey(DB1));
    world.settle();
    assertThat(world.manager().told("exactly " + errant + " transactions were only")).isFalse();
    assertThat(world.manager().told("exactly " + (errant + 1) + " transactions were")).isTrue();
    var quarantine = world.record().quarantine().get(DB1);
    assertThat(quarantine).isNotNull();
    assertThat(GtidState.count(quarantine.errant())).isEqualTo(errant + 1);
  }

  @Test
  void rejoinedServerThatSkippedItsOwnEventsIsHeldOut() {
    World world = failedOver(Profile.AVAILABLE);
    world.server(DB1).loseLast(2);
    world.server(DB1).skipsOwnEvents();
    world.cluster().boot(DB1);
    world.until("seen", () -> world.shows(Diagnosis.ReplicaMisses.class));
    world.until("held out", () -> world.record().quarantine().containsKey(DB1));
    world.run(Duration.ofSeconds(30));
    assertThat(world.shows(Diagnosis.Quarantined.class)).isTrue();
    assertThat(world.record().quarantine()).containsKey(DB1);
  }

  @Test
  void managerThatStartsMeanwhileProvesNothingThatItDidNotCompare() {
    World world = failedOver(Profile.AVAILABLE);
    world.server(DB1).loseLast(2);
    world.server(DB1).skipsOwnEvents();
    world.cluster().boot(DB1);
    world.until("follows", () -> !world.server(DB1).facts().channels().isEmpty());
    world.manager().die();
    world.run(Duration.ofSeconds(1)).manager().start();
    world.until("held out", () -> world.record().quarantine().containsKey(DB1));
    assertThat(world.manager().told("nothing was skipped")).isFalse();
  }

  @Test
  void heldOutServerStaysSoOverARestart() {
    World world = failedOver(Profile.AVAILABLE);
    world.server(DB1).loseLast(2);
    world.server(DB1).skipsOwnEvents();
    world.cluster().boot(DB1);
    world.until("held out", () -> world.record().quarantine().containsKey(DB1));
    world.cluster().kill(DB1);
    world.run(Duration.ofSeconds(2)).cluster().boot(DB1);
    world.run(Duration.ofSeconds(20));
    assertThat(world.record().quarantine()).containsKey(DB1);
    world.cluster().kill(DB2);
    world.settle();
    assertThat(world.primary()).isEqualTo(DB3);
  }

  @Test
  void truncatedServerGetsItsOwnEventsBack() {
    World world = failedOver(Profile.SAFE);
    world.server(DB1).loseLast(3);
    world.cluster().boot(DB1);
    world.settle();
    assertThat(world.server(DB1).state()).isEqualTo(world.server(DB3).state());
  }

  @Test
  void unreachedReplicaThatReturnsIsStoppedBeforeItAcknowledgesForTheOldReign() {
    World world = World.of(Profile.SAFE);
    world.cluster().kill(DB3);
    world.run(Duration.ofSeconds(2)).cluster().kill(DB1);
    world.run(Duration.ofSeconds(2));
    world.failOver(true);
    world.cluster().boot(DB1);
    world.cluster().boot(DB3);
    world.server(DB3).startReplication();
    world.settle();
    assertThat(world.record().syncSet()).containsExactly(DB1, DB3);
  }

  @Test
  void attachingIsLeftToTheOperatorWhereConfiguredSo() {
    World world = World.of(Specs.with(Specs.of(Profile.ASYNC, 3), Specs.rejoinByHand()));
    world.cluster().kill(DB1);
    world.settle().cluster().boot(DB1);
    world.run(Duration.ofSeconds(10));
    assertThat(world.shows(Diagnosis.ReplicaDetached.class)).isTrue();
    assertThat(world.holds(Reason.MANUAL)).isTrue();
    assertThat(world.rejoin(DB1).result()).isEqualTo(Reply.Result.DONE);
    world.settle();
  }

  @Test
  void replicaThatRestartsFollowsAgain() {
    World world = World.of(Profile.SAFE);
    world.cluster().kill(DB2);
    world.run(Duration.ofSeconds(2)).cluster().boot(DB2);
    world.settle();
    assertThat(world.record().syncSet()).contains(DB2);
  }

  @Test
  void errantReplicaIsHeldOutAndLeavesTheSyncSet() {
    World world = World.of(Profile.SAFE);
    world.server(DB3).writeErrant(0);
    world.until("held out", () -> world.record().quarantine().containsKey(DB3));
    world.until("left", () -> !world.record().syncSet().contains(DB3));
    world.cluster().kill(DB1);
    world.run(Duration.ofSeconds(3));
    // Nobody could acknowledge for db2.
    assertThat(world.holds(Reason.SYNC_MEMBER_MISSING)).isTrue();
    world.cluster().boot(DB1);
    world.settle();
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void heldOutServerThatWasNotRebuiltIsComparedAgainAndHeldOutAgain() {
    World world = failedOver(Profile.AVAILABLE);
    world.server(DB1).loseLast(2);
    world.server(DB1).skipsOwnEvents();
    world.cluster().boot(DB1);
    world.until("held out", () -> world.record().quarantine().containsKey(DB1));
    assertThat(world.rejoin(DB1).result()).isEqualTo(Reply.Result.DONE);
    world.until("held out again", () -> world.record().quarantine().containsKey(DB1));
    assertThat(world.manager().told("nothing was skipped")).isFalse();
  }

  /** A former primary that is whole again, and then loses the end of its log in a restart. */
  private static World ownEventsLost() {
    World world = World.of(Profile.ASYNC).writing(0);
    world.cluster().kill(DB1);
    world.settle().cluster().boot(DB1);
    world.settle().cluster().kill(DB1);
    world.run(Duration.ofSeconds(2));
    world.server(DB1).loseLast(3);
    return world;
  }

  @Test
  void serverThatLosesItsOwnEventsInARestartGetsThemBack() {
    World world = ownEventsLost();
    world.cluster().boot(DB1);
    world.settle();
    assertThat(world.server(DB1).state()).isEqualTo(world.server(DB3).state());
  }

  @Test
  void skippedOwnEventsAreFoundOnAnyReplica() {
    World world = ownEventsLost();
    world.server(DB1).skipsOwnEvents();
    world.cluster().boot(DB1);
    world.until("held out", () -> world.record().quarantine().containsKey(DB1));
    assertThat(world.manager().told("says it is caught up but lacks")).isTrue();
  }
}
