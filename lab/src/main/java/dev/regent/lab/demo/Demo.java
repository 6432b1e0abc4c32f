package dev.regent.lab.demo;

import dev.regent.lab.cluster.Accounts;
import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.daemon.DaemonClient;
import dev.regent.lab.daemon.DaemonOptions;
import dev.regent.lab.daemon.PrimaryFeed;
import dev.regent.lab.daemon.RegentDaemon;
import dev.regent.lab.daemon.Subscription;
import dev.regent.lab.load.Endpoint;
import dev.regent.lab.load.Ledger;
import dev.regent.lab.load.LedgerOptions;
import dev.regent.lab.load.LedgerReport;
import dev.regent.lab.load.Write;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The story: a healthy cluster, its primary killed under load, promotion, the old primary's return,
 * a switchover; then the account. Nothing is staged: the servers are MariaDB and the manager is
 * {@code regent run}.
 */
final class Demo {
  private static final int CLIENTS = 4;
  private static final double WRITES_PER_SECOND = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern ERRANT =
      Pattern.compile("has (\\d+) transactions? that the primary");

  private final LabCluster cluster;
  private final RegentDaemon daemon;

  /** Of the daemon's proxy. */
  private final int port;

  private final Timeline timeline;
  private final List<String> broken = new ArrayList<>();
  private final AtomicLong errant = new AtomicLong();

  private Demo(LabCluster cluster, RegentDaemon daemon, int port, Timeline timeline) {
    this.port = port;
    this.cluster = cluster;
    this.daemon = daemon;
    this.timeline = timeline;
  }

  /**
   * @param port where the daemon's proxy listens, which is all that the clients know
   */
  static DemoResult play(LabCluster cluster, RegentDaemon daemon, int port, Timeline timeline)
      throws IOException {
    return new Demo(cluster, daemon, port, timeline).play();
  }

  static DaemonOptions options(int port) {
    return DaemonOptions.of("safe").with("[listener]", "port = " + port);
  }

  private DemoResult play() throws IOException {
    Subscription events = Subscription.to(daemon.socket(), "events", this::event);
    try (PrimaryFeed feed = new PrimaryFeed(daemon.socket());
        events) {
      timeline.chapter("1. Three real servers, watched by regent run (profile safe)");
      expect("loss-free failover: yes", () -> status().contains("loss-free failover: yes"));
      show(status());
      Optional<Endpoint> proxy = Optional.of(new Endpoint("127.0.0.1", port));
      try (Ledger ledger = Ledger.start(writers(), () -> proxy)) {
        waitFor(() -> ledger.report().count(Write.Outcome.OK) > WRITES_PER_SECOND);
        long outage = failover(ledger, feed);
        rejoin();
        long began = System.nanoTime();
        long gap = switchover(ledger, feed);
        return account(ledger.stop(), outage, gap, began);
      }
    }
  }

  private LedgerOptions writers() {
    Accounts.Account app = cluster.accounts().app();
    return LedgerOptions.of(app.user(), app.password(), CLIENTS, WRITES_PER_SECOND);
  }

  private void event(String json) {
    Matcher found = ERRANT.matcher(json);
    if (found.find()) {
      errant.set(Math.max(errant.get(), Long.parseLong(found.group(1))));
    }
    timeline.event(json);
  }

  // --- the acts

  private long failover(Ledger ledger, PrimaryFeed feed) throws IOException {
    timeline.chapter(
        "2. kill -9 of the primary, while 4 clients write "
            + (int) WRITES_PER_SECOND
            + " rows per second. All they know is 127.0.0.1:"
            + port
            + ", Regent's proxy");
    long epoch = feed.epoch();
    timeline.listen(true);
    timeline.mark();
    long killed = cluster.server(1).kill();
    timeline.stamp("kill -9 " + cluster.server(1).name());
    expect("another server is primary", () -> feed.epoch() > epoch && feed.get().isPresent());
    long acknowledged = ledger.report().count(Write.Outcome.OK);
    waitFor(() -> ledger.report().count(Write.Outcome.OK) > acknowledged + WRITES_PER_SECOND / 2);
    expect("the other replica follows it", () -> following() == 1);
    timeline.listen(false);
    show(status());
    return gapAfter(ledger, killed);
  }

  private void rejoin() throws IOException {
    timeline.chapter(
        "3. The old primary returns (started with --init-rpl-role=SLAVE, which drops"
            + " commits that nobody acknowledged)");
    timeline.listen(true);
    timeline.mark();
    cluster.server(1).start("--init-rpl-role=SLAVE").awaitReady();
    expect("server1 is a replica and proven whole", () -> following() == 2 && whole());
    timeline.listen(false);
    show(status());
  }

  private long switchover(Ledger ledger, PrimaryFeed feed) throws IOException {
    timeline.chapter("4. Switchover back to server1: regent switchover --to server1");
    expect("loss-free failover: yes", () -> status().contains("loss-free failover: yes"));
    long epoch = feed.epoch();
    long began = System.nanoTime();
    timeline.listen(true);
    timeline.mark();
    DaemonClient.Answer answer = daemon.client().run("switchover", "\"to\":\"server1\"");
    if (answer.exit() != 0) {
      broken.add("the switchover was refused: " + answer.text());
    }
    expect("server1 is primary", () -> feed.epoch() > epoch && feed.get().isPresent());
    long acknowledged = ledger.report().count(Write.Outcome.OK);
    waitFor(() -> ledger.report().count(Write.Outcome.OK) > acknowledged + WRITES_PER_SECOND / 2);
    expect("both others follow it", () -> following() == 2);
    timeline.listen(false);
    show(status());
    return gapAfter(ledger, began);
  }

  private DemoResult account(LedgerReport report, long outage, long gap, long switched) {
    timeline.chapter(
        "5. The account: every row the clients were told about, looked up on all servers");
    int lost = 0;
    LabServer primary = writable();
    for (LabServer server : cluster.servers()) {
      if (server != primary) {
        cluster.awaitCaughtUp(server, primary);
      }
      int missing = missingOn(server, report);
      timeline.say(server.name() + ": " + missing + " acknowledged rows missing");
      lost = Math.max(lost, missing);
    }
    if (lost > 0) {
      broken.add(lost + " acknowledged writes are lost");
    }
    long errors =
        Stream.of(Write.Outcome.FAIL, Write.Outcome.UNKNOWN)
            .flatMap(outcome -> report.of(outcome).stream())
            .filter(write -> write.endedNanos() - switched > 0)
            .count();
    if (errors > 0) {
      broken.add(errors + " writes failed during the switchover: " + report.summary());
    }
    return new DemoResult(
        outage,
        gap,
        report.slowestAcknowledged().toMillis(),
        (int) errors,
        (int) report.count(Write.Outcome.OK),
        (int) report.count(Write.Outcome.FAIL),
        (int) report.count(Write.Outcome.UNKNOWN),
        lost,
        errant.get(),
        broken);
  }

  // --- looking

  private static long gapAfter(Ledger ledger, long nanos) {
    return ledger.report().longestGapAfter(nanos).map(g -> g.length().toMillis()).orElse(-1L);
  }

  private int missingOn(LabServer server, LedgerReport report) {
    try (Connection connection = server.connect(cluster.accounts().root())) {
      return report.against(connection).lost().size();
    } catch (SQLException e) {
      broken.add("cannot read " + server.name() + ": " + e.getMessage());
      return 0;
    }
  }

  private LabServer writable() {
    List<LabServer> writable =
        cluster.servers().stream().filter(s -> s.value("SELECT @@read_only").equals("0")).toList();
    if (writable.size() != 1) {
      broken.add(writable.size() + " servers are writable, not one");
    }
    return writable.isEmpty() ? cluster.server(1) : writable.getFirst();
  }

  private long following() {
    return cluster.servers().stream().filter(LabServer::isRunning).filter(Demo::replicates).count();
  }

  static boolean replicates(LabServer server) {
    return server.rows("SHOW ALL SLAVES STATUS").stream()
        .anyMatch(r ->
            "Yes".equals(r.get("Slave_IO_Running")) && "Yes".equals(r.get("Slave_SQL_Running")));
  }

  private boolean whole() {
    return run("events", "\"last\":200").contains("server1 is whole");
  }

  private String status() {
    return run("status", "");
  }

  private String run(String command, String arguments) {
    try {
      return daemon.client().run(command, arguments).text();
    } catch (IOException e) {
      return "(" + e.getMessage() + ")";
    }
  }

  private void show(String text) {
    text.lines().forEach(timeline::say);
  }

  private void expect(String what, BooleanSupplier condition) {
    if (!RegentDaemon.await(PATIENCE, condition)) {
      broken.add("not within " + PATIENCE.toSeconds() + " s: " + what);
    }
  }

  private static void waitFor(BooleanSupplier condition) {
    RegentDaemon.await(PATIENCE, condition);
  }
}
