package dev.regent.lab.contract;

import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.machine.Await;
import dev.regent.lab.machine.Parallel;
import dev.regent.sim.contract.CaseBroken;
import dev.regent.sim.contract.ContractCase.Setting;
import dev.regent.sim.contract.Operation;
import dev.regent.sim.contract.Operation.Place;
import dev.regent.sim.contract.Operation.PointTo;
import dev.regent.sim.contract.Operation.StartReplication;
import dev.regent.sim.contract.Operation.Threads;
import dev.regent.sim.contract.Subject;
import dev.regent.sim.contract.SubjectServer;
import dev.regent.sim.contract.Variable;
import dev.regent.sim.contract.Version;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Three servers of the lab, put back to the beginning before each case: that takes a tenth of what
 * new ones take.
 */
final class RealSubject implements Subject, AutoCloseable {
  private static final int SERVERS = 3;
  private static final int LOG_LINES = 30;

  private final LabCluster cluster;
  private final Version version;
  private final List<RealServer> servers = new ArrayList<>();
  private final Statements statements;

  /** So many servers have been used since they were last put back. */
  private int dirty = SERVERS;

  private RealSubject(LabCluster cluster) {
    this.cluster = cluster;
    this.version = Version.parse(cluster.install().version());
    this.statements =
        new Statements(number -> cluster.server(number).port(), cluster.accounts().repl());
    for (LabServer server : cluster.servers()) {
      servers.add(new RealServer(server, statements, this::numberOfPort));
    }
  }

  /**
   * @param wanted a version, as the lab knows it, or the path of a mariadbd
   */
  static RealSubject start(String wanted) {
    LabOptions options =
        LabOptions.of(SERVERS)
            .withName("contract")
            .withParallelThreads(0)
            .withConfig(
                "rpl_semi_sync_master_wait_point=AFTER_SYNC",
                "rpl_semi_sync_master_timeout=18446744073709551615");
    return new RealSubject(
        LabCluster.start(
            wanted.startsWith("/")
                ? options.withBinary(Path.of(wanted))
                : options.withVersion(wanted)));
  }

  private int numberOfPort(String port) {
    return cluster.servers().stream()
        .filter(server -> port.equals(Integer.toString(server.port())))
        .findFirst()
        .orElseThrow(() -> new CaseBroken("nobody has port " + port))
        .place()
        .serverId();
  }

  @Override
  public Version version() {
    return version;
  }

  @Override
  public SubjectServer server(int number) {
    return servers.get(number - 1);
  }

  @Override
  public Duration now() {
    return Duration.ofNanos(System.nanoTime());
  }

  @Override
  public boolean holdsWithin(Duration limit, BooleanSupplier condition) {
    return Await.holdsWithin(limit, condition);
  }

  /** Makes the cluster stand as the setting says, whatever the last case left. */
  void prepare(Setting setting) {
    List<RealServer> used = servers.subList(0, Math.max(setting.servers(), dirty));
    Parallel.forEach(used, RealServer::recover);
    Parallel.forEach(used, server -> stopReplication(server.lab()));
    Parallel.forEach(used, server -> forget(server, setting));
    dirty = setting.servers();
    LabServer primary = cluster.primary();
    String semiSync = setting.semiSync() ? "1" : "0";
    primary.execute(
        "SET GLOBAL rpl_semi_sync_master_enabled=" + semiSync, "SET GLOBAL read_only=0");
    List<RealServer> replicas = servers.subList(1, setting.servers());
    Parallel.forEach(replicas, replica -> follow(replica.lab()));
    for (RealServer replica : replicas) {
      await(replica.lab().name() + " to replicate", () -> replicates(replica, semiSync));
    }
    String clients = setting.semiSync() ? Integer.toString(replicas.size()) : "0";
    await("sync members", () -> server(1).read(Variable.SEMI_SYNC_CLIENTS).equals(clients));
  }

  private static boolean replicates(RealServer replica, String semiSync) {
    return replica.status().connected()
        && replica.status().applying()
        && replica
            .read(Variable.SEMI_SYNC_REPLICA_STATUS)
            .equals(semiSync.equals("1") ? "ON" : "OFF");
  }

  /** Nothing may be stopped or switched off in an order that crashes the server (PromotingTest). */
  private static void stopReplication(LabServer server) {
    server.execute("SET GLOBAL rpl_semi_sync_master_wait_no_slave=1", "STOP ALL SLAVES");
    for (Map<String, String> channel : server.rows("SHOW ALL SLAVES STATUS")) {
      server.execute("RESET SLAVE '" + channel.get("Connection_name") + "' ALL");
    }
  }

  private static void forget(RealServer real, Setting setting) {
    // Those that served replicas, which have left: without something to send they do not notice.
    real.killSessionsOf("repl");
    real.lab()
        .execute(
            "SET GLOBAL rpl_semi_sync_master_enabled=0",
            "SET GLOBAL read_only=1",
            "SET GLOBAL rpl_semi_sync_slave_enabled=" + (setting.semiSync() ? 1 : 0),
            "SET GLOBAL rpl_semi_sync_master_timeout=18446744073709551615",
            "SET GLOBAL rpl_semi_sync_master_wait_point=AFTER_SYNC",
            "SET GLOBAL rpl_semi_sync_slave_kill_conn_timeout=5",
            "SET GLOBAL gtid_strict_mode=1",
            "SET GLOBAL slave_net_timeout=60",
            "SET GLOBAL slave_parallel_threads=0",
            "SET GLOBAL max_connections=300",
            "SET GLOBAL innodb_flush_log_at_trx_commit=1",
            "SET GLOBAL sync_binlog=1",
            "SET SESSION sql_log_bin=0",
            "DELETE FROM shop.orders",
            "RESET MASTER",
            "SET GLOBAL gtid_slave_pos=''");
  }

  private void follow(LabServer replica) {
    List<Operation> operations =
        List.of(
            new PointTo("", 1, Place.REPLICA_POS, 1, 500), new StartReplication("", Threads.BOTH));
    for (Operation operation : operations) {
      replica.execute(statements.sql(operation, Map::of));
    }
  }

  /** Servers that ended without having been told to. */
  List<String> casualties() {
    return servers.stream()
        .filter(server -> server.shouldRun() && !server.lab().isRunning())
        .map(server -> server.lab().name() + " died:\n" + server.lab().logTail(LOG_LINES))
        .toList();
  }

  /** The end of each server's log, for who wonders. */
  String logs() {
    StringBuilder text = new StringBuilder();
    for (LabServer server : cluster.servers()) {
      text.append(
          "--- %s %s is %s; its log ends:%n%s%n"
              .formatted(server.name(), version, server.state().text(), server.logTail(LOG_LINES)));
    }
    return text.toString();
  }

  @Override
  public void close() {
    cluster.close();
  }
}
