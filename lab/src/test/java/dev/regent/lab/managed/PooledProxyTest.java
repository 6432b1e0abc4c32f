package dev.regent.lab.managed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regent.lab.cluster.Accounts.Account;
import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import dev.regent.proxy.wire.Capability;
import dev.regent.server.connect.Tls;
import dev.regent.server.front.FrontSettings.Listener;
import dev.regent.server.front.FrontSettings.Pool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections to a server that one session leaves and the next one takes. */
@Tag("real")
class PooledProxyTest {
  private static final Listener POOLED =
      SingleFront.PLAIN.with(new Pool(50, Duration.ofSeconds(60)));

  private static final Account ALL = new Account("may_all", "right");
  private static final Account FEW = new Account("may_few", "right");
  private static final Account OPEN = new Account("open", "");
  private static final Account ROLE = new Account("has_role", "right");

  /** More than any machine has event loops here. */
  private static final int CLIENTS_MAX = 100;

  private static final String ID = "SELECT CONNECTION_ID()";

  private static LabCluster cluster;

  private SingleFront front;

  @BeforeAll
  static void startServer() {
    cluster = LabCluster.start(LabOptions.of(1));
    server()
        .execute(
            "CREATE USER may_all@'%' IDENTIFIED BY 'right'",
            "GRANT ALL ON *.* TO may_all@'%'",
            "CREATE USER may_few@'%' IDENTIFIED BY 'right'",
            "GRANT ALL ON shop.* TO may_few@'%'",
            "CREATE USER open@'%'",
            "CREATE USER has_role@'%' IDENTIFIED BY 'right'",
            "CREATE ROLE strong",
            "GRANT ALL ON *.* TO strong",
            "GRANT strong TO may_all@'%'",
            "GRANT strong TO has_role@'%'",
            "SET DEFAULT ROLE strong FOR has_role@'%'",
            "CREATE TABLE shop.locked (id INT)",
            "CREATE TABLE shop.state (id INT AUTO_INCREMENT PRIMARY KEY, v INT)",
            "INSERT INTO shop.state VALUES (1, 1), (2, 1)",
            "CREATE SEQUENCE shop.numbers");
  }

  @AfterAll
  static void stopServer() {
    cluster.close();
  }

  @BeforeEach
  void open() throws IOException {
    front = SingleFront.over(cluster, POOLED, Tls.OFF);
  }

  @AfterEach
  void close() {
    soon(() -> front.sessions() == 0);
    // What is parked ends too, so that the next test finds nothing of it.
    front.moveAway();
    await().until(() -> connections().equals("0"));
    front.close();
  }

  // --- what is left of the one before

  @ParameterizedTest
  @MethodSource("dev.regent.lab.managed.SessionStates#all")
  void nextSessionFindsNothingOfIt(String does, String asks) throws Exception {
    String untouched;
    try (RawClient fresh = new RawClient(front.port(), ALL)) {
      fresh.query(ID);
      untouched = fresh.query(asks);
    }
    for (boolean politely : List.of(true, false)) {
      String id;
      try (RawClient one = new RawClient(front.port(), ALL)) {
        id = one.query(ID);
        one.query(does);
        if (politely) {
          one.quit();
        }
      }
      try (RawClient next = next(ALL, id)) {
        assertThat(next.query(asks)).as(does).isEqualTo(untouched);
        assertThat(next.query(ID).equals(id))
            .as("the same connection")
            .isNotEqualTo(does.matches("XA.*|SET (profiling|net_|session_track_).*"));
      }
    }
  }

  /** A privilege may hang on it, and no change of user takes it from the next one. */
  @Test
  void nextSessionHasNotTheRoleOfTheOneBefore() throws Exception {
    String id = left(ROLE, "CREATE TEMPORARY TABLE shop.passing (a INT)");
    try (RawClient next = next(FEW, id)) {
      assertThat(next.query(ID)).isEqualTo(id);
      assertThat(next.query("SELECT CURRENT_ROLE()")).isEqualTo("NULL");
      assertThat(next.query("SELECT COUNT(*) FROM mysql.global_priv")).startsWith("1142 ");
    }
    try (RawClient again = next(ROLE, id)) {
      assertThat(again.query("SELECT CURRENT_ROLE()")).isEqualTo("strong");
    }
  }

  @Test
  void preparedStatementsAreClosed() throws Exception {
    String count =
        "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS"
            + " WHERE VARIABLE_NAME = 'PREPARED_STMT_COUNT'";
    int number;
    String id;
    try (RawClient one = new RawClient(front.port(), ALL)) {
      id = one.query(ID);
      number = one.prepare("SELECT 11");
      assertThat(one.executePrepared(number)).doesNotStartWith("1243 ");
      assertThat(one.query(count)).isEqualTo("1");
    }
    try (RawClient next = next(ALL, id)) {
      assertThat(next.query(ID)).isEqualTo(id);
      assertThat(next.executePrepared(number)).startsWith("1243 ");
      assertThat(next.query(count)).isEqualTo("0");
    }
  }

  @Test
  void optionOfAConnectionIsNotPassedOn() throws Exception {
    String id;
    try (RawClient one = new RawClient(front.port(), ALL)) {
      id = one.query(ID);
      assertThat(one.setOption(0)).isEmpty();
      assertThat(one.query("DO 1; SELECT 2")).isEmpty();
    }
    try (RawClient next = next(ALL, id)) {
      assertThat(next.query(ID)).isNotEqualTo(id);
      assertThat(next.query("DO 1; SELECT 2")).startsWith("1064 ");
    }
  }

  /** While nobody has it: a change of user comes too late for who waits. */
  @Test
  void everythingIsFreeAsSoonAsItsClientIsGone() throws Exception {
    try (RawClient one = new RawClient(front.port(), ALL);
        RawClient two = new RawClient(front.port(), ALL)) {
      one.query("SELECT GET_LOCK('own', 0)");
      one.prepare("SELECT 11");
      one.query("BEGIN");
      one.query("UPDATE shop.state SET v = 99 WHERE id = 1");
      two.query("LOCK TABLES shop.locked WRITE");
      assertThat(held()).containsExactly("0", "1", "1");
    }
    soon(() -> front.count("regent_proxy_server_links_parked_total") == 2);
    assertThat(connections()).isEqualTo("2");
    // Whoever looks at the list of transactions more often than 10 times a second sees an old one.
    await().pollInterval(Duration.ofMillis(300)).until(() -> held().equals(List.of("1", "0", "0")));
    server()
        .execute(
            "SET lock_wait_timeout = 1, innodb_lock_wait_timeout = 1",
            "INSERT INTO shop.locked VALUES (1)",
            "UPDATE shop.state SET v = v + 1 WHERE id = 1");
  }

  private static List<String> held() {
    return List.of(
        server().value("SELECT IS_FREE_LOCK('own')"),
        server().value("SELECT COUNT(*) FROM information_schema.INNODB_TRX"),
        server()
            .value(
                "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS"
                    + " WHERE VARIABLE_NAME = 'PREPARED_STMT_COUNT'"));
  }

  // --- who may have it

  @Test
  void manyUsersHaveOneConnectionAfterTheOther() throws Exception {
    String id = left(FEW, "DO 1");
    for (int i = 0; i < 24; i++) {
      Account user = List.of(ALL, FEW, OPEN, ROLE).get(i % 4);
      try (RawClient next = next(user, id)) {
        assertThat(next.query(ID)).isEqualTo(id);
        assertThat(next.query("SELECT CURRENT_USER()")).isEqualTo(user.user() + "@%");
      }
    }
    assertThat(reused()).isGreaterThanOrEqualTo(24);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void refusalIsTheServersOwn(boolean sameUser) throws Exception {
    Account user = new Account("comes_and_goes", "right");
    server().execute("CREATE OR REPLACE USER comes_and_goes@'%' IDENTIFIED BY 'right'");
    Account before = sameUser ? user : ALL;
    park(before);
    assertRefusedAlike(new Account(user.user(), "wrong"), "");
    assertRefusedAlike(new Account(user.user(), ""), "");
    assertRefusedAlike(new Account("nobody_here", "x"), "");
    assertRefusedAlike(user, "nosuchdb");

    park(before);
    server().execute("ALTER USER comes_and_goes@'%' IDENTIFIED BY 'other'");
    assertRefusedAlike(user, "");
    Logins.login(front.port(), new Account(user.user(), "other"), "", PLAIN).close();

    park(before.equals(user) ? new Account(user.user(), "other") : before);
    server().execute("ALTER USER comes_and_goes@'%' ACCOUNT LOCK");
    assertRefusedAlike(new Account(user.user(), "other"), "");
    server().execute("ALTER USER comes_and_goes@'%' ACCOUNT UNLOCK PASSWORD EXPIRE");
    server().execute("SET GLOBAL disconnect_on_expired_password = 1");
    assertRefusedAlike(new Account(user.user(), "other"), "");
    server().execute("SET GLOBAL disconnect_on_expired_password = 0");
    server().execute("DROP USER comes_and_goes@'%'");
    park(ALL);
    assertRefusedAlike(new Account(user.user(), "other"), "");
  }

  private void assertRefusedAlike(Account user, String database) {
    String direct = Logins.refusal(server().port(), user, database);
    assertThat(direct).doesNotContain("let in");
    assertThat(Logins.refusal(front.port(), user, database)).isEqualTo(direct);
  }

  @Test
  void privilegesAreThoseOfTheMoment() throws Exception {
    String ask = "SELECT COUNT(*) FROM mysql.global_priv";
    server().execute("GRANT SELECT ON *.* TO may_few@'%'");
    String id;
    try (RawClient one = new RawClient(front.port(), FEW)) {
      id = one.query(ID);
      assertThat(one.query(ask)).doesNotStartWith("1142 ");
    }
    server().execute("REVOKE SELECT ON *.* FROM may_few@'%'");
    try (RawClient next = next(FEW, id)) {
      assertThat(next.query(ID)).isEqualTo(id);
      assertThat(next.query(ask)).startsWith("1142 ");
    }
  }

  /** A connection that was reset does not count as its last user's (measured, 11.4). */
  @Test
  void userAtItsLimitIsNeverRefusedForWhatIsParked() throws Exception {
    server().execute("CREATE USER few_at_once@'%' IDENTIFIED BY 'r' WITH MAX_USER_CONNECTIONS 1");
    // Somebody else's make room first, one by one.
    List<RawClient> others = new ArrayList<>();
    for (int i = 0; i < 45; i++) {
      others.add(new RawClient(front.port(), ALL));
    }
    closeAll(others);
    for (int i = 0; i < 6; i++) {
      // Other terms every other time: what is parked is of no use to the next one.
      String options = PLAIN + (i % 2 == 0 ? "" : "&useAffectedRows=true");
      Logins.login(front.port(), new Account("few_at_once", "r"), "", options).close();
    }
    try (RawClient only = new RawClient(front.port(), new Account("few_at_once", "r"))) {
      assertThat(only.welcome()).isEmpty();
      assertRefusedAlike(new Account("few_at_once", "r"), "");
    }
  }

  @Test
  void clientsAreGreetedAsTheServerGreetsThem() throws Exception {
    String id = left(FEW, "DO 1");
    server().execute("SET GLOBAL init_connect = 'SET @greeted = 1'");
    try (RawClient next = new RawClient(front.port(), FEW)) {
      assertThat(next.query("SELECT @greeted")).isEqualTo("1");
      assertThat(next.query(ID)).isNotEqualTo(id);
    } finally {
      server().execute("SET GLOBAL init_connect = ''");
    }
  }

  @Test
  void whatClientsWantWhenTheyConnectTheyGetInAnyCase() throws Exception {
    String ask = "SELECT CONCAT(@@sql_mode, ' ', @@wait_timeout)";
    server().execute("SET GLOBAL interactive_timeout = 4444");
    for (long more : List.of(Capability.IGNORE_SPACE, Capability.INTERACTIVE)) {
      String fresh;
      try (RawClient one = new RawClient(front.port(), FEW, more)) {
        fresh = one.query(ask);
        assertThat(fresh).containsAnyOf("IGNORE_SPACE", " 4444");
      }
      Set<String> ids = new TreeSet<>();
      soon(() -> {
        try (RawClient next = new RawClient(front.port(), FEW, more)) {
          assertThat(next.query(ask)).isEqualTo(fresh);
          return !ids.add(next.query(ID));
        }
      });
    }
    server().execute("SET GLOBAL interactive_timeout = DEFAULT");
  }

  // --- where sessions are

  /** And nobody later: it may be on its way yet when its victim is gone. */
  @ParameterizedTest
  @ValueSource(strings = {"KILL ", "KILL QUERY "})
  void killHitsWhoHasTheConnectionNow(String kill) throws Exception {
    String id = left(FEW, "DO 1");
    try (RawClient victim = next(FEW, id);
        RawClient other = new RawClient(front.port(), FEW)) {
      assertThat(victim.query(ID)).isEqualTo(id);
      long number = front.atThread(Long.parseLong(id)).orElseThrow().number();
      assertThat(other.query(kill + number)).isEmpty();
      soon(() -> front.sessions() == (kill.equals("KILL ") ? 1 : 2));
      assertThat(other.query("SELECT 5")).isEqualTo("5");
    }
    try (RawClient next = next(FEW, id)) {
      assertThat(next.query(ID)).isNotEqualTo(id);
    }
  }

  @Test
  void nobodyIsFoundAtAConnectionThatNobodyHas() throws Exception {
    String id = left(FEW, "DO 1");
    soon(() -> front.atThread(Long.parseLong(id)).isEmpty());
    await().until(() -> server().value(alive(id)).equals("1"));
    server().execute("KILL " + id);
    await().until(() -> server().value(alive(id)).equals("0"));
    try (RawClient next = new RawClient(front.port(), FEW)) {
      assertThat(next.welcome()).isEmpty();
      assertThat(next.query("SELECT 5")).isEqualTo("5");
    }
  }

  // --- how long it is kept

  @Test
  void serverThatLosesTheRoleIsLeftAtOnce() throws Exception {
    park(FEW);
    front.moveAway();
    await().until(() -> connections().equals("0"));
  }

  @Test
  void connectionsAreClosedAfterAWhileAndNothingIsLeftOpen() throws Exception {
    close();
    front = SingleFront.over(cluster, SingleFront.PLAIN.with(new Pool(20, TIME)), Tls.OFF);
    long before = descriptors();
    for (int round = 0; round < 5; round++) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        clients.add(new RawClient(front.port(), FEW));
      }
      closeAll(clients);
    }
    assertThat(reused()).isPositive();
    await().until(() -> connections().equals("0"));
    await().until(() -> descriptors() <= before);
  }

  @Test
  void noMoreAreThereThanWereUsedAtOneTime() throws Exception {
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      clients.add(new RawClient(front.port(), FEW));
    }
    closeAll(clients);
    soon(() -> front.count("regent_proxy_server_links_parked_total") == 10);
    List<Connection> others = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      // A driver's terms are others: what is parked is of no use to it.
      others.add(Logins.login(front.port(), FEW, "", PLAIN));
    }
    assertThat(reused()).isZero();
    await().until(() -> Integer.parseInt(connections()) <= 10 + LOOPS);
    for (Connection other : others) {
      other.close();
    }
  }

  @Test
  void noMoreAreKeptThanIsAllowed() throws Exception {
    close();
    front = SingleFront.over(cluster, SingleFront.PLAIN.with(new Pool(3, LONG)), Tls.OFF);
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      clients.add(new RawClient(front.port(), FEW));
    }
    closeAll(clients);
    soon(() -> front.count("regent_proxy_server_links_parked_total") == 3);
    await().until(() -> connections().equals("3"));
  }

  private void closeAll(List<RawClient> clients) throws IOException {
    for (RawClient client : clients) {
      client.close();
    }
    soon(() -> front.sessions() == 0);
  }

  // --- helpers

  private static final String PLAIN = "sslMode=disable";
  private static final Duration TIME = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int LOOPS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

  private static long descriptors() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.count();
    }
  }

  private static String connections() {
    return server()
        .value(
            "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER IN"
                + " ('may_all', 'may_few', 'open', 'has_role')");
  }

  private static String alive(String id) {
    return "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE ID = " + id;
  }

  /** As often as it costs little. */
  private static void soon(Callable<Boolean> condition) {
    await().pollInterval(Duration.ofMillis(5)).until(condition);
  }

  /** One more connection waits for somebody. */
  private void park(Account account) throws Exception {
    double before = front.count("regent_proxy_server_links_parked_total");
    left(account, "DO 1");
    soon(() -> front.count("regent_proxy_server_links_parked_total") > before);
  }

  /** The server's number of a connection whose client has gone. */
  private String left(Account account, String statement) throws Exception {
    try (RawClient one = new RawClient(front.port(), account)) {
      assertThat(one.query(statement)).isEmpty();
      return one.query(ID);
    }
  }

  /** The next client at that connection of the server, or at a fresh one if that has ended. */
  private RawClient next(Account account, String id) throws Exception {
    soon(() -> front.atThread(Long.parseLong(id)).isEmpty());
    List<RawClient> others = new ArrayList<>();
    try {
      for (int i = 0; i < CLIENTS_MAX; i++) {
        RawClient client = new RawClient(front.port(), account);
        if (client.query(ID).equals(id)) {
          return client;
        }
        // It may have been closed, or wait for a client of another event loop.
        if (server().value(alive(id)).equals("0")) {
          return client;
        }
        others.add(client);
      }
      throw new AssertionError("nobody has taken connection " + id);
    } finally {
      for (RawClient other : others) {
        other.close();
      }
    }
  }

  private double reused() {
    return front.count("regent_proxy_server_links_reused_total");
  }

  private static LabServer server() {
    return cluster.primary();
  }
}
