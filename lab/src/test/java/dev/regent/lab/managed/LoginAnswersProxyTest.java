package dev.regent.lab.managed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.regent.lab.cluster.Accounts.Account;
import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every refusal has the number, the state and the words that a client hears from the server. */
@Tag("real")
class LoginAnswersProxyTest {
  private static LabCluster cluster;
  private static SingleFront single;

  @BeforeAll
  static void start() throws IOException {
    cluster = LabCluster.start(LabOptions.of(1));
    server()
        .execute(
            "CREATE USER plain@'%' IDENTIFIED BY 'right'",
            "CREATE USER locked@'%' IDENTIFIED BY 'right' ACCOUNT LOCK",
            "CREATE USER open@'%'",
            "CREATE USER elsewhere@'10.9.8.7' IDENTIFIED BY 'right'",
            "CREATE USER invalid@'%' IDENTIFIED VIA mysql_native_password USING 'invalid'",
            "CREATE USER expired@'%' IDENTIFIED BY 'right' PASSWORD EXPIRE",
            "CREATE USER old@'%' IDENTIFIED BY 'right' PASSWORD EXPIRE INTERVAL 1 DAY",
            "CREATE USER two@'%' IDENTIFIED VIA unix_socket OR mysql_native_password"
                + " USING PASSWORD('right')",
            "CREATE USER first@'%' IDENTIFIED VIA mysql_native_password USING PASSWORD('right')"
                + " OR unix_socket",
            "CREATE USER few@'%' IDENTIFIED BY 'right' WITH MAX_USER_CONNECTIONS 1",
            "CREATE USER rare@'%' IDENTIFIED BY 'right' WITH MAX_CONNECTIONS_PER_HOUR 1",
            "UPDATE mysql.global_priv SET Priv=JSON_SET(Priv, '$.password_last_changed', 1)"
                + " WHERE User='old'",
            "FLUSH PRIVILEGES");
    single = SingleFront.over(cluster);
  }

  @AfterAll
  static void stop() {
    single.close();
    cluster.close();
  }

  @ParameterizedTest
  @CsvSource({
    "plain,     wrong, '',       1045",
    "plain,     '',    '',       1045",
    "plain,     right, nosuchdb, 1044",
    "plain,     right, mysql,    1044",
    "nobody,    right, '',       1045",
    "nobody,    '',    '',       1045",
    "locked,    right, '',       4151",
    "locked,    wrong, '',       1045",
    "open,      right, '',       1045",
    "elsewhere, right, '',       1045",
    "invalid,   right, '',       1045",
    "expired,   wrong, '',       1045",
    "two,       wrong, '',       1045",
    "root,      wrong, nosuchdb, 1045"
  })
  void refusalIsTheServers(String user, String password, String database, int number) {
    Account account = new Account(user, password);
    String direct = Logins.refusal(server().port(), account, database);
    assertThat(direct).startsWith(number + " ");
    assertThat(Logins.refusal(single.port(), account, database)).isEqualTo(direct);
  }

  @Test
  void databaseThatIsNotThereIsUnknownToWhoMaySeeAll() {
    Account root = cluster.accounts().regent();
    String direct = Logins.refusal(server().port(), root, "nosuchdb");
    assertThat(direct).startsWith("1049 42000 ");
    assertThat(Logins.refusal(single.port(), root, "nosuchdb")).isEqualTo(direct);
  }

  @ParameterizedTest
  @CsvSource({"two", "first"})
  void oneOfSeveralPluginsIsEnough(String user) throws SQLException {
    Logins.login(single.port(), new Account(user, "right"), "", "sslMode=disable").close();
  }

  /** A client that cannot handle it is cut, if the server is told to; else it may only mend it. */
  @ParameterizedTest
  @CsvSource({"expired", "old"})
  void expiredPasswordIsToldAsByTheServer(String user) throws SQLException {
    Account account = new Account(user, "right");
    server().execute("SET GLOBAL disconnect_on_expired_password=1");
    String direct = Logins.refusal(server().port(), account, "");
    assertThat(direct).startsWith("1862 HY000 ");
    assertThat(Logins.refusal(single.port(), account, "")).isEqualTo(direct);
    server().execute("SET GLOBAL disconnect_on_expired_password=0");

    try (Connection confined = Logins.login(single.port(), account, "", "sslMode=disable");
        Statement statement = confined.createStatement()) {
      assertThatThrownBy(() -> statement.execute("DO 1"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getErrorCode()).isEqualTo(1820));
      statement.execute("SET PASSWORD = PASSWORD('new')");
      statement.execute("DO 1");
    }
    Logins.login(single.port(), new Account(user, "new"), "", "sslMode=disable").close();
  }

  @Test
  void quotaOfAnAccountIsTheServers() throws SQLException {
    Account few = new Account("few", "right");
    try (Connection first = Logins.login(server().port(), few, "", "sslMode=disable")) {
      assertThat(first.isValid(1)).isTrue();
      String direct = Logins.refusal(server().port(), few, "");
      assertThat(direct).startsWith("1226 42000 ");
      assertThat(Logins.refusal(single.port(), few, "")).isEqualTo(direct);
    }
    Account rare = new Account("rare", "right");
    Logins.login(server().port(), rare, "", "sslMode=disable").close();
    String direct = Logins.refusal(server().port(), rare, "");
    assertThat(direct).startsWith("1226 42000 ");
    assertThat(Logins.refusal(single.port(), rare, "")).isEqualTo(direct);
  }

  /** Not even greeted: the first packet says so, and nothing follows. */
  @Test
  void hostOfNoAccountIsToldAsByTheServer() throws IOException {
    server()
        .execute(
            "UPDATE mysql.global_priv SET Host='127.0.0.1' WHERE Host='%'", "FLUSH PRIVILEGES");
    try {
      byte[] direct = heardFrom("127.0.0.9", server().port());
      assertThat(new String(direct, StandardCharsets.ISO_8859_1)).contains("is not allowed");
      assertThat(heardFrom("127.0.0.9", single.port())).isEqualTo(direct);
    } finally {
      server()
          .execute(
              "UPDATE mysql.global_priv SET Host='%' WHERE Host='127.0.0.1' AND User<>'root'",
              "FLUSH PRIVILEGES");
    }
  }

  private static byte[] heardFrom(String address, int port) throws IOException {
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(address, 0));
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return socket.getInputStream().readAllBytes();
    }
  }

  private static LabServer server() {
    return cluster.primary();
  }
}
