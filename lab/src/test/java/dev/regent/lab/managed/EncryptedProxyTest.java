package dev.regent.lab.managed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.regent.lab.cluster.Accounts.Account;
import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.TlsFiles;
import dev.regent.server.connect.Tls;
import dev.regent.server.front.FrontSettings.ClientTls;
import dev.regent.server.front.FrontSettings.Listener;
import dev.regent.server.front.FrontSettings.Pool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Encryption on both sides of the proxy, with a real server and a real driver. */
@Tag("real")
class EncryptedProxyTest {
  @TempDir static Path temp;

  private static LabCluster cluster;
  private static TlsFiles files;

  @BeforeAll
  static void start() {
    cluster = LabCluster.start(LabOptions.of(1).withTls());
    files = cluster.primary().tls().orElseThrow();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void bothSidesVerifyAndLongPacketsPass() throws IOException, SQLException {
    cluster.primary().execute("SET GLOBAL max_allowed_packet=67108864");
    try (SingleFront front = front(signedBy(files.authority()), true);
        Connection client = connect(front, verifying() + "&maxAllowedPacket=67108864");
        Statement statement = client.createStatement()) {
      assertThat(value(statement, "SHOW SESSION STATUS LIKE 'Ssl_cipher'")).startsWith("TLS");
      String text = "y".repeat(17 << 20);
      assertThat(value(statement, "SELECT '', '" + text + "'")).isEqualTo(text);
      assertThat(value(statement, "SELECT 0, COUNT(*) FROM seq_1_to_100000")).isEqualTo("100000");
    }
  }

  @Test
  void connectionThatIsUsedAgainIsStillEncrypted() throws Exception {
    Listener pooled = SingleFront.PLAIN.with(new Pool(20, Duration.ofSeconds(60)));
    try (SingleFront front = SingleFront.over(cluster, pooled, signedBy(files.authority()))) {
      await()
          .until(() -> {
            try (Connection client = Logins.login(front.port(), app(), "", "sslMode=disable");
                Statement statement = client.createStatement()) {
              assertThat(value(statement, "SHOW SESSION STATUS LIKE 'Ssl_cipher'"))
                  .startsWith("TLS");
            }
            return front.count("regent_proxy_server_links_reused_total") > 3;
          });
    }
  }

  /** It proved that it knows one user's password: that is of no use to another one. */
  @Test
  void connectionToAServerThatOnlyProvedItselfIsNotUsedAgain() throws Exception {
    Listener pooled = SingleFront.PLAIN.with(new Pool(20, Duration.ofSeconds(60)));
    try (SingleFront front = SingleFront.over(cluster, pooled, Tls.VERIFIED)) {
      for (int i = 0; i < 5; i++) {
        Logins.login(front.port(), app(), "", "sslMode=disable").close();
      }
      await().until(() -> front.sessions() == 0);
      assertThat(front.count("regent_proxy_server_links_total")).isEqualTo(5);
      assertThat(front.count("regent_proxy_server_links_parked_total")).isZero();
    }
  }

  @Test
  void plainClientIsRefusedAsByAServerThatRequiresTls() throws IOException {
    try (SingleFront front = front(signedBy(files.authority()), true)) {
      cluster.primary().execute("SET GLOBAL require_secure_transport=1");
      String direct = Logins.refusal(cluster.primary().port(), app(), "");
      cluster.primary().execute("SET GLOBAL require_secure_transport=0");

      assertThat(direct).contains("3159");
      assertThat(Logins.refusal(front.port(), app(), "")).isEqualTo(direct);
    }
  }

  @Test
  void accountThatRequiresTlsIsKeptFromPlainClients() throws IOException, SQLException {
    Account strict = new Account("strict", "right");
    cluster
        .primary()
        .execute(
            "CREATE OR REPLACE USER strict@'%' IDENTIFIED BY 'right' REQUIRE SSL",
            "CREATE OR REPLACE USER shown@'%' IDENTIFIED BY 'right' REQUIRE X509");
    try (SingleFront front = front(signedBy(files.authority()), false)) {
      String direct = Logins.refusal(cluster.primary().port(), strict, "");
      assertThat(direct).startsWith("1045 28000 ");
      assertThat(Logins.refusal(front.port(), strict, "")).isEqualTo(direct);
      Logins.login(front.port(), strict, "", verifying()).close();
      assertThat(Logins.refusal(front.port(), new Account("shown", "right"), "", verifying()))
          .startsWith("1045 28000 ")
          .contains("tls_client_ca");
    }
  }

  @Test
  void clientThatKnowsAnotherAuthorityDoesNotCome() throws Exception {
    try (SingleFront front = front(signedBy(files.authority()), false)) {
      assertThatThrownBy(() -> connect(front, "sslMode=verify-full&serverSslCert=" + stranger()))
          .hasStackTraceContaining("PKIX");
    }
  }

  @Test
  void serverOfAnotherAuthorityIsRefusedWithTheReason() throws Exception {
    try (SingleFront front = front(signedBy(stranger()), false)) {
      assertThat(Logins.refusal(front.port(), app(), ""))
          .startsWith("2026 HY000 TLS with the server failed (Regent): 127.0.0.1:")
          .contains("valid certification path");
    }
  }

  /** From 11.4 on; it is how the manager's own links do it when no authority is named. */
  @Test
  void serverThatKnowsThePasswordNeedsNoAuthority() throws IOException, SQLException {
    cluster.primary().execute("CREATE OR REPLACE USER nothing@'%'");
    try (SingleFront front = front(Tls.VERIFIED, false);
        Connection client = connect(front, "sslMode=disable");
        Statement statement = client.createStatement()) {
      assertThat(value(statement, "SHOW SESSION STATUS LIKE 'Ssl_cipher'")).startsWith("TLS");
      assertThat(Logins.refusal(front.port(), new Account("nothing", ""), ""))
          .startsWith("2026 HY000 ")
          .contains("did not prove");
    }
  }

  private static SingleFront front(Tls tls, boolean required) throws IOException {
    ClientTls shown = new ClientTls(files.certificate(), files.key(), required);
    Listener listener = SingleFront.PLAIN.with(shown);
    return SingleFront.over(cluster, listener, tls);
  }

  private static Tls signedBy(Path authority) {
    return new Tls(Tls.Mode.VERIFY, Optional.of(authority), Optional.empty());
  }

  /** An authority that signed nothing here: one that this Java knows. */
  private static Path stranger() throws IOException, GeneralSecurityException {
    Path store = Path.of(System.getProperty("java.home"), "lib", "security", "cacerts");
    KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
    Certificate first = keys.getCertificate(keys.aliases().nextElement());
    String body = Base64.getMimeEncoder().encodeToString(first.getEncoded());
    return Files.writeString(
        temp.resolve("stranger.pem"),
        "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n");
  }

  private static String verifying() {
    return "sslMode=verify-full&serverSslCert=" + files.authority();
  }

  private static Account app() {
    return cluster.accounts().app();
  }

  private static Connection connect(SingleFront front, String options) throws SQLException {
    return Logins.login(front.port(), app(), "shop", options);
  }

  /** The second column of the first row. */
  private static String value(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(2);
    }
  }
}
