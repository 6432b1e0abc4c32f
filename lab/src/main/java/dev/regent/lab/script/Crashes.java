package dev.regent.lab.script;

import static dev.regent.lab.scenario.Scenario.ALL;
import static dev.regent.lab.scenario.Scenario.ASYNC;
import static dev.regent.lab.scenario.Scenario.AVAILABLE;
import static dev.regent.lab.scenario.Scenario.SAFE;

import dev.regent.lab.scenario.Expected;
import dev.regent.lab.scenario.Expected.HeldOut;
import dev.regent.lab.scenario.FaultClass;
import dev.regent.lab.scenario.Scenario;
import dev.regent.lab.scenario.Setup;
import dev.regent.lab.scenario.Stage;
import java.io.IOException;
import java.util.List;

/** Servers that die. */
final class Crashes {
  private static final Expected TAKEN_OVER =
      Expected.moves(
              "another server is primary; in safe nothing acknowledged is lost and the old one"
                  + " follows; else what only the old one has is counted, and it is held out for it")
          .heldOut(HeldOut.POSSIBLE);

  private Crashes() {}

  static List<Scenario> all() {
    return List.of(
        Scenario.of(
                "kill",
                FaultClass.CRASH,
                "kill -9 of the primary; it comes back once another has taken over",
                TAKEN_OVER,
                Crashes::kill)
            .in(ALL)
            .weighing(20),
        Scenario.of(
                "kill-flat-out",
                FaultClass.CRASH,
                "the same, while clients write as fast as they are answered",
                TAKEN_OVER,
                Crashes::kill)
            .in(AVAILABLE, ASYNC, SAFE)
            .on(Setup.usual().flatOut())
            .weighing(4));
  }

  private static void kill(Stage stage) throws IOException {
    stage.kill(stage.primary());
    stage.awaitNewPrimary();
    stage.awaitWrites();
    stage.start(stage.primary());
  }
}
