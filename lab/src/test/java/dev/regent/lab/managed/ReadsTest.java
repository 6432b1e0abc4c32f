package dev.regent.lab.managed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.lab.cluster.Accounts;
import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.daemon.DaemonOptions;
import dev.regent.lab.machine.Ports;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a proxy that splits sends to real replicas, and what it does not. */
@Tag("real")
class ReadsTest {
  private static final int READERS = 4;

  private static Managed managed;
  private static int port;

  @BeforeAll
  static void start() {
    LabCluster cluster = LabCluster.start(LabOptions.of(3));
    port = Ports.reserve(cluster.folder());
    managed =
        Managed.over(
            cluster,
            DaemonOptions.of("available")
                .with("[listener]", "port = " + port)
                .with("[listener]", "causal_reads_timeout = \"250ms\""));
  }

  @AfterAll
  static void stop() {
    managed.close();
  }

  @Test
  void readsArriveAtReplicasAndTheRestAtThePrimary() throws SQLException {
    try (Connection client = connect();
        Statement statement = client.createStatement()) {
      onReplicas(statement);
      assertThat(value(statement, "SELECT @@global.server_id")).isEqualTo(primaryId());
      assertThat(value(statement, "SELECT @@server_id -- regent route to primary"))
          .isEqualTo(primaryId());
      statement.execute("INSERT INTO orders VALUES (3000000, 300, 1, 'read me')");
      assertThat(value(statement, "SELECT payload FROM orders WHERE client=300"))
          .isEqualTo("read me");
      statement.execute("SET NAMES utf8mb4 COLLATE utf8mb4_bin, lock_wait_timeout=17");
      assertThat(value(statement, "SELECT CONCAT(@@collation_connection, @@lock_wait_timeout)"))
          .isEqualTo("utf8mb4_bin17");
      assertThat(value(statement, "SELECT @@server_id")).isNotEqualTo(primaryId());
      statement.execute("START TRANSACTION READ ONLY");
      assertThat(value(statement, "SELECT @@server_id")).isNotEqualTo(primaryId());
      statement.execute("COMMIT");
      statement.execute("BEGIN");
      assertThat(value(statement, "SELECT @@server_id")).isEqualTo(primaryId());
      statement.execute("COMMIT");
      statement.execute("SET @a = 5");
      assertThat(value(statement, "SELECT @@server_id")).isEqualTo(primaryId());
    }
  }

  /** Its connection lives, so nothing but its silence tells. */
  @Test
  void readAtAReplicaThatFreezesIsReadElsewhere() throws Exception {
    try (Connection client = connect();
        Statement statement = client.createStatement()) {
      onReplicas(statement);
      String id = serverOf(statement);
      LabServer replica =
          managed.cluster().servers().stream()
              .filter(s -> s.value("SELECT @@server_id").equals(id))
              .findFirst()
              .orElseThrow();
      FutureTask<String> read =
          new FutureTask<>(() -> value(statement, "SELECT CONCAT(@@server_id, ' ', SLEEP(1.5))"));
      Thread.ofVirtual().start(read);
      managed.eventually("the read is under way", () -> sleepsAt(replica));
      replica.freeze();
      try {
        assertThat(read.get(1, TimeUnit.MINUTES)).isNotEqualTo(id + " 0");
      } finally {
        replica.thaw();
      }
    }
  }

  private static boolean sleepsAt(LabServer server) {
    String running = "SELECT COUNT(*) FROM information_schema.processlist WHERE state = ";
    return !server.value(running + "'User sleep'").equals("0");
  }

  @Test
  void readsOfOneSessionFindItsWritesThoughReplicasStandStill() throws SQLException {
    List<LabServer> replicas =
        managed.cluster().servers().stream().filter(s -> s.port() != primary().port()).toList();
    List<Connection> locks = new ArrayList<>();
    try (Connection client = connect();
        Statement statement = client.createStatement()) {
      for (LabServer replica : replicas) {
        Connection lock = replica.connect(managed.cluster().accounts().root());
        locks.add(lock);
        // It goes on receiving, and executes nothing.
        lock.createStatement().execute("FLUSH TABLES WITH READ LOCK");
      }
      onReplicas(statement);
      for (int i = 0; i < 5; i++) {
        statement.execute("INSERT INTO orders VALUES (" + (3100000 + i) + ", 310, " + i + ", '')");
        assertThat(value(statement, "SELECT COUNT(*) FROM orders WHERE client=310"))
            .isEqualTo("" + (i + 1));
      }
      for (Connection lock : locks) {
        lock.close();
      }
      managed.eventually("reads at replicas again", () -> !serverOf(statement).equals(primaryId()));
      assertThat(value(statement, "SELECT COUNT(*) FROM orders WHERE client=310")).isEqualTo("5");
    } finally {
      for (Connection lock : locks) {
        lock.close();
      }
    }
  }

  @Test
  void textIsReadInTheModeThatTheServerBeginsWith() throws SQLException {
    String mode = primary().value("SELECT @@global.sql_mode");
    managed
        .cluster()
        .servers()
        .forEach(s -> s.execute("SET GLOBAL sql_mode='NO_BACKSLASH_ESCAPES'"));
    try (Connection client = connect();
        Statement statement = client.createStatement()) {
      onReplicas(statement);
      // With backslashes that escape, all but the first three words were a quoted text.
      String locks = "SELECT @@server_id, '\\' AS a FROM (SELECT 1 AS b) d FOR UPDATE -- '";
      assertThat(value(statement, locks)).isEqualTo(primaryId());
    } finally {
      managed.cluster().servers().forEach(s -> s.execute("SET GLOBAL sql_mode='" + mode + "'"));
    }
  }

  @Test
  void lostReplicaIsNotNoticed() throws InterruptedException {
    AtomicBoolean goOn = new AtomicBoolean(true);
    AtomicLong read = new AtomicLong();
    Queue<String> errors = new ConcurrentLinkedQueue<>();
    List<Thread> readers = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      readers.add(Thread.ofVirtual().start(() -> read(goOn, read, errors)));
    }
    LabServer killed =
        managed.cluster().servers().stream()
            .filter(s -> s.port() != primary().port())
            .findFirst()
            .orElseThrow();
    managed.eventually("reads", () -> read.get() > 200);
    killed.kill();
    long soFar = read.get();
    managed.eventually("more reads", () -> read.get() > soFar + 500);
    goOn.set(false);
    for (Thread reader : readers) {
      reader.join();
    }
    int number = managed.cluster().servers().indexOf(killed) + 1;
    killed.start().awaitReady();
    managed.follows(number, managed.cluster().servers().indexOf(primary()) + 1);

    assertThat(errors).isEmpty();
  }

  private static void read(AtomicBoolean goOn, AtomicLong read, Queue<String> errors) {
    try (Connection client = connect();
        Statement statement = client.createStatement()) {
      while (goOn.get()) {
        value(statement, "SELECT COUNT(*), @@server_id FROM orders");
        read.incrementAndGet();
      }
    } catch (SQLException e) {
      errors.add(e.toString());
    }
  }

  /** Until the routing table has them; from then on a session stays with one. */
  private static void onReplicas(Statement statement) {
    managed.eventually("reads at replicas", () -> !serverOf(statement).equals(primaryId()));
  }

  private static String serverOf(Statement statement) {
    try {
      return value(statement, "SELECT @@server_id");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String primaryId() {
    return primary().value("SELECT @@server_id");
  }

  private static LabServer primary() {
    int at = managed.feed().get().orElseThrow().port();
    return managed.cluster().servers().stream()
        .filter(server -> server.port() == at)
        .findFirst()
        .orElseThrow();
  }

  private static Connection connect() throws SQLException {
    Accounts.Account app = managed.cluster().accounts().app();
    Properties properties = new Properties();
    properties.setProperty("user", app.user());
    properties.setProperty("password", app.password());
    properties.setProperty("sslMode", "disable");
    return DriverManager.getConnection("jdbc:mariadb://127.0.0.1:" + port + "/shop", properties);
  }

  private static String value(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).as(sql).isTrue();
      return rows.getString(1);
    }
  }
}
