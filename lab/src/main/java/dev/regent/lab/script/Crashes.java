package dev.regent.lab.script;

import static dev.regent.lab.scenario.FaultClass.CRASH;
import static dev.regent.lab.scenario.Scenario.ALL;
import static dev.regent.lab.scenario.Scenario.ASYNC;
import static dev.regent.lab.scenario.Scenario.AVAILABLE;
import static dev.regent.lab.scenario.Scenario.SAFE;

import dev.regent.core.plan.Decision.Reason;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.scenario.Expected;
import dev.regent.lab.scenario.Expected.HeldOut;
import dev.regent.lab.scenario.Scenario;
import dev.regent.lab.scenario.Setup;
import dev.regent.lab.scenario.Stage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Primaries that die. */
final class Crashes {
  private static final Expected TAKEN_OVER =
      Expected.moves(
              "another server is primary; in safe nothing acknowledged is lost and the old one"
                  + " follows; else what only the old one has is counted, and it is held out")
          .heldOut(HeldOut.POSSIBLE);

  /** Somebody has to come back first. */
  private static final Duration LONGER = Duration.ofSeconds(30);

  private Crashes() {}

  static List<Scenario> all() {
    return List.of(
        Scenario.of("kill", CRASH, "kill -9 of the primary", TAKEN_OVER, Crashes::kill)
            .in(ALL)
            .weighing(20),
        Scenario.of(
                "kill-flat-out",
                CRASH,
                "kill -9 of the primary while clients write as fast as they are answered",
                TAKEN_OVER,
                Crashes::kill)
            .in(AVAILABLE, ASYNC, SAFE)
            .on(Setup.usual().flatOut())
            .weighing(4),
        Scenario.of(
            "kill-untruncated",
            CRASH,
            "kill -9 of the primary, which then starts without init-rpl-role",
            TAKEN_OVER,
            Crashes::untruncated),
        Scenario.of(
                "kill-restart",
                CRASH,
                "kill -9 of the primary, which something starts again at once",
                Expected.either("it gets its role back, or another server takes over; nothing lost")
                    .heldOut(HeldOut.POSSIBLE),
                Crashes::restart)
            .in(ALL),
        Scenario.of("stop", CRASH, "SIGTERM to the primary", TAKEN_OVER, Crashes::stop).in(ALL),
        Scenario.of(
                "kill-twice",
                CRASH,
                "kill -9 of the primary, and of the next one as soon as the manager has seen the third"
                    + " follow it",
                Expected.moves(
                        "the third takes over; in safe an operator has to say so, even when the first"
                            + " one is back: nobody would be left to acknowledge")
                    .heldOut(HeldOut.POSSIBLE)
                    .outage(LONGER),
                Crashes::twice)
            .in(SAFE, AVAILABLE),
        Scenario.of(
                "kill-twice-at-once",
                CRASH,
                "kill -9 of the primary, and of the next one as soon as it takes writes;"
                    + " the second returns first",
                Expected.moves("holds where nobody can testify; goes on with who returns")
                    .heldOut(HeldOut.POSSIBLE)
                    .outage(LONGER),
                Crashes::twiceAtOnce)
            .in(SAFE, AVAILABLE),
        Scenario.of(
            "outage",
            CRASH,
            "kill -9 of all servers, which come back read-only",
            Expected.either("the last primary gets its role back if nobody has more; nothing lost")
                .outage(LONGER),
            Crashes::outage),
        Scenario.of(
                "flapping",
                CRASH,
                "the same primary is killed again within the window of its limit",
                Expected.moves("the second time it holds: FLAPPING; an operator's word lets it act")
                    .heldOut(HeldOut.POSSIBLE)
                    .outage(LONGER),
                Crashes::flapping)
            .in(SAFE, AVAILABLE)
            .on(Setup.withFlapping("limit = 1", "window = \"1h\"", "cool_down = \"0s\"")));
  }

  private static void kill(Stage stage) throws IOException {
    stage.kill(stage.primary());
    stage.awaitNewPrimary();
    stage.awaitWrites();
    stage.start(stage.primary());
  }

  private static void untruncated(Stage stage) throws IOException {
    stage.kill(stage.primary());
    stage.awaitNewPrimary();
    stage.awaitWrites();
    stage.startWith(stage.primary());
  }

  private static void restart(Stage stage) throws IOException {
    stage.kill(stage.primary());
    stage.start(stage.primary());
    stage.arena().awaitReturn(stage.epoch(), stage.primary());
  }

  private static void stop(Stage stage) throws IOException {
    stage.stop(stage.primary());
    stage.awaitNewPrimary();
    stage.awaitWrites();
    stage.start(stage.primary());
  }

  private static void twice(Stage stage) throws IOException {
    stage.kill(stage.primary());
    LabServer second = stage.awaitNewPrimary();
    LabServer third = third(stage, second);
    stage.awaitSeenFollowing(third);
    long epoch = stage.arena().feed().epoch();
    stage.kill(second);
    if (stage.safe()) {
      stage.returnPrimary();
    }
    stage.awaitPrimaryOrForce(epoch);
    if (!stage.safe()) {
      stage.awaitWrites();
      stage.returnPrimary();
    }
    stage.start(second);
  }

  private static void twiceAtOnce(Stage stage) throws IOException {
    stage.kill(stage.primary());
    LabServer second = stage.awaitNewPrimary();
    long epoch = stage.arena().feed().epoch();
    stage.kill(second);
    stage.start(second);
    stage.arena().awaitReturn(epoch, second);
    stage.start(stage.primary());
  }

  private static LabServer third(Stage stage, LabServer second) {
    return stage.replicas().stream()
        .filter(s -> !s.name().equals(second.name()))
        .findFirst()
        .orElseThrow();
  }

  private static void outage(Stage stage) throws IOException {
    List<LabServer> all = stage.arena().cluster().servers();
    for (LabServer server : all) {
      stage.kill(server);
    }
    for (LabServer server : all) {
      stage.start(server);
    }
    stage.arena().awaitReturn(stage.epoch(), stage.primary());
  }

  private static void flapping(Stage stage) throws IOException {
    kill(stage);
    stage.awaitSettled();
    if (stage.arena().isQuarantined(stage.primary())) {
      stage.say("it cannot have the role again: it is held out");
      return;
    }
    long between = stage.arena().feed().epoch();
    var back = stage.order("switchover", "\"to\":\"" + stage.primary().name() + "\"");
    stage.check("the switchover back is carried out: " + back.text(), back.exit() == 0);
    stage.awaitPrimaryAfter(between);
    stage.awaitWhole();
    stage.awaitWrites();
    long epoch = stage.arena().feed().epoch();
    stage.kill(stage.primary());
    stage.awaitHold(Reason.FLAPPING);
    stage.throughout(
        Duration.ofSeconds(1), "no failover", () -> stage.arena().feed().epoch() == epoch);
    stage.order("resume", "");
    stage.awaitPrimaryAfter(epoch);
    stage.awaitWrites();
    stage.start(stage.primary());
  }
}
