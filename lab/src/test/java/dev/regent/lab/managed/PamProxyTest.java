package dev.regent.lab.managed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.regent.lab.cluster.Accounts.Account;
import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.TlsFiles;
import dev.regent.server.connect.Tls;
import dev.regent.server.front.FrontSettings.ClientTls;
import dev.regent.server.front.FrontSettings.Listener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An account that PAM knows. Its service is in a folder that only the server sees; needs root. */
@Tag("real")
class PamProxyTest {
  private static final String PLUGIN = "auth_pam_v1";
  private static final Account RIGHT = new Account("anna", "right");
  private static final Account WRONG = new Account("anna", "wrong");

  @TempDir Path temp;

  @Test
  void passwordGoesThroughEncryptedAndTheServerDecides() throws Exception {
    Optional<DebianServer> server = DebianServer.with(List.of(PLUGIN));
    assumeTrue(server.isPresent(), DebianServer.REASON);
    assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
    LabOptions options =
        LabOptions.of(1)
            .withTls()
            .withBinary(withService(server.get()))
            .withConfig("plugin_dir=" + server.get().plugins(), "plugin_load_add=" + PLUGIN);
    try (LabCluster cluster = LabCluster.start(options)) {
      cluster.primary().execute("CREATE USER anna@'%' IDENTIFIED VIA pam USING 'lab'");
      TlsFiles files = cluster.primary().tls().orElseThrow();
      Tls tls = new Tls(Tls.Mode.VERIFY, Optional.of(files.authority()), Optional.empty());
      ClientTls shown = new ClientTls(files.certificate(), files.key(), false);
      Listener listener = SingleFront.PLAIN.with(shown);
      String secret = "sslMode=verify-full&serverSslCert=" + files.authority();
      try (SingleFront front = SingleFront.over(cluster, listener, tls)) {
        try (Connection client = Logins.login(front.port(), RIGHT, "", secret);
            Statement statement = client.createStatement();
            ResultSet rows = statement.executeQuery("SELECT CURRENT_USER()")) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getString(1)).isEqualTo("anna@%");
        }
        String direct = Logins.refusal(cluster.primary().port(), WRONG, "", secret);
        assertThat(direct).startsWith("1045 28000 ");
        assertThat(Logins.refusal(front.port(), WRONG, "", secret)).isEqualTo(direct);
        assertThat(Logins.refusal(front.port(), RIGHT, ""))
            .startsWith("3159 08004 The account of 'anna' is proved by the password itself");
      }
      try (SingleFront plain = SingleFront.over(cluster, listener, Tls.OFF)) {
        assertThat(Logins.refusal(plain.port(), RIGHT, "", secret)).startsWith("3159 08004 ");
      }
    }
  }

  /** The same server, in a mount namespace with a folder of services of its own. */
  private Path withService(DebianServer server) throws IOException {
    Path services = Files.createDirectory(temp.resolve("pam.d"));
    Path check = script("check", "read -r password\n[ \"$password\" = right ]\n");
    Files.writeString(
        services.resolve("lab"),
        """
        auth required pam_exec.so expose_authtok quiet %s
        account required pam_permit.so
        """
            .formatted(check));
    Path prefix = Files.createDirectory(temp.resolve("usr"));
    Files.createDirectory(prefix.resolve("sbin"));
    Files.createSymbolicLink(prefix.resolve("share"), server.prefix().resolve("share"));
    return script(
        "usr/sbin/server",
        """
        exec unshare --mount sh -c '
          mount --bind "$1" /etc/pam.d || exit 1
          shift
          exec "$@"' - '%s' '%s' "$@"
        """
            .formatted(services, server.program()));
  }

  private Path script(String name, String text) throws IOException {
    Path file = Files.writeString(temp.resolve(name), "#!/bin/sh\n" + text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
