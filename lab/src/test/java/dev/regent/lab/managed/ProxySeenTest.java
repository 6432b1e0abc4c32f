package dev.regent.lab.managed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.regent.lab.cluster.Accounts;
import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.daemon.DaemonOptions;
import dev.regent.lab.machine.Ports;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sessions of the proxy, seen and stopped from outside, over real servers. */
@Tag("real")
class ProxySeenTest {
  /** Longer than a test takes. */
  private static final String SLEEP = "SELECT SLEEP(60)";

  private static final String LOST = "regent_proxy_server_links_lost_total{server=\"server1\"}";
  private static final String SUSPICIONS = "regent_suspicion_seconds_count";
  private static final int SERVERS = 2;

  private static Managed managed;
  private static int port;

  @BeforeAll
  static void start() {
    LabCluster cluster = LabCluster.start(LabOptions.of(SERVERS));
    port = Ports.reserve(cluster.folder());
    managed =
        Managed.over(
            cluster,
            DaemonOptions.of("available")
                .with("[listener]", "port = " + port)
                .with("daemon", "proxy_loops = 3"));
    cluster
        .server(1)
        .execute(
            "CREATE OR REPLACE USER nosy@'%' IDENTIFIED BY 'nosy'",
            "CREATE OR REPLACE USER sleepy@'%' IDENTIFIED BY 'sleepy'");
  }

  @AfterAll
  static void stop() {
    managed.close();
  }

  @Test
  void driverCancelsItsStatement() throws SQLException {
    try (Connection client = login("sleepy");
        Statement statement = client.createStatement()) {
      CompletableFuture<Void> sleeps = run(statement, SLEEP);
      untilSleeping();
      statement.cancel();

      assertInterrupted(sleeps);
      assertThat(client.isValid(5)).isTrue();
    }
  }

  @Test
  void driverLimitsTheTimeOfAStatement() throws SQLException {
    try (Connection client = login("sleepy");
        Statement statement = client.createStatement()) {
      statement.setQueryTimeout(1);
      assertThatThrownBy(() -> statement.execute(SLEEP)).isInstanceOf(SQLException.class);
      assertThat(client.isValid(5)).isTrue();
    }
  }

  @Test
  void killedConnectionDoesNotComeBackElsewhere() throws SQLException {
    try (Connection client = login("sleepy");
        Connection other = login("sleepy");
        Statement killer = other.createStatement()) {
      killer.execute("KILL " + id(client));
      managed.eventually("the connection's end", () -> isGone(client));
    }
  }

  @Test
  void strangerMayNotKill() throws SQLException {
    try (Connection client = login("sleepy");
        Connection other = login("nosy");
        Statement killer = other.createStatement()) {
      assertThatThrownBy(() -> killer.execute("KILL " + id(client)))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getErrorCode()).isEqualTo(1095));
      assertThat(client.isValid(5)).isTrue();
    }
  }

  @Test
  void operatorStopsAStatementAndThenItsSession() throws SQLException {
    try (Connection client = login("sleepy");
        Statement statement = client.createStatement()) {
      CompletableFuture<Void> sleeps = run(statement, SLEEP);
      untilSleeping();
      String id = id(client);
      assertThat(sessions()).contains("\"state\" : \"executing\"");
      assertThat(order("kill", "\"id\":\"" + id + "\",\"query\":true")).contains("stopped");
      assertInterrupted(sleeps);
      assertThat(client.isValid(5)).isTrue();

      assertThat(order("kill", "\"id\":\"" + id + "\"")).contains("ended session " + id);
      managed.eventually("the connection's end", () -> isGone(client));
    }
  }

  @Test
  void drainedListenerKeepsTransactionsOnly() throws SQLException {
    try (Connection idle = login("sleepy");
        Connection busy = app();
        Statement statement = busy.createStatement()) {
      busy.setAutoCommit(false);
      statement.execute("INSERT INTO orders VALUES (3000000, 300, 1, 'kept')");
      assertThat(order("drain", "\"name\":\"" + port + "\"")).contains("takes no more clients");

      managed.eventually("the idle one's end", () -> isGone(idle));
      assertThatThrownBy(() -> login("sleepy").close()).isInstanceOf(SQLException.class);
      statement.execute("INSERT INTO orders VALUES (3000001, 300, 2, 'kept')");
      busy.commit();
      managed.eventually("the busy one's end", () -> isGone(busy));
    } finally {
      assertThat(order("drain", "\"name\":\"" + port + "\",\"undo\":true"))
          .contains("takes clients again");
    }
    try (Connection client = app();
        Statement statement = client.createStatement();
        ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM orders WHERE client=300")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getInt(1)).isEqualTo(2);
    }
  }

  @Test
  void serversAreDrainedUnlessTheyAreThePrimary() {
    assertThat(order("drain", "\"name\":\"server1\"")).contains("server1 is the primary");
    assertThat(order("drain", "\"name\":\"server2\"")).contains("server2 gets no more work");
    assertThat(order("drain", "\"name\":\"server2\",\"undo\":true")).contains("gets work again");
    assertThat(order("drain", "\"name\":\"server9\"")).contains("no server or listener");
  }

  @Test
  void logTellsHowManyEventLoopsThereAre() {
    assertThat(managed.daemon().said()).contains("3 event loop(s)");
  }

  /** One loss after the other, since those that follow within a moment are not told. */
  @Test
  void controllerHearsThatConnectionsBreak() {
    long before = counted(SUSPICIONS);
    managed.eventually(
        "the controller's look",
        () -> {
          breakConnection();
          return counted(SUSPICIONS) > before;
        });
  }

  private static void breakConnection() {
    long before = counted(LOST);
    try (Connection client = login("sleepy");
        Statement statement = client.createStatement()) {
      statement.execute("SELECT GET_LOCK('at the primary', 0)");
      managed.server(1).execute("KILL USER sleepy");
      managed.eventually("the proxy notices", () -> counted(LOST) > before);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** 0 if it was not counted yet. */
  private static long counted(String what) {
    return order("sessions", "\"counters\":true")
        .lines()
        .filter(line -> line.startsWith(what + " "))
        .mapToLong(line -> Long.parseLong(line.substring(what.length() + 1)))
        .sum();
  }

  // ---

  private static CompletableFuture<Void> run(Statement statement, String sql) {
    CompletableFuture<Void> ran = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("sleeper")
        .start(() -> {
          try {
            statement.execute(sql);
            ran.complete(null);
          } catch (SQLException e) {
            ran.completeExceptionally(e);
          }
        });
    return ran;
  }

  /** 1317: query execution was interrupted. */
  private static void assertInterrupted(CompletableFuture<Void> sleeps) {
    assertThatThrownBy(sleeps::join)
        .cause()
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getErrorCode()).isEqualTo(1317));
  }

  private static void untilSleeping() {
    String count = "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE INFO='" + SLEEP + "'";
    managed.eventually(
        "a server executes the statement",
        () ->
            IntStream.rangeClosed(1, SERVERS)
                .anyMatch(number -> managed.server(number).value(count).equals("1")));
  }

  private static boolean isGone(Connection client) {
    try {
      return !client.isValid(1);
    } catch (SQLException e) {
      return true;
    }
  }

  /** What the driver knows its connection by; it takes it for a number with a sign. */
  private static String id(Connection client) throws SQLException {
    return Long.toString(
        client.unwrap(org.mariadb.jdbc.Connection.class).getThreadId() & 0xffff_ffffL);
  }

  private static String sessions() {
    return order("sessions", "\"json\":true");
  }

  private static String order(String command, String arguments) {
    var answer = managed.order(command, arguments);
    return answer.text();
  }

  private static Connection app() throws SQLException {
    Accounts.Account app = managed.cluster().accounts().app();
    return login(app.user(), app.password(), "shop");
  }

  private static Connection login(String user) throws SQLException {
    return login(user, user, "");
  }

  private static Connection login(String user, String password, String database)
      throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("sslMode", "disable");
    return DriverManager.getConnection(
        "jdbc:mariadb://127.0.0.1:" + port + "/" + database, properties);
  }
}
