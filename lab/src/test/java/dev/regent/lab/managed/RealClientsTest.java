package dev.regent.lab.managed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.lab.cluster.Accounts;
import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.daemon.DaemonOptions;
import dev.regent.lab.machine.Ports;
import dev.regent.lab.machine.Tools;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that know nothing of Regent, through its proxy: what {@code .build/clients} installs. One
 * that is not there is skipped. Connector/J has its own test.
 */
@Tag("real")
class RealClientsTest {
  /** What each client's script says, one line after each part that went well. */
  private static final List<String> PARTS =
      List.of("auth", "text", "prepared", "transaction", "local", "big", "error");

  private static final int LOADED = 1000;

  @TempDir private static Path temp;

  private static Managed managed;
  private static int port;
  private static int base;

  @BeforeAll
  static void start() throws IOException {
    LabCluster cluster = LabCluster.start(LabOptions.of(2));
    port = Ports.reserve(cluster.folder());
    managed =
        Managed.over(cluster, DaemonOptions.of("available").with("[listener]", "port = " + port));
    for (int i = 1; i <= 2; i++) {
      cluster
          .server(i)
          .execute("SET GLOBAL max_allowed_packet=67108864", "SET GLOBAL local_infile=ON");
    }
    cluster
        .server(1)
        .execute(
            "CREATE TABLE shop.clients (id INT PRIMARY KEY, word VARCHAR(50)) CHARSET utf8mb4",
            "CREATE DATABASE bench",
            "CREATE USER bench@'%' IDENTIFIED BY 'bench'",
            "GRANT ALL ON bench.* TO bench@'%'");
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < LOADED; i++) {
      rows.append(i).append("\tword ").append(i).append('\n');
    }
    Files.writeString(temp.resolve("rows.tsv"), rows);
  }

  @AfterAll
  static void stop() {
    managed.close();
  }

  @Test
  void pyMySql() throws Exception {
    String python =
        Stream.of("/usr/bin/python3", "python3")
            .filter(p -> works(p, "-c", "import pymysql"))
            .findFirst()
            .orElse("");
    play("PyMySQL", !python.isEmpty(), List.of(python), "with_pymysql.py");
  }

  @Test
  void nodeMysql2() throws Exception {
    play("Node mysql2", works("node", "-e", "require('mysql2')"), List.of("node"), "mysql2.js");
  }

  @Test
  void phpMysqli() throws Exception {
    // Off in PHP's own defaults.
    String local = "-dmysqli.allow_local_infile=1";
    play(
        "PHP mysqli",
        works("php", "-r", "exit((int) !class_exists('mysqli'));"),
        List.of("php", local),
        "mysqli.php");
  }

  @Test
  void phpPdo() throws Exception {
    boolean there = works("php", "-r", "exit((int) !extension_loaded('pdo_mysql'));");
    play("PHP PDO", there, List.of("php"), "pdo.php");
  }

  @Test
  void perlDbdMariaDb() throws Exception {
    play(
        "Perl DBD::MariaDB", works("perl", "-MDBD::MariaDB", "-e", "1"), List.of("perl"), "dbd.pl");
  }

  /** libmariadb in C, with prepared statements, in several threads. */
  @Test
  void sysbench() throws Exception {
    Assumptions.assumeTrue(works("sysbench", "--version"), "sysbench" + missing());
    List<String> words =
        List.of(
            Tools.path("sysbench"),
            "--db-driver=mysql",
            "--mysql-host=127.0.0.1",
            "--mysql-port=" + port,
            "--mysql-user=bench",
            "--mysql-password=bench",
            "--mysql-db=bench",
            "--table-size=500",
            "--threads=4",
            "--events=200",
            "--time=0",
            "oltp_read_write");
    ran(with(words, "prepare"), "");
    String said = ran(with(words, "run"), "");
    // The errors that it ignores are the server's own deadlocks.
    assertThat(said).containsPattern("transactions: +200 ").containsPattern("reconnects: +0 ");
    ran(with(words, "cleanup"), "");
  }

  @Test
  void mariadbCommandLine() throws Exception {
    Assumptions.assumeTrue(works("mariadb", "--version"), "the mariadb client" + missing());
    assertThat(mariadb("wrong", "SELECT 1").said()).contains("ERROR 1045");
    String password = app().password();
    int first = nextBase();
    String script =
        """
        INSERT INTO clients VALUES (%1$d, 'text é');
        SELECT word FROM clients WHERE id = %1$d;
        PREPARE p FROM 'SELECT word FROM clients WHERE id = ?';
        SET @id = %1$d; EXECUTE p USING @id; DEALLOCATE PREPARE p;
        BEGIN; INSERT INTO clients VALUES (%1$d + 1, 'gone'); ROLLBACK;
        BEGIN; INSERT INTO clients VALUES (%1$d + 2, 'kept'); COMMIT;
        SELECT 'committed', COUNT(*) FROM clients WHERE id IN (%1$d + 1, %1$d + 2);
        LOAD DATA LOCAL INFILE '%2$s' INTO TABLE clients (@n, word) SET id = @n + %1$d + 100;
        SELECT 'loaded', COUNT(*) FROM clients WHERE id >= %1$d + 100 AND id < %1$d + 1100;
        """
            .formatted(first, temp.resolve("rows.tsv"));
    Ended ended = mariadb(password, script);
    assertThat(ended.said().lines())
        .containsExactly("text é", "text é", "committed\t1", "loaded\t" + LOADED);
    String big = "SELECT LENGTH('" + "y".repeat(17 << 20) + "');\n";
    assertThat(mariadb(password, big).said().strip()).isEqualTo("" + (17 << 20));
    assertThat(mariadb(password, "SELECT 1 FROM nowhere").said()).contains("ERROR 1146");
  }

  // ---

  private static Ended mariadb(String password, String script) throws Exception {
    List<String> words =
        List.of(
            Tools.path("mariadb"),
            "--no-defaults",
            "--host=127.0.0.1",
            "--port=" + port,
            "--user=" + app().user(),
            "--password=" + password,
            "--local-infile=1",
            "--max-allowed-packet=67108864",
            "--default-character-set=utf8mb4",
            "--skip-column-names",
            "--batch",
            "shop");
    return run(words, script);
  }

  private static void play(String name, boolean there, List<String> interpreter, String script)
      throws Exception {
    Assumptions.assumeTrue(there, name + missing());
    Path file = temp.resolve(script);
    try (InputStream in = RealClientsTest.class.getResourceAsStream("/clients/" + script)) {
      Files.write(file, Optional.ofNullable(in).orElseThrow().readAllBytes());
    }
    List<String> words = new ArrayList<>(interpreter);
    words.set(0, Tools.path(words.getFirst()));
    words.add(file.toString());
    String said = ran(words, "");
    assertThat(said.lines()).as(name).containsExactlyElementsOf(PARTS);
  }

  private static String ran(List<String> words, String input) throws Exception {
    Ended ended = run(words, input);
    assertThat(ended.exit()).as(ended.said()).isZero();
    return ended.said();
  }

  private record Ended(int exit, String said) {}

  private static Ended run(List<String> words, String input) throws Exception {
    Path stdin = Files.writeString(temp.resolve("stdin"), input);
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.redirectInput(stdin.toFile());
    builder.environment().putAll(environment());
    Process client = builder.start();
    String said = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(client.waitFor(), said);
  }

  private static Map<String, String> environment() {
    return Map.of(
        "HOST",
        "127.0.0.1",
        "PORT",
        "" + port,
        "USER_NAME",
        app().user(),
        "PASSWORD",
        app().password(),
        "FILE",
        temp.resolve("rows.tsv").toString(),
        "BASE",
        "" + nextBase(),
        "PYTHONIOENCODING",
        "utf-8",
        "NODE_PATH",
        installed("node_modules").toString());
  }

  /** What {@code .build/clients} leaves: what npm has, and what could not be installed and why. */
  private static Path installed(String what) {
    Path here = Path.of("target/clients").resolve(what);
    return (Files.exists(here) ? here : Path.of("lab").resolve(here)).toAbsolutePath();
  }

  private static String missing() {
    Path failed = installed("failed");
    try {
      return Files.exists(failed)
          ? " could not be installed: " + Files.readString(failed).strip()
          : " is not installed: .build/clients does that";
    } catch (IOException e) {
      return " is not installed, and " + failed + " cannot be read: " + e;
    }
  }

  /** Each client has rows of its own. */
  private static synchronized int nextBase() {
    base += 10_000;
    return base;
  }

  private static Accounts.Account app() {
    return managed.cluster().accounts().app();
  }

  private static boolean works(String... words) {
    try {
      List<String> command = new ArrayList<>(List.of(words));
      command.set(0, Tools.path(command.getFirst()));
      return run(command, "").exit() == 0;
    } catch (Exception e) {
      return false;
    }
  }

  private static List<String> with(List<String> words, String last) {
    return Stream.concat(words.stream(), Stream.of(last)).toList();
  }
}
