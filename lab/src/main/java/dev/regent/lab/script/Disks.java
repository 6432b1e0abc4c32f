package dev.regent.lab.script;

import static dev.regent.lab.scenario.FaultClass.DISK;
import static dev.regent.lab.scenario.Scenario.AVAILABLE;
import static dev.regent.lab.scenario.Scenario.SAFE;

import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.daemon.DaemonClient;
import dev.regent.lab.fault.FullDisk;
import dev.regent.lab.scenario.Expected;
import dev.regent.lab.scenario.Expected.HeldOut;
import dev.regent.lab.scenario.Need;
import dev.regent.lab.scenario.Scenario;
import dev.regent.lab.scenario.Setup;
import dev.regent.lab.scenario.Stage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Servers that answer and cannot write: their disk is full. */
final class Disks {
  private static final Duration LONGER = Duration.ofSeconds(30);

  private Disks() {}

  static List<Scenario> all() {
    Setup ground =
        Setup.usual()
            .onSmallDisks()
            .impatient()
            .manager("detect", "write_probe = true")
            .manager("detect", "write_probe_timeout = \"2s\"");
    return List.of(
        Scenario.of(
                "disk-full",
                DISK,
                "the primary's disk is full; an operator orders a failover; it is killed, gets room"
                    + " and returns",
                Expected.moves(
                        "found by the write probe, held: it answers; by command another takes over")
                    .heldOut(HeldOut.POSSIBLE)
                    .twoWritable(LONGER)
                    .outage(LONGER),
                Disks::primary)
            .needing(Need.MOUNTS)
            .on(ground)
            .in(SAFE, AVAILABLE),
        Scenario.of(
                "disk-full-replica",
                DISK,
                "a replica's disk is full; it is killed, gets room and returns",
                Expected.stays("writes go on with the other one; it catches up"),
                Disks::replica)
            .needing(Need.MOUNTS)
            .on(ground)
            .in(SAFE, AVAILABLE));
  }

  private static void primary(Stage stage) throws IOException {
    FullDisk disk = FullDisk.of(stage.primary());
    stage.strike("the disk of " + stage.primary().name() + " is full");
    disk.fill();
    stage.awaitDiagnosis("PrimaryCannotWrite");
    stage.check("the role stays until somebody says so", stage.unmoved());
    DaemonClient.Answer answer = stage.order("failover", "\"force\":true");
    stage.say("regent failover --force: " + answer.text());
    stage.awaitNewPrimary();
    stage.awaitWrites();
    stage.kill(stage.primary());
    stage.primary().awaitGone();
    disk.free();
    stage.start(stage.primary());
  }

  private static void replica(Stage stage) throws IOException {
    LabServer replica = stage.replicas().getFirst();
    FullDisk disk = FullDisk.of(replica);
    stage.strike("the disk of " + replica.name() + " is full");
    disk.fill();
    stage.pass(Duration.ofSeconds(2));
    stage.awaitWrites();
    stage.kill(replica);
    replica.awaitGone();
    disk.free();
    stage.start(replica);
  }
}
