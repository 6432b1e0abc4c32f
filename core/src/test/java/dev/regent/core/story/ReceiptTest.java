package dev.regent.core.story;

import static dev.regent.core.toy.World.DB1;
import static dev.regent.core.toy.World.DB2;
import static dev.regent.core.toy.World.DB3;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.analyze.Receipt;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.plan.Decision.Reason;
import dev.regent.core.plan.Keeping;
import dev.regent.core.plan.Outcome;
import dev.regent.core.toy.Specs;
import dev.regent.core.toy.World;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Acknowledgements that got lost on their way: passed on where a member proves what it has. */
class ReceiptTest {
  private static final Duration SOON = Duration.ofSeconds(6);

  private static World unheard() {
    World world = World.of(Profile.SAFE).writing(0);
    world.cluster().loseAcknowledgements(DB1);
    return world;
  }

  private static int waiting(World world) {
    return world.server(DB1).facts().semiSyncStatus().orElseThrow().waiting();
  }

  @Test
  void commitsWhoseAcknowledgementsGotLostGoOn() {
    World world = unheard();
    int told = world.cluster().acknowledged().size();
    world.until("told", SOON, () -> waiting(world) == 0);
    assertThat(world.cluster().acknowledged()).hasSize(told + 2);
    assertThat(world.manager().told("its acknowledgement got lost")).isTrue();
    assertThat(world.manager().told("db2 has received 0-1-")).isTrue();
    assertThat(world.lost()).isEmpty();
    world.writing(20).settle();
    assertThat(world.record().epoch()).isEqualTo(1);
  }

  @Test
  void clientsThatWaitAreToldNothingFalseWhenThePrimaryDiesNext() {
    World world = unheard();
    world.until("told", SOON, () -> waiting(world) == 0);
    world.cluster().kill(DB1);
    world.settle();
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void nobodyIsToldOkForWhatNoMemberHas() {
    World world = World.of(Profile.SAFE).writing(0);
    world.cluster().cut(DB1, DB2);
    world.cluster().cut(DB1, DB3);
    world.cluster().loseAcknowledgements(DB1);
    world.until("held", SOON, () -> world.holds(Reason.OPERATOR_DECIDES));
    world.run(Duration.ofSeconds(20));
    assertThat(world.manager().executed(Keeping.PassOnReceipt.class)).isFalse();
    assertThat(world.manager().told("none shows that it has received all that waits")).isTrue();
    assertThat(waiting(world)).isEqualTo(2);
  }

  /**
   * Its reader of acknowledgements waits for nobody any more, so that replicas cannot come back.
   */
  @Test
  void primaryThatHearsNobodyIsWoken() {
    World world = World.of(Profile.SAFE).writing(20);
    world.run(Duration.ofSeconds(2)).cluster().deafen(DB1);
    world.until("woken", SOON, () -> !world.cluster().deaf(DB1));
    world.until("told", SOON, () -> waiting(world) == 0);
    world.settle();
    assertThat(world.record().epoch()).isEqualTo(1);
    assertThat(world.lost()).isEmpty();
  }

  /** Whoever is not asked at a failover must not vouch for anything. */
  @Test
  void serverOutsideTheSyncSetProvesNothing() {
    World world = World.of(Specs.asynchronous(Specs.of(Profile.SAFE, 3), DB3)).writing(0);
    assertThat(world.record().syncSet()).containsExactly(DB2);
    world.cluster().cut(DB1, DB2);
    world.cluster().loseAcknowledgements(DB1);
    world.run(Duration.ofSeconds(20));
    assertThat(world.shows(Diagnosis.SemiSyncBlocked.class)).isTrue();
    assertThat(world.manager().executed(Keeping.PassOnReceipt.class)).isFalse();
  }

  @Test
  void serverWhoseLogSaysOtherwiseIsTriedAgain() {
    World world = unheard();
    world
        .manager()
        .steps()
        .spoil(Keeping.PassOnReceipt.class, false, new Outcome.Failed("up to there it has more"));
    world.until("tried", SOON, () -> world.manager().told("up to there it has more"));
    assertThat(waiting(world)).isEqualTo(2);
    world.until("told", SOON, () -> waiting(world) == 0);
    world.settle();
  }

  @Test
  void lostAnswerIsNotTakenForOne() {
    World world = unheard();
    world
        .manager()
        .steps()
        .spoil(Keeping.PassOnReceipt.class, true, new Outcome.Unknown("connection lost"));
    world.until("told", SOON, () -> waiting(world) == 0);
    world.settle();
    assertThat(world.lost()).isEmpty();
  }

  @Test
  void provesOneHistoryOnly() {
    Receipt receipt =
        new Receipt(DB2, "binlog.000001", 1438, GtidPosition.parse("0-1-5,1-7-3,2-1-9"));
    assertThat(receipt.proves(GtidPosition.parse("0-1-5"))).isTrue();
    assertThat(receipt.proves(GtidPosition.parse("0-1-5,2-1-9"))).isTrue();
    assertThat(receipt.proves(GtidPosition.parse("0-1-6"))).isFalse();
    assertThat(receipt.proves(GtidPosition.parse("0-1-4"))).isFalse();
    assertThat(receipt.proves(GtidPosition.parse("0-3-5"))).isFalse();
    assertThat(receipt.proves(GtidPosition.parse("3-1-1"))).isFalse();
    assertThat(receipt.proves(GtidPosition.EMPTY)).isFalse();
  }
}
