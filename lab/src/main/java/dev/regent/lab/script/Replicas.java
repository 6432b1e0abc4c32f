package dev.regent.lab.script;

import static dev.regent.lab.scenario.FaultClass.REPLICA;
import static dev.regent.lab.scenario.Scenario.ALL;
import static dev.regent.lab.scenario.Scenario.AVAILABLE;
import static dev.regent.lab.scenario.Scenario.SAFE;

import dev.regent.core.plan.Decision.Reason;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.scenario.Expected;
import dev.regent.lab.scenario.Expected.HeldOut;
import dev.regent.lab.scenario.Scenario;
import dev.regent.lab.scenario.Stage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Replicas that fail, alone or before their primary does. */
final class Replicas {
  private static final Duration LONGER = Duration.ofSeconds(30);
  private static final Duration A_WHILE = Duration.ofSeconds(1);

  private Replicas() {}

  static List<Scenario> all() {
    return List.of(
        Scenario.of(
                "replica-killed",
                REPLICA,
                "kill -9 of a replica, which returns",
                Expected.stays("writes go on with the other one; it is attached again"),
                Replicas::killed)
            .in(ALL),
        Scenario.of(
                "replica-then-primary",
                REPLICA,
                "kill -9 of a replica, then of the primary; both return, the replica first",
                Expected.moves("safe holds until the replica is back; else the other takes over")
                    .heldOut(HeldOut.POSSIBLE)
                    .outage(LONGER),
                Replicas::thenPrimary)
            .in(SAFE, AVAILABLE),
        Scenario.of(
                "replica-then-primary-back-first",
                REPLICA,
                "kill -9 of a replica, then of the primary; both return, the primary first",
                Expected.either("who can have all that was acknowledged is primary; nothing lost")
                    .heldOut(HeldOut.POSSIBLE)
                    .outage(LONGER),
                Replicas::thenPrimaryBackFirst)
            .in(SAFE, AVAILABLE),
        Scenario.of(
            "relay-log-only",
            REPLICA,
            "rows lie in one replica's relay log alone, not applied; it restarts (killed or stopped"
                + " by turns), and the primary is killed",
            Expected.either(
                    "holds, since nobody can testify; forced, the relay log is applied, not purged; if a"
                        + " crash left a gap before it, refused until somebody is back who can fill it: nothing"
                        + " acknowledged is lost")
                .outage(LONGER),
            Replicas::relayLogOnly),
        Scenario.of(
                "late-replicas",
                REPLICA,
                "the appliers of all replicas stand still; the primary is killed, then they go on",
                Expected.moves("what was received is applied before anybody may write")
                    .heldOut(HeldOut.POSSIBLE)
                    .outage(LONGER),
                Replicas::late)
            .in(SAFE, AVAILABLE),
        Scenario.of(
                "replication-stopped",
                REPLICA,
                "somebody stops replication on all replicas, and starts it again",
                Expected.stays("held: it is theirs to start; in safe commits wait meanwhile"),
                Replicas::stopped)
            .in(ALL));
  }

  private static void killed(Stage stage) throws IOException {
    LabServer replica = stage.replicas().getFirst();
    stage.kill(replica);
    stage.awaitWrites();
    stage.start(replica);
  }

  private static void thenPrimary(Stage stage) throws IOException {
    LabServer replica = stage.replicas().getFirst();
    stage.kill(replica);
    stage.awaitDiagnosis(stage.safe() ? "SyncMemberSilent" : "ReplicaUnreachable");
    stage.awaitWrites();
    stage.kill(stage.primary());
    if (stage.safe()) {
      stage.awaitHold(Reason.SYNC_MEMBER_MISSING);
      stage.throughout(A_WHILE, "no failover without the member", stage::unmoved);
      stage.start(replica);
      stage.awaitNewPrimary();
    } else {
      stage.awaitNewPrimary();
      stage.start(replica);
    }
    stage.awaitWrites();
    stage.start(stage.primary());
  }

  private static void thenPrimaryBackFirst(Stage stage) throws IOException {
    LabServer replica = stage.replicas().getFirst();
    stage.kill(replica);
    stage.awaitDiagnosis(stage.safe() ? "SyncMemberSilent" : "ReplicaUnreachable");
    stage.awaitWrites();
    stage.kill(stage.primary());
    stage.pass(A_WHILE);
    stage.start(stage.primary());
    stage.pass(A_WHILE);
    stage.start(replica);
    stage.arena().awaitReturn(stage.epoch(), stage.primary());
  }

  private static void relayLogOnly(Stage stage) throws IOException {
    LabServer holder = stage.replicas().getFirst();
    LabServer behind = stage.replicas().getLast();
    stage.tamper(behind, "STOP SLAVE IO_THREAD");
    stage.tamper(holder, "STOP SLAVE SQL_THREAD");
    stage.awaitWrites();
    if (stage.round() % 2 == 1) {
      stage.kill(holder);
    } else {
      stage.stop(holder);
    }
    stage.kill(stage.primary());
    stage.start(holder);
    stage.awaitPrimaryOrForce(stage.epoch());
    stage.awaitWrites();
    stage.returnPrimary();
  }

  private static void late(Stage stage) throws IOException {
    stage.locked(stage.replicas(), Replicas::killUnapplied);
    stage.awaitNewPrimary();
    stage.awaitWrites();
    stage.start(stage.primary());
  }

  private static void killUnapplied(Stage stage) throws IOException {
    stage.awaitWrites();
    stage.kill(stage.primary());
    stage.throughout(A_WHILE, "nobody is opened who has not applied all", stage::unmoved);
  }

  private static void stopped(Stage stage) throws IOException {
    for (LabServer replica : stage.replicas()) {
      stage.tamper(replica, "STOP SLAVE");
    }
    stage.awaitDiagnosis("ReplicaStopped");
    stage.throughout(A_WHILE, "no failover", stage::unmoved);
    for (LabServer replica : stage.replicas()) {
      stage.tamper(replica, "START SLAVE");
    }
    stage.awaitWrites();
  }
}
