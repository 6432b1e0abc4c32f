package dev.regent.lab.managed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.daemon.DaemonClient;
import dev.regent.lab.daemon.DaemonOptions;
import dev.regent.lab.daemon.PrimaryFeed;
import dev.regent.lab.daemon.RegentDaemon;
import dev.regent.lab.fault.TcpRelay;
import dev.regent.lab.load.Ledger;
import dev.regent.lab.load.LedgerOptions;
import dev.regent.lab.load.Write;
import dev.regent.lab.machine.LabException;
import dev.regent.lab.net.Host;
import dev.regent.lab.net.Net;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A lab cluster and a daemon that manages it, with the questions that stories ask. */
final class Managed implements AutoCloseable {
  /** The machine may be busy with other tests; only a broken promise takes this long. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Pattern DIAGNOSIS = Pattern.compile("\"name\":\"([A-Za-z]+)\",\"severity\"");

  private final LabCluster cluster;
  private final List<AutoCloseable> others = new ArrayList<>();
  private RegentDaemon daemon;
  private PrimaryFeed feed;

  private Managed(LabCluster cluster, DaemonOptions options, List<Path> besides) {
    this.cluster = cluster;
    this.daemon = RegentDaemon.start(cluster, options, besides);
    this.feed = new PrimaryFeed(daemon.socket());
  }

  static Managed start(int servers, String profile) {
    return start(LabOptions.of(servers), DaemonOptions.of(profile));
  }

  static Managed start(LabOptions lab, DaemonOptions options) {
    LabCluster cluster = LabCluster.start(lab);
    return over(cluster, options);
  }

  static Managed over(LabCluster cluster, DaemonOptions options) {
    return over(cluster, options, List.of());
  }

  /** The daemon serves the clusters of further configurations too. */
  static Managed over(LabCluster cluster, DaemonOptions options, List<Path> besides) {
    try {
      Managed managed = new Managed(cluster, options, besides);
      managed.eventually("the cluster is adopted", () -> managed.feed.get().isPresent());
      return managed;
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  /** The manager's own path to server1 leads through the relay; replication does not. */
  static Managed behindRelay(LabOptions lab, String profile, TcpRelay[] relay) {
    LabCluster cluster = LabCluster.start(lab);
    try {
      relay[0] = TcpRelay.to(cluster.server(1).port());
    } catch (IOException e) {
      cluster.close();
      throw new UncheckedIOException(e);
    }
    DaemonOptions options =
        DaemonOptions.of(profile).through(cluster.server(1), "127.0.0.1:" + relay[0].port());
    Managed managed = over(cluster, options);
    managed.others.add(relay[0]);
    return managed;
  }

  LabCluster cluster() {
    return cluster;
  }

  /** The network of a cluster that lives in namespaces. */
  Net net() {
    return cluster.net().orElseThrow();
  }

  /** Where a server lives on that network. */
  Host host(int number) {
    return net().host(server(number).name());
  }

  LabServer server(int number) {
    return cluster.server(number);
  }

  RegentDaemon daemon() {
    return daemon;
  }

  PrimaryFeed feed() {
    return feed;
  }

  /** Clients that follow the daemon's word. */
  Ledger load(int clients, double perSecond) {
    var app = cluster.accounts().app();
    return load(LedgerOptions.of(app.user(), app.password(), clients, perSecond));
  }

  /** The same, as these options want it; from the clients' host if the cluster has one. */
  Ledger load(LedgerOptions options) {
    double perSecond = options.ratePerSecond();
    LedgerOptions placed = cluster.net().map(n -> options.from(n.clients())).orElse(options);
    Ledger ledger = Ledger.start(placed, feed);
    others.add(ledger);
    eventually("writes flow", () -> ledger.report().count(Write.Outcome.OK) > perSecond / 2);
    return ledger;
  }

  // --- what the daemon says

  DaemonClient.Answer order(String command, String arguments) {
    try {
      return daemon.client().run(command, arguments);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String json() {
    return order("status", "\"json\":true").text();
  }

  List<String> diagnoses() {
    List<String> names = new ArrayList<>();
    Matcher matcher = DIAGNOSIS.matcher(json());
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }

  String events() {
    return order("events", "\"last\":500").text();
  }

  // --- waiting

  void eventually(String what, BooleanSupplier condition) {
    if (!RegentDaemon.await(PATIENCE, () -> quietly(condition))) {
      throw new AssertionError(
          "not within "
              + PATIENCE.toSeconds()
              + " s: "
              + what
              + "\n"
              + order("explain", "").text()
              + "\n"
              + events()
              + "\n"
              + daemon.said()
              + gone());
    }
  }

  /** The last words of servers that are not running: a crash of their own explains a lot. */
  private String gone() {
    StringBuilder words = new StringBuilder();
    for (LabServer server : cluster.servers()) {
      if (!server.isRunning()) {
        words.append("\n").append(server.name()).append(" is gone; its log ends:\n");
        words.append(server.logTail(60));
      }
    }
    return words.toString();
  }

  /** A freeze kills foreign sessions, ours too: that is no answer, so it is asked again. */
  private static boolean quietly(BooleanSupplier condition) {
    try {
      return condition.getAsBoolean();
    } catch (LabException e) {
      return false;
    }
  }

  void diagnosed(String name) {
    eventually(name, () -> diagnoses().contains(name));
  }

  void primaryIs(int number) {
    eventually(
        server(number).name() + " is the primary",
        () -> feed.get().filter(e -> e.port() == server(number).port()).isPresent());
  }

  /** Holds for the whole time: looked at again and again, not once at the end. */
  void throughout(Duration time, String what, BooleanSupplier condition) {
    boolean broken = RegentDaemon.await(time, () -> !condition.getAsBoolean());
    assertThat(broken).as(what + "\n" + (broken ? events() : "")).isFalse();
  }

  void follows(int replica, int source) {
    eventually(
        "server" + replica + " follows server" + source,
        () ->
            server(replica).rows("SHOW ALL SLAVES STATUS").stream()
                .anyMatch(r ->
                    "Yes".equals(r.get("Slave_IO_Running"))
                        && "Yes".equals(r.get("Slave_SQL_Running"))
                        && ("" + server(source).port()).equals(r.get("Master_Port"))));
  }

  void safeNow() {
    eventually(
        "loss-free failover: yes",
        () -> order("status", "").text().contains("loss-free failover: yes"));
  }

  boolean writable(int number) {
    return server(number).value("SELECT @@read_only").equals("0");
  }

  List<Integer> writableServers() {
    List<Integer> writable = new ArrayList<>();
    for (int i = 1; i <= cluster.servers().size(); i++) {
      if (server(i).isRunning() && writable(i)) {
        writable.add(i);
      }
    }
    return writable;
  }

  /** A manager that died and one that starts are the same to their clients. */
  void restartDaemon() {
    daemon.restart();
  }

  @Override
  public void close() {
    feed.close();
    for (AutoCloseable other : others) {
      try {
        other.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    daemon.close();
    cluster.close();
  }
}
