package dev.regent.lab.script;

import static dev.regent.lab.scenario.FaultClass.MANAGER;
import static dev.regent.lab.scenario.Scenario.ALL;
import static dev.regent.lab.scenario.Scenario.AVAILABLE;
import static dev.regent.lab.scenario.Scenario.SAFE;

import dev.regent.lab.scenario.Expected;
import dev.regent.lab.scenario.Expected.HeldOut;
import dev.regent.lab.scenario.Scenario;
import dev.regent.lab.scenario.Stage;
import dev.regent.lab.scenario.Trap;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** The manager dies or stands still, mostly between an intent and its act. */
final class Managers {
  /** Where a failover is interrupted, by turns. */
  private static final List<String> STEPS =
      List.of(
          "write the reign row",
          "stop receiving on",
          "open ",
          "stop replication on",
          "let ",
          "require acknowledgements");

  private static final Duration LONGER = Duration.ofSeconds(30);
  private static final Duration A_WHILE = Duration.ofSeconds(3);

  private Managers() {}

  static List<Scenario> all() {
    return List.of(
        Scenario.of(
                "manager-killed",
                MANAGER,
                "kill -9 of the manager; it starts again",
                Expected.stays("clients notice nothing"),
                Managers::killed)
            .in(ALL),
        Scenario.of(
                "manager-late",
                MANAGER,
                "kill -9 of the manager, then of the primary; the manager starts again",
                Expected.moves("fails over from what its predecessor had seen")
                    .heldOut(HeldOut.POSSIBLE)
                    .outage(LONGER),
                Managers::late)
            .in(SAFE, AVAILABLE),
        Scenario.of(
                "manager-killed-midway",
                MANAGER,
                "kill -9 of the manager in the middle of a failover, at each of its steps by turns;"
                    + " it starts again",
                Expected.moves("the plan is finished or begun again from where it stands")
                    .heldOut(HeldOut.POSSIBLE)
                    .outage(LONGER),
                Managers::killedMidway)
            .in(SAFE, AVAILABLE),
        Scenario.of(
                "manager-frozen-midway",
                MANAGER,
                "SIGSTOP of the manager in the middle of a failover, at each of its steps by turns;"
                    + " it thaws",
                Expected.moves("it goes on, or looks again; one primary in the end")
                    .heldOut(HeldOut.POSSIBLE)
                    .outage(LONGER),
                Managers::frozenMidway)
            .in(SAFE, AVAILABLE),
        Scenario.of(
            "manager-frozen-primary-thaws",
            MANAGER,
            "a frozen primary is replaced, the manager is frozen in the middle of it, the primary"
                + " thaws with clients that write to it, then the manager thaws",
            Expected.moves("the old primary can acknowledge nothing any more")
                .heldOut(HeldOut.POSSIBLE)
                .outage(LONGER)
                .twoWritable(A_WHILE),
            Managers::frozenPrimaryThaws),
        Scenario.of(
                "manager-and-primary",
                MANAGER,
                "kill -9 of the manager and of the primary at once, as if they shared a machine;"
                    + " both return",
                Expected.either("nothing happens until both are back; then one primary")
                    .heldOut(HeldOut.POSSIBLE)
                    .outage(LONGER),
                Managers::andPrimary)
            .in(SAFE, AVAILABLE));
  }

  private static void killed(Stage stage) throws IOException {
    stage.killManager();
    stage.awaitWrites();
    stage.startManager();
    stage.awaitWrites();
  }

  private static void late(Stage stage) throws IOException {
    stage.killManager();
    stage.kill(stage.primary());
    stage.startManager();
    stage.awaitNewPrimary();
    stage.awaitWrites();
    stage.start(stage.primary());
  }

  private static void killedMidway(Stage stage) throws IOException {
    String step = STEPS.get((stage.round() - 1) % STEPS.size());
    Trap trap = stage.whenSent(step, told -> stage.killManager());
    stage.kill(stage.primary());
    stage.awaitSprung(trap, step);
    stage.say("that was at: " + step);
    stage.startManager();
    stage.awaitPrimaryOrForce(stage.epoch());
    stage.awaitWrites();
    stage.returnPrimary();
  }

  private static void frozenMidway(Stage stage) throws IOException {
    String step = STEPS.get((stage.round() - 1) % STEPS.size());
    Trap trap = stage.whenSent(step, told -> stage.freezeManager());
    stage.kill(stage.primary());
    stage.awaitSprung(trap, step);
    stage.say("that was at: " + step);
    stage.pass(A_WHILE);
    stage.thawManager();
    stage.awaitNewPrimary();
    stage.awaitWrites();
    stage.start(stage.primary());
  }

  private static void frozenPrimaryThaws(Stage stage) throws IOException {
    String step = STEPS.get((stage.round() - 1) % STEPS.size());
    stage.stubbornClients(stage.primary());
    stage.pass(Duration.ofMillis(500));
    Trap trap = stage.whenSent(step, told -> stage.freezeManager());
    stage.freeze(stage.primary());
    stage.awaitSprung(trap, step);
    stage.say("that was at: " + step);
    stage.thaw(stage.primary());
    stage.pass(A_WHILE);
    stage.thawManager();
    stage.arena().awaitReturn(stage.epoch(), stage.primary());
  }

  private static void andPrimary(Stage stage) throws IOException {
    stage.killManager();
    stage.kill(stage.primary());
    stage.pass(Duration.ofSeconds(1));
    stage.start(stage.primary());
    stage.startManager();
    stage.arena().awaitReturn(stage.epoch(), stage.primary());
  }
}
