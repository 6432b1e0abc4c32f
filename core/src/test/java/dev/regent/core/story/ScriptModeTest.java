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
import dev.regent.core.toy.Specs;
import dev.regent.core.toy.World;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A script gives the role away; Regent watches, adopts, and brings the old primary back. */
class ScriptModeTest {
  private static final Duration SECONDS = Duration.ofSeconds(5);

  private final World world =
      World.of(Specs.with(Specs.of(Profile.ASYNC, 3), Specs.byScript())).writing(0);

  /** As a script promotes by SQL. */
  private void detach(ServerId server) {
    world.server(server).stop(true, true);
    world.server(server).forgetSource();
  }

  private void promote(ServerId server) {
    detach(server);
    world.server(server).readOnly(false);
  }

  private void adopted(ServerId server) {
    world.until(server + " is adopted", SECONDS, () -> world.primary().equals(server));
  }

  @Test
  void deadPrimaryIsLeftToTheScriptAndItsSuccessorAdopted() {
    world.cluster().kill(DB1);
    world.run(SECONDS);
    assertThat(world.holds(Reason.SCRIPT)).isTrue();
    assertThat(world.manager().told("failover = \"script\"")).isTrue();
    assertThat(world.cluster().writable()).isEmpty();
    assertThat(world.quiet()).isTrue();

    promote(DB2);
    world.cluster().follow(DB3, DB2);
    adopted(DB2);
    world.settle();
    assertThat(world.record().epoch()).isEqualTo(2);
    assertThat(world.server(DB2).reigns()).containsEntry(2L, "db2");
    assertThat(world.manager().routing().primary()).contains(DB2);

    world.severalWriters().cluster().boot(DB1);
    world.server(DB1).readOnly(false);
    world.settle();
    assertThat(world.primary()).isEqualTo(DB2);
  }

  /** The script wrote a reign of its own: two reigns never have one number. */
  @Test
  void adoptionContinuesTheNumbersThatTheScriptLeft() {
    world.cluster().kill(DB1);
    world.run(SECONDS);
    world.server(DB2).reigns().put(7L, "db2");
    promote(DB2);
    adopted(DB2);
    assertThat(world.record().epoch()).isEqualTo(8);
  }

  @Test
  void replicaThatTheScriptForgotIsPointedAtTheNewPrimary() {
    world.cluster().kill(DB1);
    world.run(SECONDS);
    promote(DB2);
    adopted(DB2);
    world.settle();
    assertThat(world.shows(Diagnosis.RelayDead.class)).isFalse();
  }

  @Test
  void switchoverByAScriptIsNotUndoneHalfWay() {
    detach(DB2);
    world.run(SECONDS);
    world.cluster().follow(DB3, DB2);
    world.run(SECONDS);
    assertThat(world.holds(Reason.SCRIPT)).isTrue();
    assertThat(world.shows(Diagnosis.ReplicaDetached.class)).isTrue();
    assertThat(world.shows(Diagnosis.ReplicaFollowsWrong.class)).isTrue();

    world.server(DB1).readOnly(true);
    world.run(SECONDS);
    assertThat(world.primary()).isEqualTo(DB1);
    world.server(DB2).readOnly(false);
    adopted(DB2);
    world.cluster().follow(DB1, DB2);
    world.settle();
  }

  @Test
  void ofTwoWritableServersNeitherIsClosedUntilOneGivesUp() {
    world.severalWriters().writing(20);
    promote(DB2);
    world.run(SECONDS);
    assertThat(world.cluster().writable()).containsExactly(DB1, DB2);
    assertThat(world.shows(Diagnosis.SeveralWritable.class)).isTrue();
    assertThat(world.holds(Reason.SCRIPT)).isTrue();
    assertThat(world.primary()).isEqualTo(DB1);

    world.server(DB1).readOnly(true);
    adopted(DB2);
  }

  @Test
  void primaryThatAReplicaStillHearsIsNotGivenUp() {
    world.severalWriters();
    world.cluster().cut(MANAGER, DB1);
    promote(DB2);
    world.run(Duration.ofSeconds(20));
    assertThat(world.shows(Diagnosis.PrimaryHidden.class)).isTrue();
    assertThat(world.primary()).isEqualTo(DB1);
    assertThat(world.cluster().writable()).containsExactly(DB1, DB2);
  }

  /** A manager that starts in the middle must not fence the server that just got the role. */
  @Test
  void managerThatWasAwayAdoptsWhatItFinds() {
    world.cluster().kill(DB1);
    world.run(SECONDS).manager().die();
    promote(DB2);
    world.cluster().follow(DB3, DB2);
    world.manager().start();
    adopted(DB2);
    assertThat(world.cluster().writable()).containsExactly(DB2);
    world.cluster().boot(DB1);
    world.settle();
  }

  @Test
  void peoplesOrdersWorkAsEver() {
    world.cluster().kill(DB1);
    world.run(SECONDS);
    assertThat(world.failOver(false).result()).isEqualTo(Reply.Result.DONE);
    world.settle();
    assertThat(world.primary()).isEqualTo(DB2);
    assertThat(world.switchOver(DB3).result()).isEqualTo(Reply.Result.DONE);
    world.settle();
    assertThat(world.primary()).isEqualTo(DB3);
  }
}
