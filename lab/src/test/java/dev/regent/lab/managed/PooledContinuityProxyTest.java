package dev.regent.lab.managed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.lab.arena.Arena;
import dev.regent.lab.cluster.Accounts.Account;
import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.daemon.DaemonOptions;
import dev.regent.lab.machine.Ports;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Connections that wait for a session while the role moves. */
@Tag("real")
class PooledContinuityProxyTest {
  private static final String PARKED =
      "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = 'app'";

  private static Managed managed;
  private static int port;

  @BeforeAll
  static void start() {
    LabCluster cluster = LabCluster.start(LabOptions.of(3));
    port = Ports.reserve(cluster.folder());
    DaemonOptions options = DaemonOptions.of("safe").with("[listener]", "port = " + port);
    managed = Managed.over(cluster, options.with("[listener]", "pool_max = 50"));
    managed.safeNow();
  }

  @AfterAll
  static void stop() {
    managed.close();
  }

  @Test
  void formerPrimaryIsLeftWhenAnotherServerTakesTheRole() throws SQLException {
    LabServer former = primary();
    park(former);
    move();
    managed.eventually("no connections", () -> former.value(PARKED).equals("0"));
    try (Connection client = connect();
        Statement statement = client.createStatement()) {
      statement.execute("DELETE FROM orders WHERE client = 100");
      assertThat(value(statement, "SELECT @@global.port")).isEqualTo("" + primary().port());
    }
  }

  /** So the server told of them, though it had another client before. */
  @Test
  void settingsOfASessionMoveWithItFromAConnectionThatWasUsedBefore() throws SQLException {
    park(primary());
    List<Connection> clients = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      clients.add(connect());
    }
    List<String> before = new ArrayList<>();
    String settings =
        "SELECT CONCAT_WS('|', @@character_set_client, @@collation_connection, @@sql_mode,"
            + " @@lock_wait_timeout, DATABASE())";
    for (Connection client : clients) {
      Statement statement = client.createStatement();
      statement.execute(
          "SET NAMES utf8mb4 COLLATE utf8mb4_bin, sql_mode='ANSI', lock_wait_timeout=17");
      statement.execute("USE information_schema");
      before.add(value(statement, settings));
    }
    move();
    for (int i = 0; i < clients.size(); i++) {
      try (Connection client = clients.get(i)) {
        assertThat(value(client.createStatement(), settings)).isEqualTo(before.get(i));
      }
    }
  }

  @Test
  void clientsThatComeAndGoHearNothingOfAKilledPrimary() throws Exception {
    try (Visitors visitors = new Visitors(4)) {
      managed.eventually("visits", () -> visitors.done() > 100);
      LabServer killed = primary();
      killed.kill();
      long soFar = visitors.done();
      managed.eventually("more visits", () -> visitors.done() > soFar + 100);
      move(killed);
      long then = visitors.done();
      managed.eventually("more visits", () -> visitors.done() > then + 100);
      visitors.stop();
      assertThat(visitors.errors()).isEmpty();
    }
  }

  /** Clients that connect, read a little, and go. */
  private static final class Visitors implements AutoCloseable {
    private final AtomicLong done = new AtomicLong();
    private final Queue<String> errors = new ConcurrentLinkedQueue<>();
    private final List<Thread> clients = new ArrayList<>();
    private volatile boolean over;

    Visitors(int count) {
      for (int i = 0; i < count; i++) {
        clients.add(Thread.ofVirtual().start(this::run));
      }
    }

    private void run() {
      while (!over) {
        try (Connection client = connect();
            Statement statement = client.createStatement()) {
          value(statement, "SELECT COUNT(*) FROM orders WHERE client = 5");
          done.incrementAndGet();
        } catch (SQLException e) {
          errors.add(e.toString());
        }
      }
    }

    long done() {
      return done.get();
    }

    List<String> errors() {
      return List.copyOf(errors);
    }

    void stop() throws InterruptedException {
      over = true;
      for (Thread client : clients) {
        client.join();
      }
    }

    @Override
    public void close() {
      over = true;
    }
  }

  /** Some connections wait at the primary for somebody, though nobody is there. */
  private static void park(LabServer primary) throws SQLException {
    List<Connection> clients = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      clients.add(connect());
    }
    for (Connection client : clients) {
      client.close();
    }
    managed.eventually("nobody", () -> managed.order("sessions", "").text().contains("no client"));
    assertThat(primary.value(PARKED)).isNotEqualTo("0");
  }

  /** Back to what a killed one was, too: it follows before that. */
  private static void move(LabServer killed) {
    Arena.start(killed, "--init-rpl-role=SLAVE");
    managed.follows(number(killed), number(primary()));
    move();
  }

  private static void move() {
    int to = number(primary()) == 1 ? 2 : 1;
    managed.eventually(
        "a switchover to server" + to,
        () -> managed.order("switchover", "\"to\":\"server" + to + "\"").exit() == 0);
  }

  private static LabServer primary() {
    int at = managed.feed().get().orElseThrow().port();
    return managed.cluster().servers().stream()
        .filter(server -> server.port() == at)
        .findFirst()
        .orElseThrow();
  }

  private static int number(LabServer server) {
    return managed.cluster().servers().indexOf(server) + 1;
  }

  private static Connection connect() throws SQLException {
    Account app = managed.cluster().accounts().app();
    return Logins.login(port, app, "shop", "sslMode=disable");
  }

  private static String value(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }
}
