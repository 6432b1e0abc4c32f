package dev.regent.lab.managed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.regent.lab.arena.Arena;
import dev.regent.lab.cluster.Accounts;
import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.daemon.DaemonOptions;
import dev.regent.lab.load.Endpoint;
import dev.regent.lab.load.Ledger;
import dev.regent.lab.load.LedgerOptions;
import dev.regent.lab.load.LedgerReport;
import dev.regent.lab.load.Write;
import dev.regent.lab.machine.Ports;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients of the daemon's proxy, over real servers. */
@Tag("real")
class ProxyTest {
  private static final int CLIENTS = 8;

  private static Managed managed;
  private static int port;

  @BeforeAll
  static void start() {
    LabCluster cluster = LabCluster.start(LabOptions.of(3));
    port = Ports.reserve(cluster.folder());
    managed = Managed.over(cluster, DaemonOptions.of("safe").with("[listener]", "port = " + port));
    // What was never acknowledged may be on a killed primary alone; only here it cuts that off.
    managed.safeNow();
  }

  @AfterAll
  static void stop() {
    managed.close();
  }

  @Test
  void statementsOfBothProtocolsWork() throws SQLException {
    try (Connection client = connect("useServerPrepStmts=true");
        Statement statement = client.createStatement()) {
      statement.execute("DELETE FROM orders WHERE client = 100");
      try (PreparedStatement insert =
          client.prepareStatement("INSERT INTO orders VALUES (?, 100, ?, ?)")) {
        for (int i = 0; i < 50; i++) {
          insert.setLong(1, 1_000_000 + i);
          insert.setInt(2, i);
          insert.setString(3, "x".repeat(i));
          insert.addBatch();
        }
        assertThat(insert.executeBatch()).hasSize(50);
      }
      try (PreparedStatement select =
          client.prepareStatement("SELECT seq, payload FROM orders WHERE client=? ORDER BY seq")) {
        for (int round = 0; round < 3; round++) {
          select.setInt(1, 100);
          try (ResultSet rows = select.executeQuery()) {
            int seen = 0;
            while (rows.next()) {
              assertThat(rows.getString(2)).hasSize(rows.getInt(1));
              seen++;
            }
            assertThat(seen).isEqualTo(50);
          }
        }
      }
      client.setAutoCommit(false);
      statement.execute("DELETE FROM orders WHERE client = 100");
      client.rollback();
      assertThat(value(statement, "SELECT COUNT(*) FROM orders WHERE client=100")).isEqualTo("50");
      client.commit();
    }
  }

  @Test
  void severalResultsCursorsAndErrorsWork() throws SQLException {
    try (Connection client = connect("allowMultiQueries=true&useServerPrepStmts=true");
        Statement statement = client.createStatement()) {
      assertThat(statement.execute("SELECT 1; SELECT 2, 3; DO 1; SELECT 4")).isTrue();
      int results = 1;
      while (statement.getMoreResults() || statement.getUpdateCount() != -1) {
        results++;
      }
      assertThat(results).isEqualTo(4);
      assertThatThrownBy(() -> statement.execute("SELECT nonsense FROM nowhere"))
          .hasMessageContaining("nowhere");
      statement.setFetchSize(10);
      try (ResultSet rows = statement.executeQuery("SELECT seq FROM seq_1_to_5000")) {
        int seen = 0;
        while (rows.next()) {
          seen++;
        }
        assertThat(seen).isEqualTo(5000);
      }
      assertThat(client.isValid(1)).isTrue();
    }
  }

  @Test
  void packetsLongerThanOnePacketPass() throws SQLException {
    for (int i = 1; i <= 3; i++) {
      managed.server(i).execute("SET GLOBAL max_allowed_packet=67108864");
    }
    try (Connection client = connect("maxAllowedPacket=67108864");
        Statement statement = client.createStatement()) {
      String text = "y".repeat(17 << 20);
      assertThat(value(statement, "SELECT LENGTH('" + text + "')")).isEqualTo("" + (17 << 20));
      assertThat(value(statement, "SELECT '" + text + "'")).hasSize(17 << 20);
    }
  }

  @Test
  void loginsAreAnsweredAsByTheServer() throws SQLException {
    int real = primary().port();
    primary()
        .execute(
            "CREATE OR REPLACE USER locked@'%' IDENTIFIED BY 'right' ACCOUNT LOCK",
            "CREATE OR REPLACE USER nothing@'%'",
            "CREATE OR REPLACE USER fresh@'%' IDENTIFIED BY 'right'");
    for (String[] login :
        new String[][] {
          {"app", "wrong", "shop"},
          {"app", "", "shop"},
          {"nobody", "x", "shop"},
          {"locked", "right", ""},
          {"locked", "wrong", ""},
          {"fresh", "right", "nosuchdb"},
          {"nothing", "x", ""}
        }) {
      assertThat(refusal(port, login)).as(String.join(" ", login)).isEqualTo(refusal(real, login));
    }
    login(port, "fresh", "right", "").close();
    login(port, "nothing", "", "").close();
  }

  @Test
  void sessionMovesWithItsSettings() throws SQLException {
    try (Connection client = connect("");
        Statement statement = client.createStatement()) {
      statement.execute(
          "SET NAMES utf8mb4 COLLATE utf8mb4_bin, sql_mode='ANSI', lock_wait_timeout=17");
      statement.execute("USE information_schema");
      String settings =
          "SELECT CONCAT_WS('|', @@character_set_client, @@collation_connection, @@sql_mode,"
              + " @@lock_wait_timeout, DATABASE())";
      String before = value(statement, settings);
      String server = value(statement, "SELECT @@global.port");
      move();

      assertThat(value(statement, settings)).isEqualTo(before);
      assertThat(value(statement, "SELECT @@global.port")).isNotEqualTo(server);
    }
  }

  @Test
  void openTransactionIsRepeatedOnTheNewPrimary() throws SQLException {
    try (Connection client = connect("useServerPrepStmts=true");
        Statement statement = client.createStatement();
        PreparedStatement insert =
            client.prepareStatement("INSERT INTO orders VALUES (?, 200, ?, 'kept')")) {
      client.setAutoCommit(false);
      insert.setLong(1, 2_000_000);
      insert.setInt(2, 1);
      insert.execute();
      String count = "SELECT COUNT(*) FROM orders WHERE client=200";
      assertThat(value(statement, count)).isEqualTo("1");
      move();
      insert.setLong(1, 2_000_001);
      insert.setInt(2, 2);
      insert.execute();
      assertThat(value(statement, count)).isEqualTo("2");
      client.commit();
      move();
      assertThat(value(statement, count)).as("on the next primary").isEqualTo("2");
      client.rollback();
    }
  }

  @Test
  void transactionThatReadWhatTheNewPrimaryHasNotIsToldOnce() throws SQLException {
    try (Connection client = connect("");
        Statement statement = client.createStatement()) {
      client.setAutoCommit(false);
      statement.execute("INSERT INTO orders VALUES (3000000, 300, 1, 'lost')");
      value(statement, "SELECT @@port, COUNT(*) FROM orders WHERE client = 300");
      move();

      assertThatThrownBy(() -> statement.execute("INSERT INTO orders VALUES (3000001, 300, 2, '')"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("40001"))
          .hasMessageContaining("answered it otherwise");
      assertThat(value(statement, "SELECT COUNT(*) FROM orders WHERE client=300")).isEqualTo("0");
      client.rollback();
    }
  }

  @Test
  void transactionsOfPreparedStatementsHearNothingOfSwitchovers() throws Exception {
    try (Transfers transfers = new Transfers(4)) {
      managed.eventually("transfers", () -> transfers.done() > 50);
      for (int i = 0; i < 3; i++) {
        move();
        long soFar = transfers.done();
        managed.eventually("more transfers", () -> transfers.done() > soFar + 50);
      }
      transfers.stop();

      assertThat(transfers.errors()).isEmpty();
      try (Connection client = connect("");
          Statement statement = client.createStatement()) {
        assertThat(value(statement, "SELECT SUM(amount) FROM accounts")).isEqualTo("0");
        assertThat(value(statement, "SELECT COUNT(*) FROM transfers"))
            .isEqualTo("" + transfers.done());
      }
    }
  }

  /** Clients that move amounts between accounts, each in a transaction of prepared statements. */
  private static final class Transfers implements AutoCloseable {
    private final AtomicLong done = new AtomicLong();
    private final Queue<String> errors = new ConcurrentLinkedQueue<>();
    private final List<Thread> clients = new ArrayList<>();
    private volatile boolean over;

    Transfers(int count) {
      primary()
          .execute(
              "CREATE OR REPLACE TABLE shop.accounts (id INT PRIMARY KEY, amount BIGINT)",
              // Numbers that a server gives may differ on another one, and then it is told.
              "CREATE OR REPLACE TABLE shop.transfers (id BIGINT PRIMARY KEY)",
              "INSERT INTO shop.accounts SELECT seq, 0 FROM shop.seq_0_to_" + (2 * count - 1));
      for (int i = 0; i < count; i++) {
        int number = i;
        clients.add(Thread.ofVirtual().start(() -> run(number)));
      }
    }

    private void run(int number) {
      try (Connection client = connect("useServerPrepStmts=true&cachePrepStmts=true");
          PreparedStatement read =
              client.prepareStatement("SELECT amount FROM accounts WHERE id = ?");
          PreparedStatement write =
              client.prepareStatement("UPDATE accounts SET amount = ? WHERE id = ?");
          PreparedStatement log = client.prepareStatement("INSERT INTO transfers VALUES (?)")) {
        client.setAutoCommit(false);
        long id = number * 1_000_000_000L;
        while (!over) {
          add(read, write, 2 * number, 1);
          add(read, write, 2 * number + 1, -1);
          log.setLong(1, id++);
          log.execute();
          client.commit();
          done.incrementAndGet();
        }
      } catch (SQLException e) {
        errors.add(e.toString());
      }
    }

    private static void add(PreparedStatement read, PreparedStatement write, int id, long amount)
        throws SQLException {
      read.setInt(1, id);
      try (ResultSet rows = read.executeQuery()) {
        rows.next();
        write.setLong(1, rows.getLong(1) + amount);
      }
      write.setInt(2, id);
      write.execute();
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
        client.join(Duration.ofSeconds(60));
      }
    }

    @Override
    public void close() {
      over = true;
    }
  }

  @Test
  void switchoverIsAPauseForWriters() {
    try (Ledger ledger = writers(1)) {
      managed.eventually("writes", () -> ledger.report().count(Write.Outcome.OK) > 500);
      move();
      long soFar = ledger.report().count(Write.Outcome.OK);
      managed.eventually(
          "more writes", () -> ledger.report().count(Write.Outcome.OK) > soFar + 500);
      LedgerReport report = ledger.stop();

      assertThat(report.of(Write.Outcome.FAIL)).as(report.summary()).isEmpty();
      assertThat(report.of(Write.Outcome.UNKNOWN)).as(report.summary()).isEmpty();
    }
  }

  private static LabServer primary() {
    int at = managed.feed().get().orElseThrow().port();
    return managed.cluster().servers().stream()
        .filter(server -> server.port() == at)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void killedPrimaryCostsNoMoreThanWhatWasUnderWay() {
    try (Ledger ledger = writers(1 + CLIENTS)) {
      managed.eventually("writes", () -> ledger.report().count(Write.Outcome.OK) > 500);
      LabServer killed = primary();
      killed.kill();
      long soFar = ledger.report().count(Write.Outcome.OK);
      managed.eventually(
          "more writes", () -> ledger.report().count(Write.Outcome.OK) > soFar + 500);
      LedgerReport report = ledger.stop();
      // What nobody acknowledged it drops, so that it can follow again.
      Arena.start(killed, "--init-rpl-role=SLAVE");
      managed.follows(number(killed), number(primary()));

      // One write of each client at most was on its way; nobody hears of anything else.
      assertThat(report.of(Write.Outcome.FAIL)).as(report.summary()).isEmpty();
      assertThat(report.of(Write.Outcome.UNKNOWN))
          .as(report.summary())
          .hasSizeLessThanOrEqualTo(CLIENTS)
          .allSatisfy(write -> assertThat(write.error()).startsWith("2013 "));
    }
  }

  /** The other of the first two servers becomes the primary. */
  private static void move() {
    int to = number(primary()) == 1 ? 2 : 1;
    managed.eventually(
        "a switchover to server" + to,
        () -> managed.order("switchover", "\"to\":\"server" + to + "\"").exit() == 0);
  }

  private static int number(LabServer server) {
    return managed.cluster().servers().indexOf(server) + 1;
  }

  private static Ledger writers(int firstClient) {
    Accounts.Account app = managed.cluster().accounts().app();
    return Ledger.start(
        LedgerOptions.of(app.user(), app.password(), CLIENTS, 300).withFirstClient(firstClient),
        () -> Optional.of(new Endpoint("127.0.0.1", port)));
  }

  private static Connection connect(String options) throws SQLException {
    Accounts.Account app = managed.cluster().accounts().app();
    return login(port, app.user(), app.password(), "shop", options);
  }

  private static Connection login(int at, String user, String password, String database)
      throws SQLException {
    return login(at, user, password, database, "");
  }

  private static Connection login(
      int at, String user, String password, String database, String options) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("sslMode", "disable");
    return DriverManager.getConnection(
        "jdbc:mariadb://127.0.0.1:" + at + "/" + database + "?" + options, properties);
  }

  /** Number, state and words, without the connection's number that the driver puts before them. */
  private static String refusal(int at, String... login) {
    try (Connection client = login(at, login[0], login[1], login[2])) {
      return "let in as " + client.getMetaData().getUserName();
    } catch (SQLException e) {
      String words =
          Stream.of(String.valueOf(e.getMessage()).split("\\) ", 2))
              .reduce((a, b) -> b)
              .orElseThrow();
      return e.getErrorCode() + " " + e.getSQLState() + " " + words;
    }
  }

  private static String value(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }
}
