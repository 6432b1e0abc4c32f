package dev.regent.sim.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.ClusterSpec.Hooks;
import dev.regent.core.model.ClusterSpec.Preference;
import dev.regent.core.model.ClusterSpec.Server;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Outcome;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.kernel.Trace;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.mariadb.Sql;
import dev.regent.sim.mariadb.Statement;
import dev.regent.sim.runtime.Outside.HookEnd;
import dev.regent.sim.world.Settled;
import dev.regent.sim.world.Setup;
import dev.regent.sim.world.Specs;
import dev.regent.sim.world.World;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What drawn runs have taught, as small as it gets. */
class LessonsTest {
  private static final int SEEDS = 30;
  private static final ServerId DB1 = new ServerId("db1");
  private static final ServerId DB2 = new ServerId("db2");

  /** It skipped its own transactions, which its recovery had cut off (physics 5.3), and led. */
  @ParameterizedTest
  @EnumSource(Profile.class)
  void primaryLearnsItsOwnLostWritesFromReplicasThatMayNotLead(Profile profile) {
    int cutOff = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      ClusterSpec spec = Specs.of(profile, 3);
      List<Server> servers = spec.servers().stream().map(LessonsTest::onlyDb1Leads).toList();
      World world =
          new World(
                  Setup.of(seed, new ClusterSpec("shop", servers, spec.policy(), Hooks.NONE)),
                  Trace.silent())
              .begin();
      world.run(Duration.ofMillis(world.dice().of("story").below(500)));
      world.server(DB1).file(world.server(DB1).file().truncating());
      world.fate(DB1).kill(0);
      world.run(Duration.ofMillis(300));
      world.fate(DB1).start();
      world.until("its role back", Duration.ofSeconds(40), () -> Settled.is(world));
      world.clientsStop();
      world.run(Duration.ofSeconds(1));
      cutOff += world.server(DB1).cutOff().size();
      Settled.compareContents(world);
      assertThat(world.promises().missing(world.server(DB1)).cardinality()).isZero();
    }
    assertThat(cutOff).as("the story is about something").isPositive();
  }

  private static Server onlyDb1Leads(Server s) {
    Preference preference = s.id().equals(DB1) ? Preference.NEUTRAL : Preference.NEVER;
    return new Server(
        s.id(), s.address(), s.replicationAddress(), preference, 0, "", s.synchronous());
  }

  /** The routing table opened the door again when the role could not be given back. */
  @Test
  void nobodyIsSentToAPrimaryThatCameBackClosed() {
    ClusterSpec plain = Specs.of(Profile.ASYNC, 3);
    ClusterSpec spec =
        new ClusterSpec("shop", plain.servers(), plain.policy(), Hooks.all(Duration.ofSeconds(2)));
    World world = new World(Setup.of(1, spec), Trace.silent()).begin();
    world
        .surroundings()
        .hooks(hook -> new HookEnd(Kernel.MILLISECOND, new Outcome.Failed("hook exit code 1")));
    world.fate(DB1).kill(0);
    world.fate(DB1).start();
    world.run(Duration.ofSeconds(20));
    assertThat(world.routes().target()).isEmpty();
    world.surroundings().hooksWork();
    world.until("a primary", Duration.ofSeconds(70), () -> Settled.is(world));
  }

  /**
   * Its commits waited for ever, so it could not be closed, and everything else waited for that.
   */
  @Test
  void deposedServerThatWasLookedAtBeforeIsClosedAlthoughItsCommitsHang() {
    World world = new World(Setup.of(1, Specs.of(Profile.SAFE, 3)), Trace.silent()).begin();
    SimServer db2 = world.server(DB2);
    Statement waits =
        Sql.parse(
            "SET GLOBAL rpl_semi_sync_master_wait_point=AFTER_SYNC"
                + ", GLOBAL rpl_semi_sync_master_timeout=1000000000000"
                + ", GLOBAL rpl_semi_sync_master_enabled=1, GLOBAL read_only=0");
    Statement write = new Statement.Write(world.writes().newRow(), 0);
    world.administrator().run(db2, List.of(waits, write), reply -> {});
    world.until(
        "a hanging commit and a writable replica",
        Duration.ofSeconds(2),
        () -> !db2.facts().waitingStatements().isEmpty());
    world.until("closed", Duration.ofSeconds(20), db2::readOnly);
    assertThat(db2.facts().waitingStatements()).isEmpty();
  }
}
