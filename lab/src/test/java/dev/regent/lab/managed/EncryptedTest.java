package dev.regent.lab.managed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.daemon.DaemonOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every connection is encrypted and verified against an authority that only the cluster has. */
@Tag("real")
class EncryptedTest {
  private static final Pattern FILE = Pattern.compile("\"file\":\"([^\"]+\\.binlog)\"");

  /** Plain connections of the two accounts that the daemon and the replicas use are refused. */
  private static void insistOnTls(Managed managed) {
    String regent = managed.cluster().accounts().regent().user();
    String repl = managed.cluster().accounts().repl().user();
    for (int i = 1; i <= 3; i++) {
      managed
          .server(i)
          .execute(
              "SET SESSION sql_log_bin=0", require(managed, i, regent), require(managed, i, repl));
    }
  }

  private static String require(Managed managed, int server, String user) {
    String host =
        managed.server(server).value("SELECT Host FROM mysql.user WHERE User='" + user + "'");
    return "ALTER USER '" + user + "'@'" + host + "' REQUIRE SSL";
  }

  @ParameterizedTest
  @ValueSource(strings = {"11.4", "10.11"})
  void failoverRejoinAndSalvageNeedNoPlainConnection(String version) throws IOException {
    LabOptions lab = LabOptions.of(3).withTls().withVersion(version);
    try (Managed managed = Managed.start(lab, DaemonOptions.of("async"))) {
      insistOnTls(managed);
      managed.follows(2, 1);
      managed.follows(3, 1);
      managed.server(1).kill();
      managed.eventually(
          "a new primary", () -> managed.feed().epoch() > 1 && managed.feed().get().isPresent());
      int winner = managed.writableServers().getFirst();
      int other = 5 - winner;
      managed.follows(other, winner);
      verifies(managed, other);

      managed.server(1).start().awaitReady();
      managed.follows(1, winner);
      verifies(managed, 1);

      managed.server(other).execute("INSERT INTO shop.orders VALUES (7001, 0, 1, 'only here')");
      managed.eventually(
          "it is held out", () -> managed.events().contains("server" + other + " is held out"));
      Matcher file = FILE.matcher(managed.json());
      assertThat(file.find()).as(managed.events()).isTrue();
      Path words = Path.of(file.group(1).replace(".binlog", ".txt"));
      assertThat(Files.readString(words)).contains("insert (7001, 0, 1, only here)");
    }
  }

  private static void verifies(Managed managed, int replica) {
    Map<String, String> status = managed.server(replica).rows("SHOW ALL SLAVES STATUS").getFirst();
    assertThat(status)
        .containsEntry("Master_SSL_Allowed", "Yes")
        .containsEntry("Master_SSL_Verify_Server_Cert", "Yes")
        .containsEntry(
            "Master_SSL_CA_File",
            managed.server(replica).tls().orElseThrow().authority().toString());
  }
}
