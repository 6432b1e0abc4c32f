package dev.regent.lab.drill;

import static dev.regent.lab.scenario.FaultClass.TAMPERING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.scenario.Expected;
import dev.regent.lab.scenario.Ground;
import dev.regent.lab.scenario.Scenario;
import dev.regent.lab.scenario.Script;
import dev.regent.lab.scenario.Setup;
import dev.regent.lab.scenario.Stage;
import dev.regent.lab.scenario.Through;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A drill that goes wrong is not called a good one: what it is there to find, it finds. */
@Tag("real")
class SpoiltDrillTest {
  private static Scenario spoilt(String name, Expected expected, Script script) {
    return Scenario.of(name, TAMPERING, name, expected, script);
  }

  @Test
  void findsWhatWasSpoilt() throws IOException {
    try (Ground ground = Ground.open(Setup.usual(), Scenario.AVAILABLE, Through.MIXED)) {
      Round expected =
          play(ground, 1, spoilt("nothing", Expected.moves("a move"), Stage::awaitWrites));
      Round lost = play(ground, 2, spoilt("loss", Expected.stays("as it was"), this::loseRows));
      Round open =
          play(ground, 3, spoilt("two", Expected.stays("as it was"), this::openWithoutWord));

      assertThat(expected.complaints()).containsExactly("EXPECTED: the role moves, and it did not");
      assertThat(lost.complaints())
          .anyMatch(c -> c.startsWith("ACKNOWLEDGED: 1 acknowledged writes are lost and on no"));
      assertThat(lost.tally().orElseThrow().lost()).isEqualTo(1);
      assertThat(open.complaints())
          .anyMatch(c -> c.startsWith("INTENT FIRST: "))
          .anyMatch(c -> c.startsWith("ONE WRITABLE: "));
    }
  }

  private static Round play(Ground ground, int turn, Scenario scenario) {
    return Drill.play(scenario, ground, 1, turn);
  }

  /** On every server, and no log tells of it. */
  private void loseRows(Stage stage) throws IOException {
    stage.awaitWrites();
    String row = stage.primary().value("SELECT MAX(id) FROM shop.orders");
    for (LabServer replica : stage.replicas()) {
      stage.arena().cluster().awaitCaughtUp(replica, stage.primary());
    }
    for (LabServer server : stage.arena().cluster().servers()) {
      server.execute("SET SESSION sql_log_bin=0", "DELETE FROM shop.orders WHERE id=" + row);
    }
  }

  private void openWithoutWord(Stage stage) throws IOException {
    LabServer replica = stage.replicas().getFirst();
    replica.execute("SET GLOBAL read_only=0");
    stage.await("it to be closed", () -> !replica.value("SELECT @@global.read_only").equals("0"));
  }
}
