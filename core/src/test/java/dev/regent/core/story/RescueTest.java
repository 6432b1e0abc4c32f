package dev.regent.core.story;

import static dev.regent.core.toy.World.DB1;
import static dev.regent.core.toy.World.DB2;
import static dev.regent.core.toy.World.DB3;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.control.Reply;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.ClusterSpec.Preference;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Evidence;
import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Receiving;
import dev.regent.core.toy.Specs;
import dev.regent.core.toy.World;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A sync member received writes, and its relay log cannot be applied after a crash. */
class RescueTest {
  private static final String GAP = "it goes on with 0-1-9, but only 0-1-5 was executed";
  private static final Outcome BROKEN = new Outcome.Failed("torn in the middle");

  /** Only db2 received the last writes, did not apply them, and the primary is dead. */
  private static World onlyInOneRelayLog() {
    World world = World.of(Profile.SAFE);
    world.server(DB2).stop(false, true);
    world.cluster().cut(DB1, DB3);
    for (int i = 0; i < 20; i++) {
      world.cluster().write(DB1, 0);
      world.run(Duration.ofMillis(5));
    }
    world.cluster().kill(DB1);
    world.cluster().heal();
    return world;
  }

  private static void spoil(World world, Outcome outcome) {
    for (int i = 0; i < 50; i++) {
      world.manager().steps().spoil(Receiving.Rescue.class, false, outcome);
    }
  }

  private static Outcome gap(GtidPosition holds) {
    return new Outcome.Done(new Evidence.Unappliable(GtidPosition.EMPTY, holds, GAP));
  }

  private static GtidPosition written(World world) {
    return world.server(DB1).state().position();
  }

  @Test
  void onlyCopyIsNotGivenUpByForceAlone() {
    World world = onlyInOneRelayLog();
    spoil(world, gap(written(world)));
    world.until("refused", () -> world.manager().told("that nobody else received"));
    assertThat(world.cluster().writable()).isEmpty();
    Reply forced = world.failOver(true);
    assertThat(forced.result()).isEqualTo(Reply.Result.HELD);
    assertThat(forced.message()).contains("db2", GAP, "that nobody else received", "--to");
    assertThat(world.cluster().writable()).isEmpty();
  }

  @Test
  void operatorWhoNamesTheNextPrimaryGivesItUpAndIsToldWhat() {
    World world = onlyInOneRelayLog();
    spoil(world, gap(written(world)));
    world.until("refused", () -> world.manager().told("that nobody else received"));
    Reply forced = world.failOver(DB3, true);
    assertThat(forced.result()).isEqualTo(Reply.Result.DONE);
    assertThat(forced.message()).contains("at least 25 lost");
    assertThat(world.manager().told("what only it received is lost")).isTrue();
    assertThat(world.manager().told("everything received that can be kept")).isTrue();
    assertThat(world.primary()).isEqualTo(DB3);
  }

  @Test
  void relayLogThatIsBrokenMayHoldAnything() {
    World world = onlyInOneRelayLog();
    spoil(world, BROKEN);
    world.until("refused", () -> world.manager().told("torn in the middle"));
    assertThat(world.failOver(true).result()).isEqualTo(Reply.Result.HELD);
    assertThat(world.cluster().writable()).isEmpty();
  }

  @Test
  void primaryThatComesBackWithAllOfItLeads() {
    World world = onlyInOneRelayLog();
    spoil(world, gap(written(world)));
    world.until("refused", () -> world.manager().told("that nobody else received"));
    world.cluster().boot(DB1);
    world.settle();
    assertThat(world.primary()).isEqualTo(DB1);
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void whatOthersReceivedTooIsNotMissed() {
    World world = World.of(Profile.SAFE);
    world.server(DB2).stop(false, true);
    world.run(Duration.ofSeconds(1));
    spoil(world, gap(written(world)));
    world.cluster().kill(DB1);
    world.settle();
    assertThat(world.lost()).isEmpty();
    assertThat(world.cluster().writable()).hasSize(1);
  }

  /** Its own recovery cut off what it had applied, and the old primary's what nobody else has. */
  @Test
  void gapIsFilledFromWhoeverExecutedIt() {
    World world = World.of(Profile.SAFE);
    world.run(Duration.ofSeconds(1));
    world.server(DB2).stop(false, true);
    world.cluster().cut(DB1, DB3);
    for (int i = 0; i < 20; i++) {
      world.cluster().write(DB1, 0);
      world.run(Duration.ofMillis(5));
    }
    GtidPosition all = written(world);
    world.cluster().kill(DB1);
    world.cluster().heal();
    world.server(DB2).loseLast(3);
    GtidPosition executed = world.server(DB2).state().position();
    Outcome missing = new Outcome.Done(new Evidence.Unappliable(executed, all, GAP));
    world.manager().steps().spoil(Receiving.Rescue.class, false, missing);
    world.settle();
    assertThat(world.manager().executed(Receiving.FetchMissing.class)).isTrue();
    assertThat(world.primary()).isEqualTo(DB2);
    assertThat(world.lost()).isEmpty();
  }

  /** What others received too is not missed, until they cannot apply it either. */
  @Test
  void memberIsNotPassedOverForAServerThatCannotApplyItEither() {
    ServerId db4 = new ServerId("db4");
    ClusterSpec spec = Specs.asynchronous(Specs.of(Profile.SAFE, 4), DB3);
    World world = World.of(Specs.preferring(spec, DB2, Preference.PREFER));
    world.server(DB2).stop(false, true);
    world.server(DB3).stop(false, true);
    world.cluster().cut(DB1, db4);
    for (int i = 0; i < 20; i++) {
      world.cluster().write(DB1, 0);
      world.run(Duration.ofMillis(5));
    }
    world.manager().steps().spoil(Receiving.Rescue.class, false, gap(written(world)));
    world.manager().steps().spoil(Receiving.Rescue.class, false, gap(written(world)));
    world.manager().steps().spoil(Receiving.Rescue.class, false, BROKEN);
    world.cluster().kill(DB1);
    world.cluster().heal();
    world.until("refused", () -> world.manager().told("which sync members hold"));
    assertThat(world.cluster().writable()).isEmpty();
    world.settle();
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void errantServerFillsNoGap() {
    World world = World.of(Profile.SAFE);
    world.run(Duration.ofSeconds(1));
    world.server(DB2).stop(false, true);
    world.cluster().cut(DB1, DB3);
    for (int i = 0; i < 20; i++) {
      world.cluster().write(DB1, 0);
      world.run(Duration.ofMillis(5));
    }
    GtidPosition all = written(world);
    world.cluster().kill(DB1);
    world.cluster().heal();
    for (int i = 0; i < 3; i++) {
      world.server(DB3).writeErrant(0);
    }
    world.server(DB2).loseLast(3);
    GtidPosition executed = world.server(DB2).state().position();
    Outcome missing = new Outcome.Done(new Evidence.Unappliable(executed, all, GAP));
    spoil(world, missing);
    world.until("refused", () -> world.manager().told("that nobody else received"));
    assertThat(world.manager().executed(Receiving.FetchMissing.class)).isFalse();
    assertThat(world.cluster().writable()).isEmpty();
  }

  /** It restarts, is attached again, and its source dies before that sends anything anew. */
  @Test
  void relayLogOfAMemberThatRestartsIsAppliedBeforeItFollowsAgain() {
    World world = onlyInTheRelayLogOfOneThatRestarts();
    world.cluster().boot(DB2);
    world.until("follows", () -> world.manager().executed(Receiving.Follow.class));
    world.cluster().kill(DB1);
    world.cluster().heal();
    world.settle();
    assertThat(world.primary()).isEqualTo(DB2);
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void relayLogThatCannotBeAppliedIsDeletedOnlyWhileThePrimaryAnswers() {
    World world = onlyInTheRelayLogOfOneThatRestarts();
    spoil(world, BROKEN);
    world.manager().steps().spoil(Receiving.Examine.class, false, new Outcome.Unknown("silent"));
    world.cluster().boot(DB2);
    world.until("held", () -> world.manager().told("could not read the position of db1: silent"));
    assertThat(world.manager().executed(Receiving.Follow.class)).isFalse();
    assertThat(world.server(DB2).backlog()).isPositive();
    world.until("follows", () -> world.manager().executed(Receiving.Follow.class));
    assertThat(world.manager().told("torn in the middle")).isTrue();
    world.cluster().heal();
    world.settle();
    assertThat(world.lost()).isEmpty();
  }

  /** Only db2 received the last writes, did not apply them, and is down; no replica reaches db1. */
  private static World onlyInTheRelayLogOfOneThatRestarts() {
    World world = World.of(Profile.SAFE);
    world.server(DB2).stop(false, true);
    world.cluster().cut(DB1, DB3);
    for (int i = 0; i < 20; i++) {
      world.cluster().write(DB1, 0);
      world.run(Duration.ofMillis(5));
    }
    world.cluster().kill(DB2);
    world.cluster().cut(DB1, DB2);
    return world.run(Duration.ofMillis(500));
  }
}
