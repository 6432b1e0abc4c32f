package dev.regent.lab.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regent.lab.cluster.Accounts;
import dev.regent.lab.cluster.ClusterExtension;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.cluster.Sql;
import dev.regent.lab.console.Pty;
import dev.regent.lab.daemon.DaemonConfig;
import dev.regent.lab.daemon.DaemonOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The command as a process, beside real servers, without a daemon. */
@Tag("real")
class DoctorTest {
  private static final String POSITION = "SELECT @@global.gtid_binlog_state";

  @RegisterExtension
  static final ClusterExtension LAB =
      ClusterExtension.with(LabOptions.of(2).withHeartbeat(Duration.ofMillis(500)));

  /** What a command left behind. */
  private record Ran(int exit, String out) {}

  private static Ran doctor(Path config, String... words) throws Exception {
    return doctor(60, config, words);
  }

  private static Ran doctor(int seconds, Path config, String... words) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of("dev.regent.cli.Main", "doctor", "-c", config.toString()));
    command.addAll(List.of("--timeout", Integer.toString(seconds)));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("REGENT_AS_PASSWORD", root().password());
    Process process = builder.start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return new Ran(process.exitValue(), out);
  }

  private static Accounts.Account root() {
    return LAB.cluster().accounts().root();
  }

  private static void asRoot(LabServer server, String... sql) throws SQLException {
    try (Connection connection = server.connect(root())) {
      Sql.execute(connection, sql);
    }
  }

  private static Path config(DaemonOptions options) {
    return DaemonConfig.write(LAB.cluster(), options).config();
  }

  @Test
  void whatIsBrokenIsFoundAndMendedOnce() throws Exception {
    Path config = config(DaemonOptions.of("available"));
    breakSettings();
    String before = LAB.server(1).value(POSITION) + " " + LAB.server(2).value(POSITION);

    Ran found = doctor(config, "--json");
    assertThat(found.exit()).as(found.out()).isEqualTo(3);
    assertThat(found.out())
        .contains("\"check\":\"gtid-strict-mode\"")
        .contains("\"check\":\"sync-binlog\"")
        .contains("\"check\":\"flush-log\"")
        .contains("\"check\":\"binlog-row-image\"")
        .contains("\"check\":\"semi-sync-crash\"")
        .contains("GRANT BINLOG ADMIN ON *.* TO 'regent'@'%'")
        .contains("GRANT REPLICA MONITOR ON *.* TO 'regent'@'%'")
        .contains("GRANT REPLICATION SLAVE ON *.* TO 'repl'@'%'")
        .contains("\"kind\":\"dynamic\"", "\"mended\":[]");

    // Nobody is there to agree.
    Ran unasked = doctor(config, "--fix");
    assertThat(unasked.exit()).as(unasked.out()).isEqualTo(2);
    assertThat(LAB.server(1).value("SELECT @@global.sync_binlog")).isEqualTo("0");

    // Without BINLOG ADMIN nothing is sent to server2: it might enter the binary log.
    Ran half = doctor(config, "--fix", "--yes");
    assertThat(half.exit()).as(half.out()).isEqualTo(4);
    assertThat(half.out())
        .contains("done  server1: SET GLOBAL sync_binlog=1")
        .containsPattern(
            "server2: SET GLOBAL rpl_semi_sync_master_wait_no_slave=1 FAILED: .*BINLOG")
        .doesNotContain("done  server2");

    Ran mended = doctor(config, "--fix", "--yes", "--as", "root");
    assertThat(mended.exit()).as(mended.out()).isZero();
    assertThat(mended.out())
        .contains("done  server2: SET GLOBAL rpl_semi_sync_master_wait_no_slave=1")
        .contains("done  server2: GRANT BINLOG ADMIN ON *.* TO 'regent'@'%'")
        .contains("0 critical, 0 warnings")
        .doesNotContain(root().password(), "FAILED");
    assertThat(LAB.server(1).value("SELECT @@global.sync_binlog")).isEqualTo("1");

    Ran again = doctor(config, "--fix", "--yes", "--as", "root", "--json");
    assertThat(again.exit()).as(again.out()).isZero();
    assertThat(again.out()).contains("\"healthy\":true", "\"mended\":[]");
    assertThat(LAB.server(1).value(POSITION) + " " + LAB.server(2).value(POSITION))
        .as("no grant and no setting enters a binary log")
        .isEqualTo(before);
  }

  @Test
  void tableOfTokensIsJudgedAsTheServersHaveIt() throws Exception {
    Path config =
        config(
            DaemonOptions.of("available")
                .withListener("port = 3399", "commit_token = \"shop.commit_token\""));
    String told = "\"check\":\"commit-token\"";

    Ran missing = doctor(config, "--json");
    assertThat(missing.out()).contains(told, "there is no table shop.commit_token");

    LAB.server(1).execute("CREATE DATABASE IF NOT EXISTS shop");
    LAB.server(1)
        .execute(
            "CREATE TABLE shop.commit_token (session CHAR(20), number INT, tenant INT NOT NULL,"
                + " UNIQUE KEY (session, number)) ENGINE=Aria");
    assertThat(doctor(config, "--json").out())
        .contains(
            "shop.commit_token has no transactions (Aria)",
            "has session as char(20), not CHAR(40)",
            "has number as int(11), not BIGINT UNSIGNED",
            "has no column at",
            "has no unique key of session alone",
            "which no token names: tenant");

    // What the finding says, sent as it is.
    LAB.server(1).execute("DROP TABLE `shop`.`commit_token`");
    String created = missing.out().replaceAll("(?s).*(CREATE TABLE `shop`[^\"]+).*", "$1");
    LAB.server(1).execute(created);
    await().untilAsserted(() -> assertThat(doctor(config, "--json").out()).doesNotContain(told));
    LAB.server(1).execute("DROP DATABASE shop");
  }

  @Test
  void itAsksBeforeItMends(@TempDir Path folder) throws Exception {
    Path config = config(DaemonOptions.of("available"));
    LAB.server(1).execute("SET GLOBAL sync_binlog=0");

    assertThat(asked(folder, config, "n"))
        .contains("server1: SET GLOBAL sync_binlog=1", "not agreed to: nothing was changed")
        .contains("EXIT 3");
    assertThat(LAB.server(1).value("SELECT @@global.sync_binlog")).isEqualTo("0");

    assertThat(asked(folder, config, "y")).contains("done  server1: SET GLOBAL sync_binlog=1");
    assertThat(LAB.server(1).value("SELECT @@global.sync_binlog")).isEqualTo("1");
  }

  /** All that a terminal shows while {@code --fix} is answered so. */
  private static String asked(Path folder, Path config, String answer) {
    List<String> words = List.of("dev.regent.cli.Main", "doctor", "-c", config.toString(), "--fix");
    try (Pty pty = Pty.start(folder, 120, 60, Map.of(), words)) {
      pty.sees("[y/N]").type(answer + "\n");
      return pty.sees("EXIT ").sent();
    }
  }

  private static void breakSettings() throws SQLException {
    LAB.server(1)
        .execute(
            "SET GLOBAL gtid_strict_mode=0",
            "SET GLOBAL sync_binlog=0",
            "SET GLOBAL innodb_flush_log_at_trx_commit=2",
            "SET GLOBAL binlog_row_image=MINIMAL");
    LAB.server(2).execute("SET GLOBAL rpl_semi_sync_master_wait_no_slave=0");
    asRoot(
        LAB.server(2),
        "SET SESSION sql_log_bin=0",
        "REVOKE BINLOG ADMIN, SLAVE MONITOR ON *.* FROM 'regent'@'%'",
        "REVOKE REPLICATION SLAVE ON *.* FROM 'repl'@'%'");
  }

  @Test
  void serverThatDoesNotAnswerIsAFindingAmongOthers() throws Exception {
    DaemonOptions options = DaemonOptions.of("async").through(LAB.server(2), "127.0.0.1:1");
    Ran found = doctor(config(options), "--json");
    assertThat(found.exit()).as(found.out()).isEqualTo(3);
    assertThat(found.out())
        .contains("\"check\":\"reachable\",\"severity\":\"critical\",\"server\":\"server2\"")
        .contains("\"what\":\"refused: 127.0.0.1:1")
        .contains("\"name\":\"server1\",\"address\":\"" + LAB.server(1).address() + "\"")
        .contains("\"server\":\"server1\"");
  }

  /** It accepts connections, and says nothing. */
  @Test
  void serverThatIsFrozenCostsItsDeadlineAndNoMore() throws Exception {
    Path config = config(DaemonOptions.of("async"));
    LAB.server(2).freeze();
    try {
      Ran found = doctor(4, config, "--json");
      assertThat(found.exit()).as(found.out()).isEqualTo(3);
      assertThat(found.out())
          .contains("\"server\":\"server2\",\"what\":\"timeout: " + LAB.server(2).address())
          .contains("\"server\":\"server1\"");
    } finally {
      LAB.server(2).thaw();
    }
  }

  @Test
  void configurationWithMistakesIsNotExamined() throws Exception {
    Path config = LAB.cluster().folder().resolve("none.toml");
    Ran refused = doctor(config);
    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.out()).contains("does not exist", "nobody was examined");
  }
}
