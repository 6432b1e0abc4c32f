package dev.regent.core.story;

import static dev.regent.core.toy.World.DB1;
import static dev.regent.core.toy.World.DB2;
import static dev.regent.core.toy.World.DB3;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.control.Command;
import dev.regent.core.control.Reply;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerId;
import dev.regent.core.toy.World;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A former primary's restart cut off what it wrote last, and before it is compared it is in the
 * middle of the next role change. What it wrote comes back to it, or it must not get the role:
 * replication passes over a server's own transactions in silence, and no position tells.
 */
class OwnEventsTest {
  /** db2 is primary; db1 comes back without its last three, and cannot reach db2. */
  private static World attachedAndCutOff(Profile profile) {
    World world = World.of(profile).writing(0);
    world.cluster().kill(DB1);
    world.settle().run(Duration.ofSeconds(2));
    world.server(DB1).loseLast(3);
    world.cluster().cut(DB1, DB2);
    world.cluster().boot(DB1);
    world.until("attached", () -> world.record().unverified().contains(DB1));
    world.until("in vain", world::quiet);
    return world;
  }

  /** Seed 272 of the simulator, profile async: the next role change let it pass over them. */
  @ParameterizedTest
  @EnumSource(Profile.class)
  void comeBackAlsoFromTheNextPrimary(Profile profile) {
    World world = attachedAndCutOff(profile);
    assertThat(world.switchOver(DB3).result()).isEqualTo(Reply.Result.DONE);
    world.settle();
    assertThat(world.server(DB1).state()).isEqualTo(world.server(DB3).state());
    assertThat(world.record().quarantine()).isEmpty();
    assertThat(world.lost()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Profile.class)
  void whoPassesOverThemWhileItCatchesUpDoesNotGetTheRole(Profile profile) {
    World world = attachedAndCutOff(profile);
    world.server(DB1).skipsOwnEvents();
    world.server(DB1).applyMillis = 40;
    world.cluster().heal();
    world.server(DB1).reconnectAt(world.cluster().nowMillis());
    Reply reply = world.switchOver(DB1);
    assertThat(reply.result()).isEqualTo(Reply.Result.HELD);
    assertThat(reply.message()).contains("db1 skipped transactions of its own");
    world.until("held out", () -> world.record().quarantine().containsKey(DB1));
    assertThat(world.primary()).isEqualTo(DB2);
    assertThat(world.lost()).isEmpty();
  }

  /** Its position is as good as the other's, and it comes first in the configuration. */
  @ParameterizedTest
  @EnumSource(Profile.class)
  void whoPassedOverThemIsNotElected(Profile profile) {
    World world = passedOver(profile);
    world.cluster().kill(DB2);
    world.until("over", () -> !world.primary().equals(DB2));
    assertThat(world.primary()).isEqualTo(DB3);
    assertThat(world.lost()).isEmpty();
  }

  /** Caught up by its position, and without its last three. */
  private static World passedOver(Profile profile) {
    World world = attachedAndCutOff(profile);
    passOver(world);
    return world;
  }

  private static void passOver(World world) {
    world.server(DB1).skipsOwnEvents();
    world.cluster().heal();
    world.server(DB1).reconnectAt(world.cluster().nowMillis());
    world.until("caught up", () -> applied(world, DB1).equals(applied(world, DB3)));
    world.manager().listen();
  }

  /** The primary has them and is well: there is nothing that force would have to give up. */
  @ParameterizedTest
  @EnumSource(Profile.class)
  void whoPassedOverThemGetsTheRoleByNoSwitchover(Profile profile) {
    World world = passedOver(profile);
    Reply reply = world.order(new Command.SwitchOver("ann", Optional.of(DB1), true, false));
    assertThat(reply.result()).isEqualTo(Reply.Result.HELD);
    assertThat(reply.message()).contains("db1: it skipped transactions of its own", "rebuild it");
    assertThat(world.primary()).isEqualTo(DB2);
  }

  /** Else db1 would lead, and once it has written more, no log shows who has them. */
  @ParameterizedTest
  @EnumSource(Profile.class)
  void norByAFailoverWhileSomebodyElseCouldLeadWithThem(Profile profile) {
    World world = passedOver(profile);
    world.cluster().kill(DB2);
    Reply reply = world.failOver(DB1, true);
    assertThat(reply.result()).isEqualTo(Reply.Result.HELD);
    assertThat(reply.message()).contains("db1: skipped transactions", "db3 could lead and has");
    assertThat(world.failOver(DB3, true).result()).isEqualTo(Reply.Result.DONE);
    assertThat(world.lost()).isEmpty();
  }

  /** Nobody else is left: named by an operator it leads, and all that it lacks is told. */
  @ParameterizedTest
  @EnumSource(Profile.class)
  void theLastOneLeadsWhenItIsNamedAndWhatIsGivenUpIsTold(Profile profile) {
    World world = passedOver(profile);
    world.cluster().kill(DB3);
    world.cluster().kill(DB2);
    world.run(Duration.ofSeconds(2));
    assertThat(world.failOver(true).message())
        .contains("db1: skipped transactions", "(failover --force --to db1 gives them up)");
    Reply reply = world.failOver(DB1, true);
    assertThat(reply.result()).isEqualTo(Reply.Result.DONE);
    assertThat(world.primary()).isEqualTo(DB1);
    assertThat(reply.message()).contains("at least 3 lost").doesNotContain("no acknowledged");
    assertThat(world.manager().told("came back to it: [0-1-159..161]: given up by --force"))
        .isTrue();
  }

  /** Seed 1187 of the simulator: what its twin wrote was told to be lost. */
  @Test
  void whatATwinMayHaveWrittenIsNotToldToBeLost() {
    World world = attachedAndCutOff(Profile.AVAILABLE);
    world.server(DB3).pretend(1);
    world.run(Duration.ofSeconds(2));
    passOver(world);
    world.cluster().kill(DB3);
    world.cluster().kill(DB2);
    world.run(Duration.ofSeconds(2));
    Reply reply = world.failOver(DB1, true);
    assertThat(reply.result()).as(reply.message()).isEqualTo(Reply.Result.DONE);
    assertThat(reply.message()).contains("no lost transaction is known, beyond that unknown");
  }

  private static GtidPosition applied(World world, ServerId server) {
    return world.server(server).facts().applied();
  }
}
