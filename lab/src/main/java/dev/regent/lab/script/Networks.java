package dev.regent.lab.script;

import static dev.regent.lab.scenario.FaultClass.NETWORK;
import static dev.regent.lab.scenario.Scenario.ALL;
import static dev.regent.lab.scenario.Scenario.AVAILABLE;
import static dev.regent.lab.scenario.Scenario.SAFE;

import dev.regent.core.plan.Decision.Reason;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.net.Host;
import dev.regent.lab.net.Way;
import dev.regent.lab.scenario.Expected;
import dev.regent.lab.scenario.Expected.HeldOut;
import dev.regent.lab.scenario.Need;
import dev.regent.lab.scenario.Scenario;
import dev.regent.lab.scenario.Script;
import dev.regent.lab.scenario.Setup;
import dev.regent.lab.scenario.Stage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Paths between the parties that fail; every party has a host of its own. */
final class Networks {
  private static final Duration FENCED_WITHIN = Duration.ofSeconds(3);
  private static final Duration LONGER = Duration.ofSeconds(30);

  /** Longer than a primary may be silent. */
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(5);

  /** What the manager finds where it cannot see that the primary lives, and a replica can. */
  private static final String HIDDEN = "PrimaryHidden";

  private static final String BLOCKED = "SemiSyncBlocked";

  private static final Duration SHORT = Duration.ofMillis(1_200);
  private static final int FLAPS = 3;
  private static final double LOSS = 0.1;
  private static final long SLOW_BITS = 2_000_000;

  private Networks() {}

  static List<Scenario> all() {
    List<Scenario> all = new ArrayList<>(primaries());
    all.addAll(replicas());
    all.addAll(managers());
    all.addAll(quality());
    return all;
  }

  private static Scenario scenario(String name, String sentence, Expected expected, Script script) {
    return Scenario.of(name, NETWORK, sentence, expected, script)
        .needing(Need.NAMESPACES)
        .on(Setup.usual().apart().impatient());
  }

  private static List<Scenario> primaries() {
    return List.of(
        scenario(
                "isolate-primary",
                "the primary is cut off from everybody, and returns once another has taken over",
                Expected.moves(
                        "another server is primary; the old one is closed when it is back; nothing"
                            + " acknowledged is lost in safe, all is counted else")
                    .heldOut(HeldOut.POSSIBLE)
                    .twoWritable(LONG_ENOUGH.plus(LONGER)),
                Networks::isolatePrimary)
            .in(ALL),
        scenario(
            "isolate-primary-with-clients",
            "the primary is cut off from the manager and the replicas, while clients that know only"
                + " it go on writing to it",
            Expected.moves("it can acknowledge nothing to them, and is closed when it is back")
                .heldOut(HeldOut.POSSIBLE)
                .twoWritable(LONG_ENOUGH.plus(LONGER)),
            Networks::isolateWithClients),
        scenario(
                "flapping-network",
                "the primary is cut off from everybody for " + SHORT.toMillis() + " ms, repeatedly",
                Expected.stays("too short for a death: the role stays"),
                Networks::flap)
            .in(SAFE, AVAILABLE),
        scenario(
            "reset-connections",
            "every connection of the primary is reset, repeatedly",
            Expected.stays(
                "everybody connects again; acknowledgements that got lost are passed on; the role"
                    + " stays"),
            Networks::reset));
  }

  private static List<Scenario> replicas() {
    return List.of(
        scenario(
                "isolate-replication",
                "the primary and its replicas lose each other; the manager and clients see all",
                Expected.stays("held: the primary lives; in safe commits wait for the replicas"),
                Networks::isolateReplication)
            .in(ALL)
            .on(Setup.usual().apart()),
        scenario(
                "one-way-replication",
                "what the primary sends to its replicas is lost, and nothing else",
                Expected.stays("held: the primary lives"),
                Networks::oneWayReplication)
            .in(SAFE, AVAILABLE)
            .on(Setup.usual().apart()),
        scenario(
            "acker-isolated",
            "one replica is cut off from the primary, so that the other alone acknowledges; that"
                + " one is cut off from all, the primary is killed, the first is back",
            Expected.moves("holds, and names the one that is cut off, until it is back")
                .outage(LONGER),
            Networks::ackerIsolated),
        scenario(
            "relay-log-isolated",
            "one replica is cut off from the primary, the other does not apply; that one restarts"
                + " (killed or stopped by turns), the primary is killed, the first is back",
            Expected.moves("the relay log is applied, not purged: nothing acknowledged is lost")
                .outage(LONGER),
            Networks::relayLogIsolated));
  }

  private static List<Scenario> managers() {
    return List.of(
        scenario(
                "manager-cut",
                "the manager and the primary lose each other, and nobody else",
                Expected.stays("held: a witness hears the primary"),
                stage -> stays(stage, Way.between(stage.net().manager(), primary(stage)), HIDDEN))
            .in(ALL),
        scenario(
                "manager-one-way",
                "what the primary sends to the manager is lost, and nothing else",
                Expected.stays("held: a witness hears the primary"),
                stage ->
                    stays(stage, List.of(new Way(primary(stage), stage.net().manager())), HIDDEN))
            .in(SAFE, AVAILABLE),
        scenario(
                "manager-refused",
                "the primary's host refuses the manager's connections, as if nobody listened",
                Expected.stays("held: a witness hears the primary"),
                Networks::refused)
            .in(ALL),
        scenario(
                "manager-isolated",
                "the manager is cut off from all servers",
                Expected.stays("held: nobody answers"),
                stage ->
                    stays(stage, Way.between(stage.net().manager(), servers(stage)), "ClusterDown"))
            .in(ALL),
        scenario(
            "manager-and-replica-cut",
            "the manager and one replica are cut off from all others, together",
            Expected.stays("held: a sync member is not reached; writes go on beyond the cut"),
            Networks::withReplica),
        scenario(
                "manager-and-primary-cut",
                "the manager and the primary are cut off from the replicas, together",
                Expected.stays("held: the primary lives; in safe commits wait for the replicas"),
                Networks::withPrimary)
            .in(SAFE, AVAILABLE)
            .on(Setup.usual().apart()));
  }

  private static List<Scenario> quality() {
    return List.of(
        scenario(
                "lossy-network",
                "a tenth of the packets from and to the primary is lost",
                Expected.stays("slow, and nothing moves"),
                Networks::lossy)
            .in(SAFE, AVAILABLE)
            .on(Setup.usual().apart()),
        scenario(
                "slow-replication",
                "the path from the primary to its replicas is limited to 2 Mbit/s",
                Expected.stays("slow, and nothing moves"),
                Networks::slow)
            .in(SAFE, AVAILABLE)
            .on(Setup.usual().apart()));
  }

  private static Host primary(Stage stage) {
    return stage.host(stage.primary());
  }

  private static List<Host> hosts(Stage stage, List<LabServer> servers) {
    return servers.stream().map(stage::host).toList();
  }

  private static List<Host> servers(Stage stage) {
    return hosts(stage, stage.arena().cluster().servers());
  }

  private static List<Host> replicas(Stage stage) {
    return hosts(stage, stage.replicas());
  }

  private static void drop(Stage stage, List<Way> ways) {
    stage.strike("nothing goes " + ways);
    stage.net().drop(ways);
  }

  // --- the primary

  private static void isolatePrimary(Stage stage) throws IOException {
    stage.isolate(primary(stage));
    stage.awaitNewPrimary();
    stage.awaitWrites();
    stage.heal();
    awaitClosed(stage);
  }

  private static void isolateWithClients(Stage stage) throws IOException {
    stage.stubbornClients(stage.primary());
    stage.pass(Duration.ofMillis(500));
    List<Host> others = new ArrayList<>(replicas(stage));
    others.add(stage.net().manager());
    drop(stage, Way.between(primary(stage), others));
    stage.awaitNewPrimary();
    stage.awaitWrites();
    stage.pass(FENCED_WITHIN);
    stage.heal();
    awaitClosed(stage);
  }

  private static void awaitClosed(Stage stage) throws IOException {
    stage.await(
        "the old primary to be closed",
        () -> !stage.primary().value("SELECT @@global.read_only").equals("0"));
  }

  private static void flap(Stage stage) {
    for (int i = 0; i < FLAPS; i++) {
      stage.isolate(primary(stage));
      stage.pass(SHORT);
      stage.heal();
      stage.pass(SHORT);
    }
  }

  private static void reset(Stage stage) {
    for (int i = 0; i < FLAPS; i++) {
      stage.strike("the connections of " + primary(stage) + " are reset");
      stage.net().reset(Way.between(primary(stage), stage.net().hosts()));
      stage.pass(SHORT);
    }
  }

  // --- the replicas

  private static void isolateReplication(Stage stage) throws IOException {
    stays(stage, Way.between(primary(stage), replicas(stage)), withoutReplicas(stage));
    stage.awaitWrites();
  }

  private static void oneWayReplication(Stage stage) throws IOException {
    stays(stage, Way.from(primary(stage), replicas(stage)), withoutReplicas(stage));
    stage.awaitWrites();
  }

  private static String withoutReplicas(Stage stage) {
    return stage.safe() ? BLOCKED : "ReplicaConnecting";
  }

  private static void ackerIsolated(Stage stage) throws IOException {
    LabServer acker = stage.replicas().getFirst();
    LabServer behind = stage.replicas().getLast();
    drop(stage, Way.between(primary(stage), stage.host(behind)));
    stage.awaitWrites();
    stage.isolate(stage.host(acker));
    stage.kill(stage.primary());
    stage.net().heal(Way.between(primary(stage), stage.host(behind)));
    stage.say(behind.name() + " is back");
    stage.awaitHold(Reason.SYNC_MEMBER_MISSING);
    stage.throughout(SHORT, "no failover without the acknowledger", stage::unmoved);
    stage.heal();
    stage.awaitNewPrimary();
    stage.awaitWrites();
    stage.start(stage.primary());
  }

  private static void relayLogIsolated(Stage stage) throws IOException {
    LabServer holder = stage.replicas().getFirst();
    LabServer behind = stage.replicas().getLast();
    drop(stage, Way.between(primary(stage), stage.host(behind)));
    stage.tamper(holder, "STOP SLAVE SQL_THREAD");
    stage.awaitWrites();
    if (stage.round() % 2 == 1) {
      stage.kill(holder);
    } else {
      stage.stop(holder);
    }
    stage.kill(stage.primary());
    stage.heal();
    stage.start(holder);
    stage.awaitNewPrimary();
    stage.awaitWrites();
    stage.start(stage.primary());
  }

  // --- the manager

  /** The manager finds this, and leaves the role where it is. */
  private static void stays(Stage stage, List<Way> ways, String diagnosis) throws IOException {
    drop(stage, ways);
    stage.awaitDiagnosis(diagnosis);
    stage.throughout(LONG_ENOUGH, "no failover", stage::unmoved);
    stage.heal();
  }

  private static void refused(Stage stage) throws IOException {
    List<Way> ways = Way.between(stage.net().manager(), primary(stage));
    stage.strike("connections are refused: " + ways);
    stage.net().refuse(ways);
    stage.awaitDiagnosis(HIDDEN);
    stage.throughout(LONG_ENOUGH, "no failover", stage::unmoved);
    stage.heal();
  }

  private static void withReplica(Stage stage) throws IOException {
    Host replica = stage.host(stage.replicas().getFirst());
    List<Host> others = new ArrayList<>(stage.net().hosts());
    others.removeAll(List.of(replica, stage.net().manager()));
    List<Way> ways = new ArrayList<>(Way.between(replica, others));
    ways.addAll(Way.between(stage.net().manager(), others));
    drop(stage, ways);
    stage.awaitHold(Reason.SYNC_MEMBER_MISSING);
    stage.throughout(LONG_ENOUGH, "no failover", stage::unmoved);
    stage.heal();
  }

  private static void withPrimary(Stage stage) throws IOException {
    List<Way> ways = new ArrayList<>(Way.between(primary(stage), replicas(stage)));
    ways.addAll(Way.between(stage.net().manager(), replicas(stage)));
    stays(stage, ways, stage.safe() ? BLOCKED : "ReplicaUnreachable");
    stage.awaitWrites();
  }

  // --- paths that are bad, but there

  private static void lossy(Stage stage) throws IOException {
    List<Way> ways = Way.between(primary(stage), stage.net().hosts());
    stage.strike("a tenth is lost: " + ways);
    stage.net().lose(ways, LOSS);
    stage.throughout(LONG_ENOUGH, "no failover", stage::unmoved);
    stage.heal();
    stage.awaitWrites();
  }

  private static void slow(Stage stage) throws IOException {
    List<Way> ways = Way.from(primary(stage), replicas(stage));
    stage.strike("limited: " + ways);
    stage.net().limit(ways, SLOW_BITS);
    stage.throughout(LONG_ENOUGH, "no failover", stage::unmoved);
    stage.heal();
    stage.awaitWrites();
  }
}
