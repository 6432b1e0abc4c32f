package dev.regent.lab.script;

import static dev.regent.lab.scenario.FaultClass.TAMPERING;
import static dev.regent.lab.scenario.Scenario.ALL;
import static dev.regent.lab.scenario.Scenario.ASYNC;
import static dev.regent.lab.scenario.Scenario.AVAILABLE;

import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.scenario.Expected;
import dev.regent.lab.scenario.Expected.HeldOut;
import dev.regent.lab.scenario.Scenario;
import dev.regent.lab.scenario.Stage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Somebody with all rights does what they should not. */
final class Tampering {
  private static final Duration CLOSED_WITHIN = Duration.ofSeconds(3);

  private Tampering() {}

  static List<Scenario> all() {
    return List.of(
        Scenario.of(
                "tamper-open-replica",
                TAMPERING,
                "SET GLOBAL read_only=0 on a replica",
                Expected.stays("it is closed again").twoWritable(CLOSED_WITHIN),
                Tampering::openReplica)
            .in(ALL),
        Scenario.of(
            "tamper-replica-semi-sync",
            TAMPERING,
            "semi-sync is switched off on a replica, whose receiving is restarted; once it is set"
                + " right, the primary is killed",
            Expected.moves("switched on again before it is needed; nothing lost"),
            Tampering::replicaSemiSync),
        Scenario.of(
            "tamper-primary-semi-sync",
            TAMPERING,
            "the primary's wait for acknowledgements gets a limit; once it is set right, the"
                + " primary is killed",
            Expected.moves("endless again before it is needed; nothing lost"),
            Tampering::primarySemiSync),
        Scenario.of(
                "tamper-close-primary",
                TAMPERING,
                "SET GLOBAL read_only=1 on the primary, and 0 again",
                Expected.stays("held: it is theirs to open; clients are refused meanwhile"),
                Tampering::closePrimary)
            .in(ALL),
        Scenario.of(
                "tamper-candidate",
                TAMPERING,
                "gtid_strict_mode=0 on a replica, and the primary is killed",
                Expected.moves("the other replica is chosen").heldOut(HeldOut.POSSIBLE),
                Tampering::candidate)
            .in(ALL),
        Scenario.of(
                "errant-replica",
                TAMPERING,
                "a row is written on a replica",
                Expected.stays("its transaction is saved to a file, and it is held out")
                    .heldOut(HeldOut.SOMEBODY),
                Tampering::errant)
            .in(ALL),
        Scenario.of(
                "errant-replica-kill",
                TAMPERING,
                "a row is written on a replica, and the primary is killed at once",
                Expected.moves("the replica without a row of its own is chosen")
                    .heldOut(HeldOut.SOMEBODY),
                Tampering::errantThenKill)
            .in(AVAILABLE, ASYNC));
  }

  private static void openReplica(Stage stage) throws IOException {
    LabServer replica = stage.replicas().getFirst();
    stage.openBehindTheBack(replica);
    stage.await(
        replica.name() + " to be closed",
        () -> !replica.value("SELECT @@global.read_only").equals("0"));
  }

  private static void replicaSemiSync(Stage stage) throws IOException {
    LabServer replica = stage.replicas().getFirst();
    stage.tamper(
        replica,
        "SET GLOBAL rpl_semi_sync_slave_enabled=0",
        "STOP SLAVE IO_THREAD",
        "START SLAVE IO_THREAD");
    stage.await(
        "semi-sync to be on again",
        () -> replica.value("SELECT @@global.rpl_semi_sync_slave_enabled").equals("1"));
    stage.awaitWhole();
    killAndReturn(stage);
  }

  private static void primarySemiSync(Stage stage) throws IOException {
    LabServer primary = stage.primary();
    stage.tamper(primary, "SET GLOBAL rpl_semi_sync_master_timeout=100");
    stage.await(
        "the wait to be endless again",
        () -> !primary.value("SELECT @@global.rpl_semi_sync_master_timeout").equals("100"));
    stage.awaitWhole();
    killAndReturn(stage);
  }

  private static void closePrimary(Stage stage) throws IOException {
    stage.tamper(stage.primary(), "SET GLOBAL read_only=1");
    stage.awaitDiagnosis("PrimaryReadOnly");
    stage.throughout(Duration.ofSeconds(1), "no failover", stage::unmoved);
    stage.openBehindTheBack(stage.primary());
    stage.awaitWrites();
  }

  private static void candidate(Stage stage) throws IOException {
    LabServer unfit = stage.replicas().getFirst();
    stage.tamper(unfit, "SET GLOBAL gtid_strict_mode=0");
    stage.awaitDiagnosis("Unfit");
    stage.kill(stage.primary());
    LabServer next = stage.awaitNewPrimary();
    stage.check(unfit.name() + " is not chosen", !next.name().equals(unfit.name()));
    stage.awaitWrites();
    stage.tamper(unfit, "SET GLOBAL gtid_strict_mode=1");
    stage.start(stage.primary());
  }

  private static void errant(Stage stage) throws IOException {
    LabServer replica = stage.replicas().getFirst();
    stage.writeBehindTheBack(replica);
    stage.awaitHeldOut(replica);
  }

  private static void errantThenKill(Stage stage) throws IOException {
    LabServer errant = stage.replicas().getFirst();
    stage.writeBehindTheBack(errant);
    stage.kill(stage.primary());
    LabServer next = stage.awaitNewPrimary();
    stage.check(errant.name() + " is not chosen", !next.name().equals(errant.name()));
    stage.awaitWrites();
    stage.start(stage.primary());
    stage.awaitHeldOut(errant);
  }

  private static void killAndReturn(Stage stage) throws IOException {
    stage.kill(stage.primary());
    stage.awaitNewPrimary();
    stage.awaitWrites();
    stage.start(stage.primary());
  }
}
