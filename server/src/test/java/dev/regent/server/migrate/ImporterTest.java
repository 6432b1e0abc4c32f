package dev.regent.server.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.model.ClusterSpec.Preference;
import dev.regent.core.model.Policy.Profile;
import dev.regent.server.config.Config;
import dev.regent.server.config.ConfigLoader;
import dev.regent.server.config.ConfigResult;
import dev.regent.server.config.Mistake;
import dev.regent.server.config.Surroundings;
import dev.regent.server.connect.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImporterTest {
  private static final String MAXSCALE =
      """
      # a comment
      [maxscale]
      threads=auto

      [server1]
      type=server
      address=10.0.0.1
      port=3306
      private_address=192.168.0.1
      protocol=MariaDBBackend

      [server2]
      type=server
      address=10.0.0.2
      port=3307

      [server 3]
      type=server
      address=fd00::3

      [Replication-Monitor]
      type=monitor
      module=mariadbmon
      servers=server1, server2,
        server 3
      user=maxuser
      password="max \\"pw"
      replication-user=repl
      replication-password=replpw
      auto-failover=true
      auto-rejoin=on
      monitor-interval=2000ms
      servers_no_promotion=server 3
      replication_master_ssl=true
      script=/bin/x $INITIATOR

      [Split]
      type=service
      router=readwritesplit
      servers=server1
      password=secret
      """;

  private static final String MANAGER =
      """
      [shop]
      db-servers-hosts = "db1:3306,db2,[fd00::3]:3307"
      db-servers-credential = "root:mar:ia"
      db-servers-prefered-master = "db2:3306"
      failover-mode = "automatic"
      failover-limit = 3
      haproxy = true
      mail-to = "x@y"

      [Default]
      replication-credential = "repl:pw"
      failover-max-slave-delay = 20
      failover-time-limit = 60
      monitoring-ticker = 2
      autorejoin = false
      something-else = "hunter2"
      """;

  @TempDir private Path temp;

  private Imported run(String text, String... cluster) throws IOException {
    Path from = temp.resolve("theirs");
    Files.writeString(from, text);
    return importer(cluster.length == 0 ? "" : cluster[0], false).run(from, ours());
  }

  private static Importer importer(String cluster, boolean force) {
    return new Importer(new Importer.Options(cluster, force, false), surroundings());
  }

  private static Surroundings surroundings() {
    return new Surroundings(Map.of(), "anna", Path.of("/users/anna"));
  }

  private Path ours() {
    return temp.resolve("regent.toml");
  }

  private Config loaded() {
    return switch (ConfigLoader.load(ours(), surroundings())) {
      case ConfigResult.Ok ok -> ok.config();
      case ConfigResult.Invalid invalid -> throw new AssertionError(invalid.mistakes().toString());
    };
  }

  private static Imported.Written written(Imported imported) {
    assertThat(imported).isInstanceOf(Imported.Written.class);
    return (Imported.Written) imported;
  }

  private List<String> refused(Imported imported) throws IOException {
    assertThat(imported).isInstanceOf(Imported.Refused.class);
    try (Stream<Path> files = Files.list(temp)) {
      assertThat(files.map(f -> f.getFileName().toString())).containsExactly("theirs");
    }
    return ((Imported.Refused) imported).mistakes().stream().map(Mistake::sentence).toList();
  }

  @Test
  void maxScaleBecomesAConfigurationThatRegentAccepts() throws IOException {
    Imported.Written written = written(run(MAXSCALE));
    Config config = loaded();
    assertThat(Files.getPosixFilePermissions(ours()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(config.spec().name()).isEqualTo("Replication-Monitor");
    assertThat(config.spec().policy().profile()).isEqualTo(Profile.ASYNC);
    assertThat(config.spec().policy().failover().automatic()).isTrue();
    assertThat(config.spec().policy().automaticRejoin()).isTrue();
    assertThat(config.spec().servers().stream().map(s -> s.id() + " " + s.address()))
        .containsExactly(
            "server1 10.0.0.1:3306", "server2 10.0.0.2:3307", "server-3 [fd00::3]:3306");
    assertThat(config.spec().servers().getFirst().replicationAddress())
        .hasToString("192.168.0.1:3306");
    assertThat(config.spec().servers().getLast().preference()).isEqualTo(Preference.NEVER);
    assertThat(config.admin().user()).isEqualTo("maxuser");
    assertThat(config.admin().password().reveal()).isEqualTo("max \\\"pw");
    assertThat(config.replication().password().reveal()).isEqualTo("replpw");
    assertThat(config.tls().mode()).isEqualTo(Tls.Mode.OFF);
    assertThat(config.sourceTls().orElseThrow().mode()).isEqualTo(Tls.Mode.TRUST);
    assertThat(written.leftovers().stream().map(Leftover::key))
        .containsExactly(
            "[maxscale] threads",
            "[server1] protocol",
            "[Replication-Monitor] monitor_interval",
            "[Replication-Monitor] script",
            "[Split] type",
            "[Split] router",
            "[Split] servers",
            "[Split] password");
    assertThat(written.leftovers()).allMatch(l -> l.line() > 0 && !l.why().isBlank());
    assertThat(written.toString()).doesNotContain("replpw", "secret");
  }

  @Test
  void passwordThatMaxScaleEncryptedIsAskedFor() throws IOException {
    String encrypted = "0123456789ABCDEF0123456789ABCDEF";
    Imported.Written written = written(run(MAXSCALE.replace("replpw", encrypted)));
    assertThat(Files.readString(ours())).doesNotContain(encrypted);
    assertThat(written.todo().getFirst()).contains("replication.password", "0600");
    assertThat(written.leftovers().stream().map(Leftover::sentence))
        .anyMatch(s -> s.contains("replication_password: it is encrypted"));
    Path file = temp.resolve("replication.password");
    Files.writeString(file, "replpw\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThat(loaded().replication().password().reveal()).isEqualTo("replpw");
  }

  /** Our own lab's passwords look like that. */
  @Test
  void passwordMayBeSaidToBePlain() throws IOException {
    Path from = temp.resolve("theirs");
    Files.writeString(from, MAXSCALE.replace("replpw", "0123456789abcdef0123456789abcdef"));
    new Importer(new Importer.Options("", false, true), surroundings()).run(from, ours());
    assertThat(loaded().replication().password().reveal())
        .isEqualTo("0123456789abcdef0123456789abcdef");
  }

  @Test
  void oldestMaxScaleIsUnderstood() throws IOException {
    written(
        run(
            """
            [MySQL Monitor]
            type=monitor
            module=mysqlmon
            servers=a,b
            user=maxmon
            passwd=maxmonpw
            monitor_interval=10000
            script=/usr/local/bin/failover.sh
            events=master_down
            [a]
            type=server
            address=192.168.56.111
            port=3306
            [b]
            type=server
            address=192.168.56.112
            """));
    assertThat(loaded().spec().name()).isEqualTo("MySQL-Monitor");
    assertThat(loaded().spec().policy().failover().automatic()).isFalse();
    assertThat(loaded().spec().policy().automaticRejoin()).isFalse();
    assertThat(loaded().replication().user()).isEqualTo("maxmon");
    assertThat(loaded().admin().password().reveal()).isEqualTo("maxmonpw");
  }

  @Test
  void verifiedEncryptionIsKept() throws IOException {
    Path ca = temp.resolve("theirs-ca");
    Files.writeString(ca, "-");
    String ssl =
        "ssl=true\nssl_ca="
            + ca
            + "\nssl_verify_peer_certificate=true\nssl_verify_peer_host=true\n";
    written(run(MAXSCALE.replace("type=server\n", "type=server\n" + ssl)));
    assertThat(loaded().tls().mode()).isEqualTo(Tls.Mode.VERIFY);
    assertThat(loaded().tls().authority()).contains(ca);
  }

  @Test
  void maxScaleWithMistakesIsRefusedWithAllOfThem() throws IOException {
    String wrong =
        MAXSCALE
            .replace("server1, server2", "server1, server9")
            .replace("address=fd00::3", "socket=/run/x.sock")
            .replace("port=3306", "port=99999")
            .replace("auto-failover=true", "auto-failover=perhaps")
            .replace("mariadbmon", "galeramon");
    assertThat(refused(run(wrong)))
        .satisfiesExactly(
            s -> assertThat(s).startsWith("line 7: [server1] address and port are no address"),
            s -> assertThat(s).startsWith("line 17: [server 3] has no address"),
            s -> assertThat(s).contains("module is \"galeramon\""),
            s -> assertThat(s).contains("names server server9, and there is none"),
            s -> assertThat(s).contains("auto_failover is \"perhaps\""));
  }

  @Test
  void severalMonitorsAreAQuestion() throws IOException {
    String two = MAXSCALE + "[Other]\ntype=monitor\nmodule=mariadbmon\n";
    assertThat(refused(run(two)))
        .singleElement()
        .asString()
        .contains("several monitors: Replication-Monitor, Other", "--cluster");
    assertThat(refused(run(two, "third"))).singleElement().asString().contains("no monitor third");
    written(run(two, "replication-monitor"));
  }

  @Test
  void serversThatDifferInEncryptionAreRefused() throws IOException {
    String mixed = MAXSCALE.replace("port=3307", "port=3307\nssl=true");
    assertThat(refused(run(mixed))).singleElement().asString().contains("make them equal");
  }

  /** What no key of theirs forbids, our own loader may. */
  @Test
  void whatRegentWouldNotAcceptIsNotWritten() throws IOException {
    String one =
        MAXSCALE.replace("servers_no_promotion=server 3", "servers_no_promotion=server1,server2");
    assertThat(refused(run(one)))
        .singleElement()
        .asString()
        .startsWith("what it says is no configuration: ")
        .contains("automatic failover has nowhere to go");
  }

  @Test
  void replicationManagerBecomesAConfigurationThatRegentAccepts() throws IOException {
    Imported.Written written = written(run(MANAGER));
    Config config = loaded();
    assertThat(written.from()).isEqualTo("replication-manager");
    assertThat(config.spec().name()).isEqualTo("shop");
    assertThat(config.spec().servers().stream().map(s -> s.id() + " " + s.address()))
        .containsExactly("db1 db1:3306", "db2 db2:3306", "fd00--3 [fd00::3]:3307");
    assertThat(config.spec().servers().get(1).preference()).isEqualTo(Preference.PREFER);
    assertThat(config.admin().password().reveal()).isEqualTo("mar:ia");
    assertThat(config.replication().user()).isEqualTo("repl");
    assertThat(config.spec().policy().failover().automatic()).isTrue();
    assertThat(config.spec().policy().failover().lagBoundSeconds()).isEqualTo(20);
    assertThat(config.spec().policy().flapping().limit()).isEqualTo(3);
    assertThat(config.spec().policy().flapping().coolDown()).isEqualTo(Duration.ofMinutes(1));
    assertThat(config.spec().policy().automaticRejoin()).isFalse();
    assertThat(written.leftovers().stream().map(Leftover::key))
        .containsExactly("haproxy", "mail-to", "monitoring-ticker", "something-else");
    assertThat(written.toString()).doesNotContain("hunter2");
  }

  @Test
  void replicationManagerWithMistakesIsRefusedWithAllOfThem() throws IOException {
    String wrong =
        MANAGER
            .replace("db2,", "db2:0,")
            .replace("root:mar:ia", "root")
            .replace("= 20", "= \"soon\"")
            .replace("autorejoin = false", "autorejoin = \"maybe\"");
    assertThat(refused(run(wrong)))
        .satisfiesExactly(
            s -> assertThat(s).startsWith("line 2: \"db2:0\" is no address"),
            s -> assertThat(s).startsWith("line 3: db-servers-credential is no user:password"),
            s -> assertThat(s).contains("failover-max-slave-delay is no whole number"),
            s -> assertThat(s).contains("autorejoin is no truth"));
    String two = MANAGER + "[other]\nhosts = \"a,b\"\n";
    assertThat(refused(run(two))).singleElement().asString().contains("several clusters");
    written(run(two, "shop"));
  }

  @Test
  void otherFilesAreNotGuessedAt() throws IOException {
    assertThat(refused(run("[client]\nuser=x\n"))).singleElement().asString().contains("neither");
    assertThat(refused(run(""))).singleElement().asString().contains("neither");
  }

  @Test
  void fileThatIsThereIsReplacedOnlyByForce() throws IOException {
    Files.writeString(ours(), "mine");
    Path from = temp.resolve("theirs");
    Files.writeString(from, MANAGER);
    assertThat(importer("", false).run(from, ours())).isInstanceOf(Imported.Refused.class);
    assertThat(Files.readString(ours())).isEqualTo("mine");
    assertThat(importer("", true).run(from, ours())).isInstanceOf(Imported.Written.class);
    assertThat(loaded().spec().name()).isEqualTo("shop");
  }
}
