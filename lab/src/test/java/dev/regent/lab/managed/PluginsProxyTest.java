package dev.regent.lab.managed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.regent.lab.cluster.Accounts.Account;
import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import dev.regent.proxy.auth.Secret;
import dev.regent.server.connect.Tls;
import dev.regent.server.front.ClientPasswords;
import dev.regent.server.front.ClientPasswords.Entry;
import dev.regent.server.front.ClientPasswords.Reading;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Accounts of plugins that the published servers lack. */
@Tag("real")
class PluginsProxyTest {
  /** In no word of any message. */
  private static final String OUTDATED = "outdated-4711";

  private static final List<String> PLUGINS = List.of("auth_ed25519", "auth_parsec");

  private static LabCluster cluster;
  private static SingleFront single;
  private static volatile Reading passwords = new Reading.Read(List.of());

  @BeforeAll
  static void start() throws IOException {
    Optional<DebianServer> server = DebianServer.with(PLUGINS);
    assumeTrue(server.isPresent(), DebianServer.REASON);
    cluster =
        LabCluster.start(
            LabOptions.of(1)
                .withTls()
                .withBinary(server.get().program())
                .withConfig(
                    "plugin_dir=" + server.get().plugins(),
                    "plugin_load_add=" + String.join(";", PLUGINS),
                    "plugin_maturity=alpha"));
    List<Entry> entries = new ArrayList<>();
    for (String plugin : List.of("ed25519", "parsec")) {
      server()
          .execute(
              create(plugin, "plain", ""),
              create(plugin, "locked", "ACCOUNT LOCK"),
              create(plugin, "expired", "PASSWORD EXPIRE"),
              create(plugin, "untold", ""),
              create(plugin, "mistaken", ""));
      for (String user : List.of("plain", "locked", "expired")) {
        entries.add(entry(plugin + "_" + user, "right"));
      }
      entries.add(entry(plugin + "_mistaken", OUTDATED));
    }
    passwords = new Reading.Read(entries);
    ClientPasswords source = () -> passwords;
    single = SingleFront.over(cluster, SingleFront.PLAIN, Tls.OFF, source);
  }

  @AfterAll
  static void stop() {
    if (single != null) {
      single.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ed25519", "parsec"})
  void clientComesInAndIsWhoItIs(String plugin) throws SQLException {
    Account account = new Account(plugin + "_plain", "right");
    try (Connection client = Logins.login(single.port(), account, "", "sslMode=disable");
        Statement statement = client.createStatement();
        ResultSet rows = statement.executeQuery("SELECT CURRENT_USER()")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(1)).isEqualTo(plugin + "_plain@%");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ed25519_plain,   wrong, '',       1045",
    "ed25519_plain,   right, nosuchdb, 1044",
    "ed25519_locked,  right, '',       4151",
    "ed25519_locked,  wrong, '',       1045",
    "ed25519_expired, wrong, '',       1045",
    "parsec_plain,    wrong, '',       1045",
    "parsec_plain,    right, nosuchdb, 1044",
    "parsec_locked,   right, '',       4151",
    "parsec_locked,   wrong, '',       1045",
    "parsec_expired,  wrong, '',       1045"
  })
  void refusalIsTheServers(String user, String password, String database, int number) {
    Account account = new Account(user, password);
    String direct = Logins.refusal(server().port(), account, database);
    assertThat(direct).startsWith(number + " ");
    assertThat(Logins.refusal(single.port(), account, database)).isEqualTo(direct);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ed25519", "parsec"})
  void expiredPasswordIsToldAsByTheServer(String plugin) {
    Account account = new Account(plugin + "_expired", "right");
    server().execute("SET GLOBAL disconnect_on_expired_password=1");
    String direct = Logins.refusal(server().port(), account, "");
    assertThat(direct).startsWith("1862 HY000 ");
    assertThat(Logins.refusal(single.port(), account, "")).isEqualTo(direct);
  }

  /** The file is read again before a login is refused. */
  @ParameterizedTest
  @ValueSource(strings = {"ed25519", "parsec"})
  void passwordThatIsNotKnownIsNamedAndTakenOnceItIs(String plugin) throws SQLException {
    Account untold = new Account(plugin + "_untold", "right");
    assertThat(Logins.refusal(single.port(), untold, ""))
        .contains("needs the password of '" + plugin + "_untold'");
    Account mistaken = new Account(plugin + "_mistaken", "right");
    assertThat(Logins.refusal(single.port(), mistaken, ""))
        .contains("another password")
        .doesNotContain(OUTDATED);

    Reading before = passwords;
    passwords = new Reading.Read(List.of(entry(untold.user(), "right")));
    Logins.login(single.port(), untold, "", "sslMode=disable").close();
    passwords = before;
  }

  /** No authority is named: what the server keeps of the password is its proof. */
  @ParameterizedTest
  @ValueSource(strings = {"ed25519", "parsec"})
  void serverProvesThatItKnowsThePassword(String plugin) throws Exception {
    Account account = new Account(plugin + "_plain", "right");
    try (SingleFront front =
            SingleFront.over(cluster, SingleFront.PLAIN, Tls.VERIFIED, () -> passwords);
        Connection client = Logins.login(front.port(), account, "", "sslMode=disable");
        Statement statement = client.createStatement();
        ResultSet rows = statement.executeQuery("SHOW SESSION STATUS LIKE 'Ssl_cipher'")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(2)).startsWith("TLS");
    }
  }

  @Test
  void nativeAccountsGoOnBesideThem() throws SQLException {
    Logins.login(single.port(), cluster.accounts().app(), "", "sslMode=disable").close();
  }

  private static String create(String plugin, String user, String more) {
    return "CREATE USER %s_%s@'%%' IDENTIFIED VIA %s USING PASSWORD('right') %s"
        .formatted(plugin, user, plugin, more);
  }

  private static Entry entry(String user, String password) {
    return new Entry(user, Optional.empty(), Secret.of(password));
  }

  private static LabServer server() {
    return cluster.primary();
  }
}
