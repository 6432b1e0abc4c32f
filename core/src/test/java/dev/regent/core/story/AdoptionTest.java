package dev.regent.core.story;

import static dev.regent.core.toy.ToyCluster.MANAGER;
import static dev.regent.core.toy.World.DB1;
import static dev.regent.core.toy.World.DB2;
import static dev.regent.core.toy.World.DB3;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.control.Reply;
import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.plan.Decision.Reason;
import dev.regent.core.toy.Specs;
import dev.regent.core.toy.World;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A cluster that no manager has looked after yet: what is clear is adopted, the rest not guessed.
 */
class AdoptionTest {
  private static World fresh(Profile profile) {
    return new World(Specs.of(profile, 3), ClusterRecord.blank()).severalWriters();
  }

  private static void refuses(World world, String why) {
    world.manager().start();
    world.run(Duration.ofSeconds(5));
    assertThat(world.record().epoch()).isZero();
    assertThat(world.record().plan()).isEmpty();
    assertThat(world.manager().told(why)).isTrue();
    assertThat(world.failOver(false).message()).contains("no reign is stored");
    assertThat(world.switchOver().message()).contains("the primary is not well");
  }

  @Test
  void oneWritableServerThatTheOthersFollow() {
    World world = fresh(Profile.SAFE);
    world.cluster().replicateFrom(DB2);
    world.cluster().semiSync(DB2, -1, true);
    world.manager().start();
    world.settle();
    assertThat(world.primary()).isEqualTo(DB2);
    assertThat(world.record().syncSet()).containsExactly(DB1, DB3);
    assertThat(world.server(DB1).reigns()).containsEntry(1L, "db2");
  }

  /** The store is gone, the cluster is not: an epoch never comes twice. */
  @Test
  void lostStoreGoesOnAfterTheNewestReignThatThePrimaryKnows() {
    World world = fresh(Profile.ASYNC);
    world.cluster().replicateFrom(DB1);
    world.server(DB1).reigns().put(6L, "db2");
    world.server(DB1).reigns().put(7L, "db3");
    world.manager().start();
    world.settle();
    assertThat(world.record().epoch()).isEqualTo(8);
    assertThat(world.manager().told("db1 knows reigns up to epoch 7, of db3")).isTrue();
    assertThat(world.switchOver().result()).isEqualTo(Reply.Result.DONE);
    assertThat(world.record().epoch()).isEqualTo(9);
  }

  @Test
  void plainClusterBecomesSafeStepByStep() {
    World world = fresh(Profile.SAFE);
    world.cluster().replicateFrom(DB1);
    world.manager().start();
    world.until("protected", () -> world.server(DB1).semiSync().endlessAfterSync());
    world.until("all listed", () -> world.record().syncSet().size() == 2);
    world.settle();
    world.run(Duration.ofSeconds(1));
    assertThat(world.picture().guarantee().sentence()).isEqualTo("loss-free failover: yes");
  }

  @Test
  void severalWritableServers() {
    World world = fresh(Profile.ASYNC);
    world.cluster().replicateFrom(DB1);
    world.server(DB3).readOnly(false);
    refuses(world, "which of them is primary is not guessed");
    assertThat(world.shows(Diagnosis.SeveralWritable.class)).isTrue();
    assertThat(world.holds(Reason.SPLIT_BRAIN)).isTrue();
  }

  @Test
  void noWritableServer() {
    World world = fresh(Profile.ASYNC);
    world.cluster().replicateFrom(DB1);
    world.server(DB1).readOnly(true);
    refuses(world, "no server is writable and no reign is stored");
  }

  @Test
  void serverThatCouldBeWritableToo() {
    World world = fresh(Profile.ASYNC);
    world.cluster().replicateFrom(DB1);
    world.cluster().cut(MANAGER, DB3);
    refuses(world, "db3 could be too: not reached yet");
    world.cluster().heal();
    world.settle();
    assertThat(world.primary()).isEqualTo(DB1);
  }

  @Test
  void writableServerThatFollowsAnother() {
    World world = fresh(Profile.ASYNC);
    world.cluster().replicateFrom(DB1);
    world.server(DB1).readOnly(true);
    world.server(DB2).readOnly(false);
    refuses(world, "db2 is writable but follows another server");
  }

  @Test
  void writableServerThatNobodyFollows() {
    World world = fresh(Profile.ASYNC);
    world.server(DB1).readOnly(false);
    refuses(world, "db1 is writable but nobody follows it");
  }

  @Test
  void nothingAnswersYet() {
    World world = fresh(Profile.ASYNC);
    for (var id : List.of(DB1, DB2, DB3)) {
      world.cluster().kill(id);
    }
    refuses(world, "no server answers yet");
    assertThat(world.shows(Diagnosis.NoPrimaryKnown.class)).isTrue();
  }

  @Test
  void clusterOfOneServer() {
    World world = World.of(Specs.of(Profile.ASYNC, 1));
    world.cluster().kill(DB1);
    world.run(Duration.ofSeconds(2)).cluster().boot(DB1);
    world.settle();
    assertThat(world.record().epoch()).isEqualTo(2);
  }
}
