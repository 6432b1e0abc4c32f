package dev.regent.core.story;

import static dev.regent.core.toy.ToyCluster.MANAGER;
import static dev.regent.core.toy.World.DB1;
import static dev.regent.core.toy.World.DB2;
import static dev.regent.core.toy.World.DB3;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.Observation.Kind;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The primary says nothing, to us or to everybody: is it dead, or is our path? */
class SilenceTest {
  private static final Duration SLOW = Duration.ofSeconds(30);

  private static World slowHeartbeats(Profile profile) {
    World world = World.of(profile).writing(0);
    world.server(DB2).heartbeat(SLOW);
    world.server(DB3).heartbeat(SLOW);
    return world.run(Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 20})
  void frozenPrimaryIsReplacedWithinFiveSeconds(long writeEvery) {
    World world = World.of(Profile.AVAILABLE).severalWriters().writing(writeEvery);
    world.run(Duration.ofSeconds(3));
    world.cluster().freeze(DB1);
    world.until("a new primary", Duration.ofSeconds(5), () -> world.server(DB2).writable());
    assertThat(world.shows(Diagnosis.PrimaryHidden.class)).isFalse();
  }

  @Test
  void thawedPrimaryIsFencedAtOnceAndItsWritesAreCounted() {
    World world = World.of(Profile.AVAILABLE).severalWriters();
    world.cluster().freeze(DB1);
    world.until("a new primary", () -> world.server(DB2).writable());
    world.run(Duration.ofSeconds(2));
    world.cluster().thaw(DB1);
    world.cluster().write(DB1, 0);
    world.cluster().write(DB1, 0);
    world.until("fenced", Duration.ofSeconds(2), () -> world.server(DB1).readOnly());
    world.until("held out", () -> world.record().quarantine().containsKey(DB1));
    assertThat(world.manager().told("transactions were only on the old primary")).isTrue();
    assertThat(world.shows(Diagnosis.Quarantined.class)).isTrue();
  }

  /** It answers before the plan has ended, so nobody calls that a return. */
  @Test
  void primaryThatThawsInTheMiddleIsFencedThoughItsCommitsWait() {
    World world = World.of(Profile.SAFE).severalWriters();
    world.cluster().freeze(DB1);
    world.until("the point of no return", () -> world.manager().told("point of no return"));
    world.cluster().thaw(DB1);
    world.until("a new primary", () -> world.server(DB2).writable());
    world.cluster().write(DB1, 0);
    world.until("fenced", Duration.ofSeconds(2), () -> world.server(DB1).readOnly());
    world.until("held out", () -> world.record().quarantine().containsKey(DB1));
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void frozenPrimaryWithSlowHeartbeatsIsTestedThroughAWitness() {
    World world = slowHeartbeats(Profile.AVAILABLE).severalWriters();
    world.cluster().freeze(DB1);
    world.until("a new primary", Duration.ofSeconds(5), () -> world.server(DB2).writable());
    assertThat(world.manager().executed(Receiving.TestPrimary.class)).isTrue();
    world.settle();
  }

  /** What we stopped ourselves must not look like testimony that somebody took away. */
  @Test
  void testThatBreaksOffWithTheThreadsStoppedIsMadeAgain() {
    World world = slowHeartbeats(Profile.AVAILABLE).severalWriters();
    Outcome unknown = new Outcome.Unknown("no answer in time");
    world.manager().steps().spoil(Receiving.TestPrimary.class, false, unknown);
    world.manager().steps().spoil(Receiving.TestPrimary.class, false, unknown);
    world.cluster().freeze(DB1);
    world.until("tested", () -> world.manager().executed(Receiving.TestPrimary.class));
    world.server(DB2).stop(true, false);
    world.server(DB3).stop(true, false);
    world.until("a new primary", Duration.ofSeconds(10), () -> world.server(DB2).writable());
    world.settle();
  }

  @Test
  void onlyOurPathIsCutAndTheClusterIsIdle() {
    World world = World.of(Profile.AVAILABLE).writing(0);
    world.cluster().cut(MANAGER, DB1);
    world.until("hidden", Duration.ofSeconds(4), () -> world.shows(Diagnosis.PrimaryHidden.class));
    world.run(Duration.ofMinutes(1));
    assertThat(world.shows(Diagnosis.PrimaryHidden.class)).isTrue();
    assertThat(world.holds(Reason.PRIMARY_LIVES)).isTrue();
    assertThat(world.record().epoch()).isEqualTo(1);
    world.cluster().heal();
    world.settle();
    assertThat(world.primary()).isEqualTo(DB1);
  }

  @Test
  void onlyOurPathIsCutAndHeartbeatsAreSlow() {
    World world = slowHeartbeats(Profile.AVAILABLE);
    world.cluster().cut(MANAGER, DB1);
    world.until("hidden", Duration.ofSeconds(8), () -> world.shows(Diagnosis.PrimaryHidden.class));
    world.run(Duration.ofMinutes(2));
    assertThat(world.manager().executed(Receiving.TestPrimary.class)).isTrue();
    assertThat(world.record().epoch()).isEqualTo(1);
    world.cluster().heal();
    world.settle();
    assertThat(world.primary()).isEqualTo(DB1);
  }

  /** A look that falls into the reconnection which our own test makes finds both without it. */
  @Test
  void witnessesThatAreJustReconnectingHaveNotLostIt() {
    World world = slowHeartbeats(Profile.ASYNC);
    world.cluster().cut(MANAGER, DB1);
    world.until("hidden", Duration.ofSeconds(8), () -> world.shows(Diagnosis.PrimaryHidden.class));
    for (int i = 0; i < 20; i++) {
      world.run(Duration.ofSeconds(4));
      reconnect(world);
    }
    assertThat(world.record().epoch()).isEqualTo(1);
  }

  @Test
  void portThatRefusesUsOnlyWhileTheTestReconnects() {
    World world = slowHeartbeats(Profile.ASYNC);
    Outcome unknown = new Outcome.Unknown("no answer in time");
    world.manager().steps().spoil(Receiving.TestPrimary.class, false, unknown);
    world.manager().steps().spoil(Receiving.TestPrimary.class, false, unknown);
    world.server(DB1).refuse(Kind.REFUSED);
    world.until("tested", () -> world.manager().executed(Receiving.TestPrimary.class));
    reconnect(world);
    world.until("hidden", () -> world.shows(Diagnosis.PrimaryHidden.class));
    assertThat(world.record().epoch()).isEqualTo(1);
  }

  private static void reconnect(World world) {
    for (ServerId witness : List.of(DB2, DB3)) {
      world.server(witness).reconnectAt(world.cluster().nowMillis() + 300);
    }
    world.until("seen without it", () -> seenConnecting(world, DB2) && seenConnecting(world, DB3));
    world.run(Duration.ofMillis(500));
  }

  @Test
  void onlyOurPathIsCutAndThereAreNoHeartbeatsAtAll() {
    World world = World.of(Profile.ASYNC).writing(0);
    world.server(DB2).heartbeat(Duration.ZERO);
    world.server(DB3).heartbeat(Duration.ZERO);
    world.run(Duration.ofSeconds(5));
    world.cluster().cut(MANAGER, DB1);
    world.run(Duration.ofMinutes(2));
    assertThat(world.record().epoch()).isEqualTo(1);
    assertThat(world.server(DB1).writable()).isTrue();
  }

  @Test
  void onlyOurPathRefusesUs() {
    World world = World.of(Profile.AVAILABLE).writing(0);
    world.server(DB1).refuse(Kind.REFUSED);
    world.until("hidden", Duration.ofSeconds(4), () -> world.shows(Diagnosis.PrimaryHidden.class));
    world.run(Duration.ofMinutes(1));
    assertThat(world.record().epoch()).isEqualTo(1);
  }

  /** One witness lost it and answers first; the other one was asked, and did not answer yet. */
  @Test
  void managerThatHasJustStartedHearsAllWitnessesFirst() {
    World world = World.of(Profile.ASYNC).run(Duration.ofSeconds(2));
    world.manager().die();
    world.server(DB2).loseConnection(Duration.ofMinutes(1));
    world.server(DB1).refuse(Kind.REFUSED);
    world.run(Duration.ofSeconds(1)).cluster().freeze(DB3);
    world.manager().start();
    world.run(Duration.ofMillis(500));
    assertThat(world.manager().told("waiting for fresh word from db2 and db3")).isTrue();
    assertThat(world.manager().told("fail over from")).isFalse();
  }

  @Test
  void witnessThatReconnectedSinceItWasSeenIsAskedAgain() {
    World world = World.of(Specs.of(Profile.ASYNC, 2));
    world.server(DB2).loseConnection(Duration.ofMinutes(1));
    world.until("seen without it", () -> seenConnecting(world, DB2));
    world.server(DB1).refuse(Kind.REFUSED);
    world.server(DB2).stop(true, false);
    world.server(DB2).startReplication();
    world.run(Duration.ofSeconds(10));
    assertThat(world.shows(Diagnosis.PrimaryHidden.class)).isTrue();
    assertThat(world.record().epoch()).isEqualTo(1);
  }

  private static boolean seenConnecting(World world, ServerId server) {
    return world.picture().snapshot().view(server).facts().orElseThrow().channels().stream()
        .anyMatch(c -> c.io() == ThreadState.CONNECTING);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"AUTH", "TOO_MANY_CONNECTIONS", "PROTOCOL", "TLS"})
  void lockedOutOfAHealthyPrimaryWhileSqlThreadsAreStopped(Kind kind) {
    World world = World.of(Profile.AVAILABLE);
    world.server(DB2).stop(false, true);
    world.server(DB3).stop(false, true);
    world.run(Duration.ofSeconds(1));
    world.server(DB1).refuse(kind);
    world.run(Duration.ofMinutes(1));
    assertThat(world.shows(Diagnosis.PrimaryLockedOut.class)).isTrue();
    assertThat(world.holds(Reason.PRIMARY_LIVES)).isTrue();
    assertThat(world.record().epoch()).isEqualTo(1);
    assertThat(world.server(DB2).backlog()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 20})
  void cutOffFromAHealthyPrimaryWhileSqlThreadsAreStopped(long writeEvery) {
    World world = World.of(Profile.AVAILABLE).writing(writeEvery);
    world.server(DB2).stop(false, true);
    world.server(DB3).stop(false, true);
    world.run(Duration.ofSeconds(1));
    world.cluster().cut(MANAGER, DB1);
    world.run(Duration.ofMinutes(1));
    assertThat(world.shows(Diagnosis.PrimaryHidden.class)).isTrue();
    assertThat(world.record().epoch()).isEqualTo(1);
  }

  @Test
  void nobodyCanTestify() {
    World world = World.of(Profile.ASYNC);
    world.server(DB2).stop(true, false);
    world.server(DB3).stop(true, false);
    world.run(Duration.ofSeconds(1));
    world.cluster().kill(DB1);
    world.run(Duration.ofSeconds(30));
    assertThat(world.shows(Diagnosis.PrimaryUnwitnessed.class)).isTrue();
    assertThat(world.holds(Reason.NO_WITNESS)).isTrue();
    assertThat(world.cluster().writable()).isEmpty();
    assertThat(world.failOver(false).lines()).contains("reason: NO_WITNESS");
    world.failOver(true);
    assertThat(world.cluster().writable()).containsExactly(DB2);
  }

  @Test
  void replicaThatLostItBeforeSaysNothingAboutItsDeath() {
    World world = World.of(Profile.ASYNC).writing(0);
    world.cluster().cut(DB1, DB2);
    world.cluster().cut(DB1, DB3);
    world.run(Duration.ofSeconds(70));
    assertThat(world.shows(Diagnosis.ReplicaConnecting.class)).isTrue();
    world.cluster().cut(MANAGER, DB1);
    world.run(Duration.ofSeconds(30));
    assertThat(world.shows(Diagnosis.PrimaryUnwitnessed.class)).isTrue();
    assertThat(world.record().epoch()).isEqualTo(1);
  }

  @Test
  void nothingAnswers() {
    World world = World.of(Profile.ASYNC);
    for (var id : List.of(DB1, DB2, DB3)) {
      world.cluster().cut(MANAGER, id);
    }
    world.run(Duration.ofSeconds(20));
    assertThat(world.shows(Diagnosis.ClusterDown.class)).isTrue();
    assertThat(world.record().epoch()).isEqualTo(1);
    world.cluster().heal();
    world.settle();
    assertThat(world.primary()).isEqualTo(DB1);
  }
}
