package dev.regent.core.story;

import static dev.regent.core.toy.ToyCluster.MANAGER;
import static dev.regent.core.toy.World.DB1;
import static dev.regent.core.toy.World.DB2;
import static dev.regent.core.toy.World.DB3;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.control.Reply;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Decision.Reason;
import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Promoting;
import dev.regent.core.plan.Receiving;
import dev.regent.core.toy.Specs;
import dev.regent.core.toy.World;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Profile safe: no acknowledged write is lost, or nothing is done without the operator. */
class SafeTest {
  /** Replicas that need 10 ms for each transaction while clients write one each millisecond. */
  private static World lagging() {
    World world = World.of(Profile.SAFE).writing(1);
    world.server(DB2).applyMillis = 10;
    world.server(DB3).applyMillis = 10;
    return world.run(Duration.ofSeconds(4));
  }

  @Test
  void candidateDrainsWithRelaxedDurabilityAndIsDurableBeforeItOpens() {
    World world = lagging();
    assertThat(world.server(DB2).backlog()).isGreaterThan(1000);
    world.cluster().kill(DB1);
    world.until("relaxed", () -> !world.server(DB2).durability().full());
    assertThat(world.record().relaxed()).containsKey(DB2);
    assertThat(world.server(DB3).durability().full()).isTrue();
    world.until("open", Duration.ofSeconds(5), () -> world.server(DB2).writable());
    assertThat(world.server(DB2).durability().full()).isTrue();
    world.settle();
    assertThat(world.lost()).isEmpty();
    assertThat(world.manager().told("no acknowledged write is lost")).isTrue();
  }

  @Test
  void shortDrainIsNotWorthIt() {
    World world = World.of(Profile.SAFE);
    world.server(DB2).applyMillis = 40;
    world.server(DB3).applyMillis = 40;
    world.run(Duration.ofSeconds(1)).cluster().kill(DB1);
    world.settle();
    assertThat(world.manager().executed(Receiving.Drain.class)).isTrue();
    assertThat(world.manager().executed(Receiving.RelaxDurability.class)).isFalse();
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void drainThatCannotBeRestoredIsNotOpened() {
    World world = lagging();
    world
        .manager()
        .steps()
        .spoil(Receiving.RestoreDurability.class, false, new Outcome.Failed("disk full"));
    world.cluster().kill(DB1);
    world.until("it gave up", () -> world.manager().told("could not be restored: disk full"));
    world.settle();
    assertThat(world.server(world.primary()).durability().full()).isTrue();
    assertThat(world.lost()).isEmpty();
  }

  /** It is not restored once more before the server was looked at. */
  @Test
  void drainOfWhichNobodyKnowsWhetherItWasRestoredIsNotOpened() {
    World world = lagging();
    world
        .manager()
        .steps()
        .spoil(Receiving.RestoreDurability.class, false, new Outcome.Unknown("no answer"));
    world.cluster().kill(DB1);
    world.until("it gave up", () -> world.manager().told("could not be restored: no answer"));
    List<String> trail = world.manager().trail();
    int unknown = index(trail, "unknown (no answer)");
    int over = index(trail, "could not be restored: no answer");
    assertThat(trail.get(unknown)).contains("restore durability on");
    assertThat(trail.subList(unknown + 1, over)).noneMatch(l -> l.contains("restore durability"));
    world.settle();
    assertThat(world.server(world.primary()).durability().full()).isTrue();
    assertThat(world.lost()).isEmpty();
  }

  private static int index(List<String> trail, String part) {
    List<Boolean> has = trail.stream().map(line -> line.contains(part)).toList();
    assertThat(has).as(part).contains(true);
    return has.indexOf(true);
  }

  @Test
  void relayLogsAreRescuedWhereSqlThreadsWereStopped() {
    World world = World.of(Profile.SAFE);
    world.server(DB2).stop(false, true);
    world.server(DB3).stop(false, true);
    world.run(Duration.ofSeconds(2)).cluster().kill(DB1);
    world.settle();
    assertThat(world.manager().executed(Receiving.Rescue.class)).isTrue();
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void replicaThatRestartedBeforeTheElectionIsReadToItsEnd() {
    World world = lagging();
    world.cluster().cut(DB1, DB3);
    world.run(Duration.ofMillis(300));
    world.cluster().kill(DB1);
    world.cluster().kill(DB2);
    world.run(Duration.ofMillis(500));
    world.cluster().boot(DB2);
    world.cluster().heal();
    world.settle();
    assertThat(world.manager().executed(Receiving.Rescue.class)).isTrue();
    assertThat(world.lost()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"db2", "db3"})
  void missingMemberIsNamedAndTheOperatorMayOverrule(String name) {
    ServerId missing = new ServerId(name);
    ServerId other = missing.equals(DB2) ? DB3 : DB2;
    World world = World.of(Profile.SAFE);
    world.cluster().cut(MANAGER, missing);
    world.run(Duration.ofSeconds(3)).cluster().kill(DB1);
    world.run(Duration.ofSeconds(10));
    assertThat(world.holds(Reason.SYNC_MEMBER_MISSING)).isTrue();
    assertThat(world.manager().told("sync member " + name + " could hold")).isTrue();
    assertThat(world.picture().guarantee().sentence()).contains(name + " is unreachable");
    assertThat(world.cluster().writable()).isEmpty();
    Reply refused = world.failOver(false);
    assertThat(refused.result()).isEqualTo(Reply.Result.HELD);
    Reply forced = world.failOver(true);
    assertThat(forced.message()).contains("no lost transaction is known, about");
    assertThat(world.cluster().writable()).containsExactly(other);
    world.cluster().heal();
    world.run(Duration.ofSeconds(5)).cluster().boot(DB1);
    world.settle();
    assertThat(world.record().syncSet()).contains(missing);
  }

  @Test
  void missingMemberThatReturnsLetsItGoOn() {
    World world = World.of(Profile.SAFE);
    world.cluster().freeze(DB3);
    world.run(Duration.ofSeconds(3)).cluster().kill(DB1);
    world.run(Duration.ofSeconds(5));
    assertThat(world.holds(Reason.SYNC_MEMBER_MISSING)).isTrue();
    world.cluster().thaw(DB3);
    world.settle();
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void memberThatFallsSilentWhileItIsRevokedStopsThePromotion() {
    World world = World.of(Profile.SAFE);
    world.cluster().cut(DB1, DB3);
    world.run(Duration.ofMillis(300));
    world
        .manager()
        .steps()
        .spoil(Receiving.StopReceiving.class, false, new Outcome.Unknown("connection lost"));
    world.cluster().kill(DB1);
    world.cluster().heal();
    world.until("refused", () -> world.manager().told("sync member db2 could hold"));
    assertThat(world.cluster().writable()).isEmpty();
    world.settle();
    assertThat(world.primary()).isEqualTo(DB2);
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void forcedFailoverThatIsUndoneGivesUpNoMember() {
    World world = World.of(Profile.SAFE);
    world.cluster().cut(MANAGER, DB3);
    world.run(Duration.ofSeconds(3)).cluster().kill(DB1);
    world.run(Duration.ofSeconds(2));
    world
        .manager()
        .steps()
        .spoil(Promoting.WriteReign.class, false, new Outcome.Failed("disk full"));
    assertThat(world.failOver(true).message()).contains("disk full");
    assertThat(world.record().syncSet()).containsExactly(DB2, DB3);
    assertThat(world.cluster().writable()).isEmpty();
  }

  @Test
  void onlyCopyIsDrainedDurably() {
    World world = lagging();
    world.cluster().cut(DB1, DB3);
    world.run(Duration.ofMillis(100)).cluster().kill(DB1);
    world.cluster().heal();
    world.settle(Duration.ofMinutes(2));
    assertThat(world.primary()).isEqualTo(DB2);
    assertThat(world.manager().executed(Receiving.RelaxDurability.class)).isFalse();
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void lastReplicaIsNotPromotedSinceNobodyCouldAcknowledge() {
    World world = World.of(Specs.of(Profile.SAFE, 2));
    assertThat(world.picture().guarantee().lossFree()).isFalse();
    world.cluster().kill(DB1);
    world.run(Duration.ofSeconds(5));
    assertThat(world.holds(Reason.SYNC_MEMBER_MISSING)).isTrue();
    assertThat(world.manager().executed(Receiving.StopReceiving.class)).isFalse();
    Reply forced = world.failOver(true);
    assertThat(forced.message()).contains("no acknowledged write is lost");
    assertThat(world.cluster().writable()).containsExactly(DB2);
    world.cluster().boot(DB1);
    world.settle();
    assertThat(world.server(DB2).semiSync().endlessAfterSync()).isTrue();
  }

  @Test
  void errantMemberMayHoldAcknowledgedWritesThatNobodyElseHas() {
    World world = World.of(Profile.SAFE);
    world.cluster().cut(DB1, DB3);
    world.run(Duration.ofMillis(100));
    world.server(DB2).writeErrant(0);
    world.run(Duration.ofMillis(100)).cluster().kill(DB1);
    world.until("held", () -> world.manager().told("split brain"));
    world.run(Duration.ofSeconds(3));
    assertThat(world.cluster().writable()).isEmpty();
    assertThat(world.failOver(true).message()).contains("at least");
    assertThat(world.cluster().writable()).containsExactly(DB3);
  }

  @Test
  void reignRowWithoutAcknowledgementIsNotUndoneBehindItsBack() {
    World world = World.of(Specs.of(Profile.SAFE, 3));
    world.cluster().cut(DB2, DB3);
    world.cluster().kill(DB1);
    world.run(Duration.ofSeconds(30));
    assertThat(world.record().epoch()).isEqualTo(1);
    world.cluster().heal();
    world.settle();
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void reignRowWithUnknownOutcomeIsLookedFor() {
    World world = World.of(Profile.SAFE);
    world
        .manager()
        .steps()
        .spoil(Promoting.WriteReign.class, true, new Outcome.Unknown("connection lost"));
    world.cluster().kill(DB1);
    world.settle();
    assertThat(world.manager().executed(Promoting.LookForReign.class)).isTrue();
    assertThat(world.record().epoch()).isEqualTo(2);
  }

  @Test
  void reignRowThatNeverArrivedIsUndoneAndTriedAgain() {
    World world = World.of(Profile.SAFE);
    world
        .manager()
        .steps()
        .spoil(Promoting.WriteReign.class, false, new Outcome.Unknown("connection lost"));
    world.cluster().kill(DB1);
    world.settle();
    assertThat(world.manager().told("the reign row never arrived")).isTrue();
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void winnerThatDiesWithTheReignRowHoldsUntilItIsBackOrTheOperatorOverrules() {
    World world = reignSentToDeadWinner();
    assertThat(world.cluster().writable()).isEmpty();
    world.cluster().boot(DB2);
    world.settle();
    assertThat(world.primary()).isEqualTo(DB2);
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void operatorOverrulesALostReignWithAHigherEpoch() {
    World world = reignSentToDeadWinner();
    world.failOver(true);
    assertThat(world.cluster().writable()).containsExactly(DB3);
    assertThat(world.record().epoch()).isEqualTo(3);
    world.cluster().boot(DB2);
    world.cluster().boot(DB1);
    world.settle();
    assertThat(world.primary()).isEqualTo(DB3);
  }

  private static World reignSentToDeadWinner() {
    World world = World.of(Profile.SAFE);
    world
        .manager()
        .steps()
        .spoil(Promoting.WriteReign.class, true, new Outcome.Unknown("connection lost"));
    world.cluster().kill(DB1);
    world.until("sent", () -> world.server(DB2).reigns().containsKey(2L));
    world.cluster().kill(DB2);
    world.run(Duration.ofSeconds(20));
    assertThat(world.shows(Diagnosis.PlanInterrupted.class)).isTrue();
    assertThat(world.holds(Reason.OPERATOR_DECIDES)).isTrue();
    return world;
  }

  @Test
  void winnerWhoseThreadsSomebodyStartedIsStoppedAgainBeforeItOpens() {
    World world = World.of(Profile.SAFE);
    world
        .manager()
        .steps()
        .spoil(Promoting.OpenForWrites.class, false, new Outcome.Failed("it still replicates"));
    world.cluster().kill(DB1);
    world.settle();
    assertThat(world.manager().told("suspended")).isFalse();
    assertThat(world.record().epoch()).isEqualTo(2);
  }
}
