package dev.regent.lab.script;

import static dev.regent.lab.scenario.FaultClass.FREEZE;
import static dev.regent.lab.scenario.Scenario.ALL;
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

/** Servers that live and do nothing, and commits that wait for them. */
final class Freezes {
  /** From the thaw until the manager has looked, and closed it. */
  private static final Duration FENCED_WITHIN = Duration.ofSeconds(3);

  /** Shorter than the manager's patience with a silent primary. */
  private static final Duration HICCUP = Duration.ofMillis(900);

  private static final int HICCUPS = 3;
  private static final Duration A_WHILE = Duration.ofSeconds(2);

  private Freezes() {}

  static List<Scenario> all() {
    return List.of(
        Scenario.of(
                "freeze",
                FREEZE,
                "SIGSTOP of the primary; it thaws once another has taken over, and clients that"
                    + " waited for it write to it first",
                Expected.moves(
                        "another server is primary; the old one is closed when it thaws, nothing"
                            + " that it acknowledged before is lost in safe, all is counted else")
                    .heldOut(HeldOut.POSSIBLE)
                    .twoWritable(FENCED_WITHIN),
                Freezes::freeze)
            .in(ALL)
            .on(Setup.usual().impatient()),
        Scenario.of(
                "hiccups",
                FREEZE,
                "the primary is frozen for " + HICCUP.toMillis() + " ms, again and again",
                Expected.stays("too short for a death: the role stays"),
                Freezes::hiccups)
            .in(ALL),
        Scenario.of(
                "freeze-replica",
                FREEZE,
                "SIGSTOP of a replica, for longer than a primary may be silent",
                Expected.stays("writes go on with the other one; it catches up when it thaws"),
                Freezes::replica)
            .in(ALL),
        Scenario.of(
            "hung-commits",
            FREEZE,
            "all replicas are frozen, so that every commit waits; then they thaw",
            Expected.stays("commits wait, nobody is told anything false; then all go on"),
            Freezes::hungCommits),
        Scenario.of(
            "hung-commits-kill",
            FREEZE,
            "all replicas are frozen, the primary is killed with its commits waiting, they thaw",
            Expected.moves("a replica takes over; what waited was acknowledged to nobody")
                .outage(Duration.ofSeconds(20)),
            Freezes::hungCommitsKill),
        Scenario.of(
            "acker-frozen",
            FREEZE,
            "one replica receives nothing, the only one that acknowledges is frozen, the primary"
                + " is killed",
            Expected.moves(
                    "holds, since nobody can testify, until the frozen one thaws; then that one wins")
                .outage(Duration.ofSeconds(30)),
            Freezes::ackerFrozen),
        Scenario.of(
                "freeze-candidate",
                FREEZE,
                "the candidate is frozen in the middle of the failover, and thaws",
                Expected.moves("the plan waits or begins again; one primary in the end")
                    .heldOut(HeldOut.POSSIBLE)
                    .outage(Duration.ofSeconds(30))
                    .twoWritable(FENCED_WITHIN),
                Freezes::candidate)
            .in(SAFE, AVAILABLE));
  }

  private static void freeze(Stage stage) throws IOException {
    stage.stubbornClients(stage.primary());
    stage.pass(Duration.ofMillis(500));
    stage.freeze(stage.primary());
    stage.awaitNewPrimary();
    stage.awaitWrites();
    stage.thaw(stage.primary());
    stage.await("the thawed server to be closed", () -> closed(stage.primary()));
  }

  private static boolean closed(LabServer server) {
    return !server.value("SELECT @@global.read_only").equals("0");
  }

  private static void hiccups(Stage stage) {
    for (int i = 0; i < HICCUPS; i++) {
      stage.freeze(stage.primary());
      stage.pass(HICCUP);
      stage.thaw(stage.primary());
      stage.pass(HICCUP);
    }
  }

  private static void replica(Stage stage) throws IOException {
    LabServer replica = stage.replicas().getFirst();
    stage.freeze(replica);
    stage.pass(Duration.ofSeconds(4));
    stage.awaitWrites();
    stage.thaw(replica);
  }

  private static void hungCommits(Stage stage) throws IOException {
    stage.replicas().forEach(stage::freeze);
    stage.awaitDiagnosis("SyncMemberSilent");
    stage.throughout(Duration.ofSeconds(4), "no failover", stage::unmoved);
    stage.replicas().forEach(stage::thaw);
    stage.awaitWrites();
  }

  private static void hungCommitsKill(Stage stage) throws IOException {
    stage.replicas().forEach(stage::freeze);
    stage.pass(A_WHILE);
    stage.kill(stage.primary());
    stage.pass(Duration.ofMillis(500));
    stage.replicas().forEach(stage::thaw);
    stage.awaitNewPrimary();
    stage.awaitWrites();
    stage.start(stage.primary());
  }

  private static void ackerFrozen(Stage stage) throws IOException {
    LabServer acker = stage.replicas().getFirst();
    LabServer behind = stage.replicas().getLast();
    stage.tamper(behind, "STOP SLAVE IO_THREAD");
    stage.awaitWrites();
    stage.freeze(acker);
    stage.kill(stage.primary());
    stage.awaitHold(Reason.NO_WITNESS);
    stage.throughout(A_WHILE, "no failover without the acknowledger", stage::unmoved);
    stage.thaw(acker);
    stage.awaitNewPrimary();
    stage.awaitWrites();
    stage.start(stage.primary());
  }

  private static void candidate(Stage stage) throws IOException {
    String[] frozen = new String[1];
    var trap =
        stage.whenSent(
            "write the reign row",
            told -> {
              frozen[0] = Midway.candidate(told);
              stage.freeze(stage.server(frozen[0]));
            });
    stage.kill(stage.primary());
    stage.awaitSprung(trap, "write the reign row");
    stage.pass(A_WHILE);
    stage.thaw(stage.server(frozen[0]));
    stage.awaitNewPrimary();
    stage.awaitWrites();
    stage.start(stage.primary());
  }
}
