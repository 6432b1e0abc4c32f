package dev.regent.lab.script;

import static dev.regent.lab.scenario.FaultClass.PLANNED;
import static dev.regent.lab.scenario.Scenario.ALL;
import static dev.regent.lab.scenario.Scenario.AVAILABLE;
import static dev.regent.lab.scenario.Scenario.SAFE;

import dev.regent.core.plan.Decision.Reason;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.cluster.Sql;
import dev.regent.lab.daemon.DaemonClient;
import dev.regent.lab.scenario.Expected;
import dev.regent.lab.scenario.Expected.HeldOut;
import dev.regent.lab.scenario.Scenario;
import dev.regent.lab.scenario.Setup;
import dev.regent.lab.scenario.Stage;
import dev.regent.lab.scenario.Trap;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Role changes by order: carried out, refused, undone, and hit by a fault. */
final class Planned {
  /** The daemon's exit codes for an order that it did not carry out. */
  private static final int HELD = 3;

  private static final int FAILED = 4;
  private static final Duration A_WHILE = Duration.ofSeconds(1);

  /** Where a switchover is hit, by turns. */
  private static final List<String> STEPS =
      List.of("freeze writes on", "write the reign row", "check that", "open ");

  private Planned() {}

  static List<Scenario> all() {
    return List.of(
        Scenario.of(
                "switchover",
                PLANNED,
                "switchover to a replica, and back",
                Expected.moves("a short pause each time, and no error for who follows the manager")
                    .outage(Duration.ofSeconds(5)),
                Planned::thereAndBack)
            .in(ALL),
        Scenario.of(
                "switchover-refused",
                PLANNED,
                "switchover while a transaction is open, then one whose candidate cannot apply",
                Expected.stays("refused before anything is touched; undone; writes go on"),
                Planned::refused)
            .in(SAFE, AVAILABLE)
            .on(
                Setup.usual()
                    .manager("switchover", "long_transaction = \"1s\"")
                    .manager("switchover", "catch_up = \"1s\"")),
        Scenario.of(
                "switchover-replication-stopped",
                PLANNED,
                "switchover while replication is stopped everywhere",
                Expected.stays("refused, with the reason"),
                Planned::replicationStopped)
            .in(AVAILABLE),
        Scenario.of(
                "switchover-primary-killed",
                PLANNED,
                "kill -9 of the primary in the middle of a switchover, at its steps by turns",
                Expected.either("the switchover ends as a failover; nothing lost in safe")
                    .heldOut(HeldOut.POSSIBLE)
                    .outage(Duration.ofSeconds(30)),
                Planned::primaryKilled)
            .in(SAFE, AVAILABLE),
        Scenario.of(
                "switchover-candidate-killed",
                PLANNED,
                "kill -9 of the candidate when the primary is frozen for it",
                Expected.either("undone: the old primary takes writes again")
                    .heldOut(HeldOut.POSSIBLE)
                    .outage(Duration.ofSeconds(30)),
                Planned::candidateKilled)
            .in(SAFE, AVAILABLE),
        Scenario.of(
                "paused",
                PLANNED,
                "the cluster is paused, the primary is killed; later it is resumed",
                Expected.moves("nothing is done until it is resumed")
                    .heldOut(HeldOut.POSSIBLE)
                    .outage(Duration.ofSeconds(30)),
                Planned::paused)
            .in(SAFE, AVAILABLE));
  }

  private static void thereAndBack(Stage stage) throws IOException {
    stage.strike("switchover, there");
    switchOver(stage, "");
    stage.awaitPrimaryAfter(stage.epoch());
    stage.awaitWrites();
    stage.awaitWhole();
    long between = stage.arena().feed().epoch();
    switchOver(stage, "\"to\":\"" + stage.primary().name() + "\"");
    LabServer last = stage.awaitPrimaryAfter(between);
    stage.check("the role is back", last.name().equals(stage.primary().name()));
  }

  private static void switchOver(Stage stage, String to) throws IOException {
    DaemonClient.Answer answer = stage.order("switchover", to);
    stage.check("the switchover is carried out: " + answer.text(), answer.exit() == 0);
  }

  private static void refused(Stage stage) throws IOException {
    try (Connection client = stage.primary().connect(stage.primary().accounts().app())) {
      client.setAutoCommit(false);
      Sql.execute(
          client, "INSERT INTO shop.orders (id, client, seq, payload) VALUES (-1, 0, 1, 'open')");
      stage.pass(Duration.ofMillis(2_200));
      stage.strike("switchover, with a transaction open");
      DaemonClient.Answer answer = stage.order("switchover", "");
      stage.check("it is held: " + answer.text(), answer.exit() == HELD);
      client.rollback();
    } catch (SQLException e) {
      throw new IOException("the open transaction failed", e);
    }
    stage.awaitWrites();
    LabServer candidate = stage.replicas().getFirst();
    stage.locked(List.of(candidate), s -> undone(s, candidate));
    stage.awaitWrites();
  }

  private static void undone(Stage stage, LabServer candidate) throws IOException {
    DaemonClient.Answer answer = stage.order("switchover", "\"to\":\"" + candidate.name() + "\"");
    stage.check(
        "it is held or undone: " + answer.text(), answer.exit() == HELD || answer.exit() == FAILED);
  }

  private static void replicationStopped(Stage stage) throws IOException {
    for (LabServer replica : stage.replicas()) {
      stage.tamper(replica, "STOP SLAVE");
    }
    stage.awaitDiagnosis("ReplicaStopped");
    DaemonClient.Answer answer = stage.order("switchover", "");
    stage.check("it is held: " + answer.text(), answer.exit() == HELD);
    stage.awaitWrites();
    for (LabServer replica : stage.replicas()) {
      stage.tamper(replica, "START SLAVE");
    }
  }

  private static void primaryKilled(Stage stage) throws IOException {
    String step = STEPS.get((stage.round() - 1) % STEPS.size());
    Trap trap = stage.whenSent(step, told -> stage.primary().kill());
    stage.strike("switchover, to be hit at: " + step);
    DaemonClient.Answer answer = stage.order("switchover", "");
    stage.awaitSprung(trap, step);
    stage.say("kill -9 of " + stage.primary().name() + "; the order says " + answer.exit());
    stage.awaitNewPrimary();
    stage.awaitWrites();
    stage.start(stage.primary());
  }

  private static void candidateKilled(Stage stage) throws IOException {
    LabServer candidate = stage.replicas().getFirst();
    Trap trap = stage.whenSent("freeze writes on", told -> candidate.kill());
    stage.strike("switchover to " + candidate.name());
    DaemonClient.Answer answer = stage.order("switchover", "\"to\":\"" + candidate.name() + "\"");
    stage.awaitSprung(trap, "freeze writes on");
    stage.say("kill -9 of " + candidate.name() + "; the order says " + answer.exit());
    stage.start(candidate);
    stage.awaitWrites();
  }

  private static void paused(Stage stage) throws IOException {
    stage.order("pause", "\"reason\":\"drill\"");
    stage.kill(stage.primary());
    stage.awaitHold(Reason.PAUSED);
    stage.throughout(A_WHILE, "no failover", stage::unmoved);
    stage.order("resume", "");
    stage.awaitNewPrimary();
    stage.awaitWrites();
    stage.start(stage.primary());
  }
}
