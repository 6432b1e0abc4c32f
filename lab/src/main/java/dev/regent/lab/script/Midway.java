package dev.regent.lab.script;

import static dev.regent.lab.scenario.FaultClass.MIDWAY;
import static dev.regent.lab.scenario.Scenario.AVAILABLE;
import static dev.regent.lab.scenario.Scenario.SAFE;

import dev.regent.lab.arena.AuditLine;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.scenario.Expected;
import dev.regent.lab.scenario.Expected.HeldOut;
import dev.regent.lab.scenario.Scenario;
import dev.regent.lab.scenario.Stage;
import dev.regent.lab.scenario.Trap;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What fails while a failover is under way. */
final class Midway {
  private static final Pattern WINNER =
      Pattern.compile("(?:reign row of epoch \\d+ on|^open) (\\w+)");
  private static final Duration LONGER = Duration.ofSeconds(30);

  private Midway() {}

  static List<Scenario> all() {
    return List.of(
        Scenario.of(
                "kill-candidate",
                MIDWAY,
                "kill -9 of the primary, and of the candidate when its reign row is sent, or when"
                    + " it is opened (by turns)",
                Expected.moves(
                        "safe waits for it to return, and for an operator where the witnesses were led"
                            + " away; else the plan begins again without it")
                    .heldOut(HeldOut.POSSIBLE)
                    .outage(LONGER),
                Midway::killCandidate)
            .in(SAFE, AVAILABLE),
        Scenario.of(
                "replica-restart-midway",
                MIDWAY,
                "kill -9 of the primary, and of a replica when its receiving is stopped; the"
                    + " replica comes back at once",
                Expected.moves("nothing that it had received and acknowledged is lost")
                    .heldOut(HeldOut.POSSIBLE)
                    .outage(LONGER),
                Midway::restartReplica)
            .in(SAFE, AVAILABLE),
        Scenario.of(
            "replica-rejoins-midway",
            MIDWAY,
            "a replica is stopped by the failover's first step, and somebody starts its receiving"
                + " again; the old primary returns meanwhile",
            Expected.moves("the old reign gets no acknowledgement that counts; nothing is lost")
                .outage(LONGER),
            Midway::restartReceiving));
  }

  /** Whom a step of the promotion is about. */
  static String candidate(AuditLine sent) {
    for (String sentence : sent.sentences()) {
      Matcher found = WINNER.matcher(sentence);
      if (found.find()) {
        return found.group(1);
      }
    }
    throw new IllegalArgumentException("nobody is named in " + sent.sentence());
  }

  private static void killCandidate(Stage stage) throws IOException {
    String step = stage.round() % 2 == 1 ? "write the reign row" : "open ";
    String[] victim = new String[1];
    Trap trap =
        stage.whenSent(
            step,
            told -> {
              victim[0] = candidate(told);
              stage.server(victim[0]).kill();
            });
    stage.kill(stage.primary());
    stage.awaitSprung(trap, step);
    stage.say(victim[0] + " is killed at: " + step);
    LabServer candidate = stage.server(victim[0]);
    if (stage.safe()) {
      stage.pass(Duration.ofSeconds(1));
      stage.start(candidate);
    }
    stage.awaitPrimaryOrForce(stage.epoch());
    stage.awaitWrites();
    stage.returnPrimary();
    if (!stage.safe()) {
      stage.start(candidate);
    }
  }

  private static void restartReplica(Stage stage) throws IOException {
    LabServer replica = stage.replicas().getLast();
    Trap trap = stage.whenSent("stop receiving on", told -> replica.kill());
    stage.kill(stage.primary());
    stage.awaitSprung(trap, "stop receiving on");
    stage.say("kill -9 of " + replica.name());
    stage.start(replica);
    stage.awaitNewPrimary();
    stage.awaitWrites();
    stage.start(stage.primary());
  }

  private static void restartReceiving(Stage stage) throws IOException {
    LabServer replica = stage.replicas().getLast();
    Trap trap =
        stage.when(
            l -> l.is("StepEnded") && l.sentence().contains("stop receiving on " + replica.name()),
            told -> replica.execute("START SLAVE IO_THREAD"));
    stage.kill(stage.primary());
    stage.start(stage.primary());
    stage.awaitSprung(trap, "stop receiving on " + replica.name());
    stage.say("somebody starts receiving on " + replica.name());
    stage.awaitNewPrimary();
    stage.awaitWrites();
  }
}
