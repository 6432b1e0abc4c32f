package dev.regent.lab.managed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.lab.cluster.Accounts.Account;
import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.TlsFiles;
import dev.regent.server.connect.Tls;
import dev.regent.server.connect.Tls.ClientKey;
import dev.regent.server.front.FrontSettings.ClientTls;
import dev.regent.server.front.FrontSettings.Listener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Certificates of clients, and the proxy's own one towards the server. */
@Tag("real")
class CertifiedProxyTest {
  private static final String PASSWORD = "not-a-secret";
  private static final String SUBJECT = "/C=DE/O=Lab, 1/CN=app";

  private static LabCluster cluster;
  private static TlsFiles files;
  private static Path store;

  @BeforeAll
  static void start() throws Exception {
    cluster = LabCluster.start(LabOptions.of(1).withTls());
    files = cluster.primary().tls().orElseThrow();
    store = files.authority().resolveSibling("client.p12");
    keytool("-importkeystore", "-srckeystore", authority(), "-srcstorepass", PASSWORD);
    keytool(
        "-genkeypair",
        "-alias",
        "app",
        "-signer",
        "ca",
        "-dname",
        "CN=app, O=\"Lab, 1\", C=DE",
        "-keyalg",
        "EC",
        "-groupname",
        "secp256r1",
        "-validity",
        "30");
    keytool("-delete", "-alias", "ca");
    keytool("-delete", "-alias", "server");
    cluster
        .primary()
        .execute(
            "CREATE USER shown@'%' IDENTIFIED BY 'right' REQUIRE X509",
            "CREATE USER named@'%' IDENTIFIED BY 'right' REQUIRE SUBJECT '"
                + SUBJECT
                + "'"
                + " AND ISSUER '/CN=Regent lab CA'",
            "CREATE USER other@'%' IDENTIFIED BY 'right' REQUIRE SUBJECT '/CN=other'");
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  /** Both the client's certificate and the proxy's own are the same one here. */
  @Test
  void certifiedClientComesInAndOthersAreDeniedAsByTheServer() throws Exception {
    try (SingleFront front = front(true, own())) {
      for (String user : List.of("shown", "named")) {
        assertThat(who(front, user, certified())).isEqualTo(user + "@%");
      }
      for (String user : List.of("shown", "named", "other")) {
        assertDenied(front, user, "right", secret());
      }
      assertDenied(front, "other", "right", certified());
      assertDenied(front, "shown", "wrong", certified());
      assertDenied(front, "shown", "right", "sslMode=disable");
      assertThat(who(front, cluster.accounts().app().user(), secret())).isNotEmpty();
    }
  }

  @Test
  void whatIsMissingIsNamed() throws Exception {
    try (SingleFront front = front(false, own())) {
      assertThat(refusal(front, "shown", certified())).contains("tls_client_ca");
    }
    try (SingleFront front = front(true, Optional.empty())) {
      assertThat(refusal(front, "shown", certified())).contains("key_store");
    }
  }

  /** The proxy's own key, with each way to believe a server. */
  @ParameterizedTest
  @EnumSource(names = {"VERIFY", "TRUST"})
  void ownCertificateIsShownToTheServer(Tls.Mode mode) throws Exception {
    Optional<Path> authority =
        mode == Tls.Mode.VERIFY ? Optional.of(files.authority()) : Optional.empty();
    try (SingleFront front = front(true, new Tls(mode, authority, own()))) {
      assertThat(who(front, "named", certified())).isEqualTo("named@%");
    }
  }

  /** No authority is named: the server proves that it knows the password (MariaDB 11.4). */
  @Test
  void ownCertificateIsShownToAServerThatProvesItself() throws Exception {
    try (SingleFront front = front(true, new Tls(Tls.Mode.VERIFY, Optional.empty(), own()))) {
      assertThat(who(front, "named", certified())).isEqualTo("named@%");
    }
  }

  private static void assertDenied(
      SingleFront front, String user, String password, String options) {
    Account account = new Account(user, password);
    String direct = Logins.refusal(cluster.primary().port(), account, "", options);
    assertThat(direct).as(user).startsWith("1045 28000 ");
    assertThat(Logins.refusal(front.port(), account, "", options)).as(user).isEqualTo(direct);
  }

  private static String refusal(SingleFront front, String user, String options) {
    return Logins.refusal(front.port(), new Account(user, "right"), "", options);
  }

  private static String who(SingleFront front, String user, String options) throws SQLException {
    Account account =
        user.equals(cluster.accounts().app().user())
            ? cluster.accounts().app()
            : new Account(user, "right");
    try (Connection client = Logins.login(front.port(), account, "", options);
        Statement statement = client.createStatement();
        ResultSet rows = statement.executeQuery("SELECT CURRENT_USER()")) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  private static SingleFront front(boolean asks, Optional<ClientKey> key) throws IOException {
    return front(asks, new Tls(Tls.Mode.VERIFY, Optional.of(files.authority()), key));
  }

  private static SingleFront front(boolean asks, Tls tls) throws IOException {
    Optional<Path> authority = asks ? Optional.of(files.authority()) : Optional.empty();
    ClientTls shown = new ClientTls(files.certificate(), files.key(), false, authority);
    Listener listener = SingleFront.PLAIN.with(shown);
    return SingleFront.over(cluster, listener, tls);
  }

  private static Optional<ClientKey> own() {
    return Optional.of(new ClientKey(store, PASSWORD));
  }

  private static String secret() {
    return "sslMode=verify-full&serverSslCert=" + files.authority();
  }

  private static String certified() {
    return secret() + "&keyStore=" + store + "&keyStorePassword=" + PASSWORD;
  }

  private static String authority() {
    return files.authority().resolveSibling("store.p12").toString();
  }

  private static void keytool(String... arguments) throws Exception {
    List<String> command =
        Stream.of(
                Stream.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()),
                Stream.of(arguments),
                Stream.of("-noprompt"),
                arguments[0].equals("-importkeystore")
                    ? Stream.of("-destkeystore", store.toString(), "-deststorepass", PASSWORD)
                    : Stream.of("-keystore", store.toString(), "-storepass", PASSWORD))
            .flatMap(words -> words)
            .toList();
    Process tool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(tool.waitFor()).as(said).isZero();
  }
}
