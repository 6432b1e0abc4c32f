package dev.regent.core.story;

import static dev.regent.core.toy.World.DB1;
import static dev.regent.core.toy.World.DB2;
import static dev.regent.core.toy.World.DB3;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.control.Command;
import dev.regent.core.control.Reply;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Decision.Reason;
import dev.regent.core.toy.Specs;
import dev.regent.core.toy.World;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What keeps Regent from acting although it could. */
class DampingTest {
  private static final Duration AFTER_COOL_DOWN = Duration.ofSeconds(11);

  /** The primary dies, comes back as a replica and gets its role again by command. */
  private static void dieAndReturn(World world, ServerId primary) {
    world.cluster().kill(primary);
    world.settle().cluster().boot(primary);
    world.settle();
    assertThat(world.switchOver(primary).result()).isEqualTo(Reply.Result.DONE);
    world.settle().run(AFTER_COOL_DOWN);
  }

  @Test
  void serverThatFailsAgainAndAgainIsNotFailedOverForEver() {
    World world = World.of(Profile.ASYNC).writing(0);
    for (int i = 0; i < 3; i++) {
      dieAndReturn(world, DB1);
    }
    world.cluster().kill(DB1);
    world.run(Duration.ofSeconds(5));
    assertThat(world.holds(Reason.FLAPPING)).isTrue();
    assertThat(world.cluster().writable()).isEmpty();
    world.order(new Command.ResumeCluster("ann"));
    world.settle();
    assertThat(world.primary()).isEqualTo(DB2);
  }

  @Test
  void anotherServersFailuresCountApart() {
    World world = World.of(Profile.ASYNC).writing(0);
    for (int i = 0; i < 3; i++) {
      dieAndReturn(world, DB1);
    }
    assertThat(world.switchOver(DB3).result()).isEqualTo(Reply.Result.DONE);
    world.settle().cluster().kill(DB3);
    world.settle();
    assertThat(world.primary()).isEqualTo(DB1);
  }

  @Test
  void secondDeathOfTheSameServerWaitsForTheCoolDown() {
    World world = World.of(Profile.ASYNC).writing(0);
    world.cluster().kill(DB1);
    world.settle().cluster().boot(DB1);
    world.settle();
    world.switchOver(DB1);
    world.settle().cluster().kill(DB1);
    world.until("cooling", Duration.ofSeconds(1), () -> world.holds(Reason.COOLING_DOWN));
    world.settle(AFTER_COOL_DOWN);
    assertThat(world.primary()).isNotEqualTo(DB1);
  }

  /** A failover that succeeded is no remedy that did not help. */
  @Test
  void withoutDampingEveryDeathIsFailedOverAtOnce() {
    World world = World.of(Specs.with(Specs.of(Profile.ASYNC, 3), Specs.tireless())).writing(0);
    for (int i = 0; i < 6; i++) {
      ServerId dying = world.primary();
      world.cluster().kill(dying);
      world.until(
          "failed over", Duration.ofMillis(700), () -> !world.cluster().writable().isEmpty());
      assertThat(world.primary()).isNotEqualTo(dying);
      world.cluster().boot(dying);
      world.settle(Duration.ofSeconds(2));
    }
  }

  @Test
  void twoServersInARowAreBothFailedOverAtOnce() {
    World world = World.of(Specs.of(Profile.ASYNC, 4));
    world.cluster().kill(DB1);
    world.settle(Duration.ofSeconds(1)).cluster().kill(DB2);
    world.settle(Duration.ofSeconds(1));
    assertThat(world.primary()).isEqualTo(DB3);
    assertThat(world.record().epoch()).isEqualTo(3);
  }

  @Test
  void pausedClusterIsOnlyWatched() {
    World world = World.of(Profile.ASYNC);
    world.order(new Command.PauseCluster("ann", "moving house"));
    assertThat(world.order(new Command.PauseCluster("bob", "me too")).message())
        .isEqualTo("already paused by ann");
    world.cluster().kill(DB1);
    world.run(Duration.ofSeconds(10));
    assertThat(world.holds(Reason.PAUSED)).isTrue();
    assertThat(world.manager().told("paused by ann: moving house")).isTrue();
    assertThat(world.cluster().writable()).isEmpty();
    world.order(new Command.ResumeCluster("ann"));
    world.settle();
    assertThat(world.primary()).isEqualTo(DB2);
  }

  @Test
  void pausedClusterStillObeys() {
    World world = World.of(Profile.ASYNC);
    world.order(new Command.PauseCluster("ann", "moving house"));
    assertThat(world.switchOver().result()).isEqualTo(Reply.Result.DONE);
    world.settle();
    assertThat(world.primary()).isEqualTo(DB2);
  }

  @Test
  void switchoverInterruptedDuringAPauseIsUndoneAllTheSame() {
    World world = World.of(Profile.ASYNC);
    world.order(new Command.PauseCluster("ann", "moving house"));
    world.manager().order(new Command.SwitchOver("ann", Optional.empty(), false, false));
    world.until("frozen", () -> world.server(DB1).readOnly());
    world.manager().die();
    world.run(Duration.ofSeconds(1)).manager().start();
    world.settle();
    assertThat(world.cluster().writable()).hasSize(1);
  }

  @Test
  void pauseOutlivesTheManager() {
    World world = World.of(Profile.ASYNC);
    world.order(new Command.PauseCluster("ann", "moving house"));
    world.manager().die();
    world.manager().start();
    world.run(Duration.ofSeconds(2)).cluster().kill(DB1);
    world.run(Duration.ofSeconds(5));
    assertThat(world.holds(Reason.PAUSED)).isTrue();
  }

  @Test
  void serverInMaintenanceIsNeitherPromotedNorRepaired() {
    World world = World.of(Profile.ASYNC);
    world.order(new Command.BeginMaintenance("ann", DB2, "new disk"));
    world.cluster().kill(DB2);
    world.run(Duration.ofSeconds(1)).cluster().boot(DB2);
    world.run(Duration.ofSeconds(5));
    assertThat(world.holds(Reason.MAINTENANCE)).isTrue();
    assertThat(world.server(DB2).channel().facts(0).running()).isFalse();
    world.server(DB2).startReplication();
    world.run(Duration.ofSeconds(2)).cluster().kill(DB1);
    world.until("promoted", () -> world.server(DB3).writable());
    world.order(new Command.EndMaintenance("ann", DB2));
    world.settle();
    assertThat(world.order(new Command.BeginMaintenance("ann", new ServerId("db9"), "?")).message())
        .contains("there is no server db9; the servers are db1, db2, db3");
  }

  @Test
  void serverInMaintenanceIsNotReadFrom() {
    World world = World.of(Profile.ASYNC);
    world.settle();
    assertThat(world.manager().routing().replicas()).containsExactly(DB2, DB3);
    world.order(new Command.BeginMaintenance("ann", DB2, "new disk"));
    world.run(Duration.ofSeconds(1));
    assertThat(world.manager().routing().replicas()).containsExactly(DB3);
    world.order(new Command.EndMaintenance("ann", DB2));
    world.run(Duration.ofSeconds(1));
    assertThat(world.manager().routing().replicas()).containsExactly(DB2, DB3);
  }

  @Test
  void primaryInMaintenanceMayGoDown() {
    World world = World.of(Profile.ASYNC);
    world.order(new Command.BeginMaintenance("ann", DB1, "reboot"));
    world.cluster().kill(DB1);
    world.run(Duration.ofSeconds(10));
    assertThat(world.holds(Reason.MAINTENANCE)).isTrue();
    assertThat(world.record().epoch()).isEqualTo(1);
  }

  @Test
  void withoutAutomaticFailoverItSaysWhatItWouldDo() {
    World world = World.of(Specs.with(Specs.of(Profile.ASYNC, 3), Specs.manual()));
    world.cluster().kill(DB1);
    world.run(Duration.ofSeconds(5));
    assertThat(world.holds(Reason.MANUAL)).isTrue();
    Reply plan = world.order(new Command.FailOver("ann", Optional.empty(), false, true));
    assertThat(plan.result()).isEqualTo(Reply.Result.PLANNED);
    assertThat(String.join("\n", plan.lines())).contains("stop receiving on db2");
    assertThat(world.failOver(false).result()).isEqualTo(Reply.Result.DONE);
    world.settle();
    assertThat(world.record().failovers()).isEmpty();
  }

  @Test
  void livingPrimaryIsNotFailedOverWithoutForce() {
    World world = World.of(Profile.ASYNC);
    Reply reply = world.failOver(false);
    assertThat(reply.result()).isEqualTo(Reply.Result.HELD);
    assertThat(reply.message()).contains("order a switchover instead").contains("--force");
    assertThat(world.failOver(DB3, true).result()).isEqualTo(Reply.Result.DONE);
    world.settle();
    assertThat(world.primary()).isEqualTo(DB3);
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void forcedFailoverThatFindsNobodyLeavesThePrimaryWriting() {
    World world = World.of(Profile.ASYNC);
    world.server(DB2).format = "STATEMENT";
    world.server(DB3).format = "STATEMENT";
    world.run(Duration.ofSeconds(1));
    Reply reply = world.failOver(true);
    assertThat(reply.message()).contains("no server may be promoted").contains("STATEMENT");
    world.settle();
    assertThat(world.primary()).isEqualTo(DB1);
  }

  @Test
  void oneOrderAtATime() {
    World world = World.of(Profile.ASYNC);
    world.server(DB2).applyMillis = 1000;
    long first =
        world.manager().order(new Command.SwitchOver("ann", Optional.of(DB2), false, false));
    Reply second = world.switchOver(DB3);
    assertThat(second.result()).isEqualTo(Reply.Result.HELD);
    assertThat(second.message()).contains("is at work: switch over from db1 to db2");
    world.until("an answer", () -> world.manager().reply(first).isPresent());
    world.settle();
  }

  @Test
  void withoutItsStoreItOnlyWatches() {
    World world = World.of(Profile.ASYNC);
    world.manager().storeFails();
    world.run(Duration.ofSeconds(1)).cluster().kill(DB1);
    world.run(Duration.ofSeconds(5));
    assertThat(world.cluster().writable()).isEmpty();
    assertThat(world.manager().told("automatic action stops")).isTrue();
    assertThat(world.failOver(false).message()).contains("the store failed");
    assertThat(world.order(new Command.PauseCluster("ann", "?")).result())
        .isEqualTo(Reply.Result.FAILED);
  }

  @Test
  void repairGivesWayToAFailover() {
    World world = World.of(Profile.ASYNC);
    world.cluster().kill(DB3);
    world.run(Duration.ofSeconds(2)).cluster().boot(DB3);
    world.until("repairing", () -> !world.quiet());
    world.cluster().kill(DB1);
    world.settle();
    assertThat(world.primary()).isEqualTo(DB2);
  }
}
