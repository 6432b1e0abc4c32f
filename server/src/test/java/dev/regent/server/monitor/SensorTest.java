package dev.regent.server.monitor;

import static dev.regent.server.render.Pictures.DB1;
import static dev.regent.server.render.Pictures.DB2;
import static dev.regent.server.render.Pictures.DB3;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.Observation.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What counts as a change, and when. */
final class SensorTest {
  private final Scene scene = new Scene();
  private final Sensor sensor = new Sensor(false);
  private final Sensor strict = new Sensor(true);
  private final List<String> strictly = new ArrayList<>();

  SensorTest() {
    assertThat(events()).isEmpty();
    assertThat(strictly).isEmpty();
  }

  /** Shows the scene to both sensors. */
  private List<String> events() {
    List<String> events = new ArrayList<>();
    for (Sensor.Move move : sensor.look(scene.take())) {
      Derivation.corrected(move.before(), move.after())
          .forEach(e -> events.add(move.after().id() + " " + e.word()));
    }
    strictly.clear();
    for (Sensor.Move move : strict.look(scene.take())) {
      Derivation.strict(move.before(), move.after())
          .forEach(e -> strictly.add(move.after().id() + " " + e.word()));
    }
    return events;
  }

  @Test
  void primaryIsDownWhenItIsDiagnosedDead() {
    scene.pass(250).miss(DB1, Kind.REFUSED);
    assertThat(events()).isEmpty();
    assertThat(strictly).containsExactly("db1 master_down");
    scene.pass(10).miss(DB1, Kind.REFUSED);
    assertThat(events()).isEmpty();
    scene.diagnosed(scene.dead());
    assertThat(events()).containsExactly("db1 master_down");
    assertThat(events()).isEmpty();
  }

  @Test
  void primaryThatIsHiddenFromUsAloneIsNotDown() {
    scene.pass(250).miss(DB1, Kind.TIMEOUT).diagnosed(scene.hidden());
    assertThat(events()).isEmpty();
    scene.pass(60_000).miss(DB1, Kind.TIMEOUT);
    assertThat(events()).isEmpty();
  }

  @Test
  void withoutAWitnessARefusalIsAnAnswerAndSilenceIsNone() {
    scene.pass(250).miss(DB1, Kind.TIMEOUT).diagnosed(scene.unwitnessed());
    scene.pass(60_000).miss(DB1, Kind.TIMEOUT);
    assertThat(events()).isEmpty();
    scene.pass(250).miss(DB1, Kind.REFUSED);
    assertThat(events()).containsExactly("db1 master_down");
  }

  @Test
  void primaryThatRefusesUsIsNotDown() {
    scene.pass(250).miss(DB1, Kind.AUTH).diagnosed(scene.dead());
    scene.pass(60_000).miss(DB1, Kind.AUTH);
    assertThat(events()).isEmpty();
    assertThat(strictly).containsExactly("db1 master_down");
  }

  @Test
  void replicaIsDownOnceItsRefusalIsConfirmed() {
    scene.pass(250).miss(DB2, Kind.REFUSED);
    assertThat(events()).isEmpty();
    scene.pass(250).miss(DB2, Kind.REFUSED);
    assertThat(events()).containsExactly("db2 slave_down");
    scene.pass(250).look(DB2, Scene.alone());
    assertThat(events()).containsExactly("db2 server_up");
    scene.pass(250).look(DB2, Scene.following());
    assertThat(events()).isEmpty();
    scene.pass(250).look(DB2, Scene.following());
    assertThat(events()).containsExactly("db2 new_slave");
  }

  @Test
  void silentReplicaIsDownAfterTheSilence() {
    scene.pass(250).miss(DB2, Kind.TIMEOUT).pass(2_000).miss(DB2, Kind.TIMEOUT);
    assertThat(events()).isEmpty();
    scene.pass(1_000);
    assertThat(events()).containsExactly("db2 slave_down");
  }

  @Test
  void replicaWhosePrimaryIsGoneIsStillOne() {
    scene.pass(250).look(DB2, Scene.following(ThreadState.CONNECTING, 0));
    scene.look(DB3, Scene.following(ThreadState.CONNECTING, 0));
    assertThat(events()).isEmpty();
    assertThat(strictly).containsExactly("db2 lost_slave", "db3 lost_slave");
    scene.pass(250).look(DB2, Scene.following(ThreadState.CONNECTING, 0));
    assertThat(events()).isEmpty();
  }

  @Test
  void whatAPlanDoesToReplicasIsNoNews() {
    scene.planned(true);
    for (int i = 0; i < 3; i++) {
      scene.pass(250).look(DB2, Scene.following(ThreadState.NO, 0));
      assertThat(events()).isEmpty();
    }
    scene.planned(false).pass(250).look(DB2, Scene.following());
    assertThat(events()).isEmpty();
  }

  @Test
  void demotionAndPromotion() {
    scene.pass(250).planned(true).routed();
    assertThat(events()).containsExactly("db1 lost_master");
    scene.pass(250).routed(DB2).look(DB2, Scene.alone());
    assertThat(events()).containsExactly("db2 new_master");
    scene.planned(false).pass(250).look(DB1, Scene.following());
    assertThat(events()).isEmpty();
    scene.pass(250).look(DB1, Scene.following());
    assertThat(events()).containsExactly("db1 new_slave");
  }

  @Test
  void maintenanceIsSilent() {
    scene.maintained(DB3).pass(250);
    assertThat(events()).isEmpty();
    scene.miss(DB3, Kind.REFUSED).pass(9_000).miss(DB3, Kind.REFUSED);
    assertThat(events()).isEmpty();
  }

  @Test
  void primaryThatDiedWhileNobodyWatchedIsTold() {
    Scene later = new Scene().miss(DB1, Kind.REFUSED).miss(DB1, Kind.REFUSED);
    Sensor next = new Sensor(false);
    next.remember(later.record().reign().orElseThrow());
    later.diagnosed(later.dead());
    assertThat(next.look(later.take()))
        .extracting(m -> MonitorEvent.down(m.before()).word())
        .containsExactly("master_down");
  }

  @Test
  void lagThatIsUnknownForAWhileIsNotForgotten() {
    scene.pass(250).look(DB2, Scene.following(ThreadState.YES, 60));
    List<Sensor.Move> up = sensor.look(scene.take());
    assertThat(Derivation.lag(up.getFirst().before(), up.getFirst().after(), 10))
        .containsExactly(MonitorEvent.LAG_ABOVE);
    scene.pass(250).look(DB2, Scene.alone()).planned(true);
    sensor.look(scene.take());
    scene.pass(250).look(DB2, Scene.following(ThreadState.YES, 0));
    List<Sensor.Move> down = sensor.look(scene.take());
    assertThat(Derivation.lag(down.getFirst().before(), down.getFirst().after(), 10))
        .containsExactly(MonitorEvent.LAG_BELOW);
  }
}
