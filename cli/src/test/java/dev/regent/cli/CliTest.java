package dev.regent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.control.Command;
import dev.regent.core.control.Reply;
import dev.regent.core.model.ServerId;
import dev.regent.server.publish.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command end to end: words in, a real socket between, text and exit code out. */
final class CliTest {
  @TempDir private Path temp;

  @Test
  void versionIsTheBuilds() {
    assertThat(shell().run("--version"))
        .satisfies(ran -> assertThat(ran.exit()).isZero())
        .satisfies(ran -> assertThat(ran.out()).matches("regent [0-9]+\\.[0-9].*\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status",
        "top",
        "explain",
        "events",
        "plan",
        "failover",
        "switchover",
        "rejoin",
        "pause",
        "resume",
        "maintenance",
        "sessions",
        "kill",
        "drain",
        "maxadmin",
        "completion"
      })
  void everyCommandHelpsWithExamplesAndExitCodes(String command) {
    Shell.Ran ran = shell().run(command, "--help");
    assertThat(ran.exit()).isZero();
    assertThat(ran.out())
        .startsWith("Usage: regent " + command)
        .contains("Example", "regent " + command, "Exit codes: 0 done", "3 held or refused");
    assertThat(ran.out().lines()).allMatch(line -> line.length() <= 80);
    assertThat(shell().run("--help").out()).contains("  " + command);
  }

  @ParameterizedTest
  @ValueSource(strings = {"doctor", "import"})
  void commandsThatNeedNoDaemonHelpWithExamplesAndExitCodes(String command) {
    Shell.Ran ran = shell().run(command, "--help");
    assertThat(ran.exit()).isZero();
    assertThat(ran.out())
        .startsWith("Usage: regent " + command)
        .contains("Examples:", "  regent " + command, "Exit codes: 0 ");
    assertThat(ran.out().lines()).allMatch(line -> line.length() <= 80);
    assertThat(shell().run("--help").out()).contains("  " + command);
  }

  @Test
  void doctorNeverChangesAnythingUnasked() {
    assertThat(shell().run("doctor", "--fix").err()).contains("nobody is here; add --yes");
    assertThat(shell().run("doctor", "--yes").exit()).isEqualTo(2);
    assertThat(shell().run("doctor", "--fix", "--yes", "--as", "root", "--timeout", "0").exit())
        .isEqualTo(2);
    assertThat(shell().run("doctor", "-c", temp.resolve("none").toString()).err())
        .contains("does not exist", "nobody was examined");
  }

  @Test
  void doctorTellsWhatTheAccountsNeedWithoutAServer() {
    Shell.Ran ran = shell().run("doctor", "--grants", "11.4");
    assertThat(ran.exit()).isZero();
    assertThat(ran.out()).contains("READ_ONLY ADMIN", "'replica'@'%';\n");
    assertThat(shell().run("doctor", "--grants", "10.4").out()).doesNotContain("READ_ONLY");
    assertThat(shell().run("doctor", "--grants", "new").exit()).isEqualTo(2);
  }

  @Test
  void importWritesAFileAndTellsWhatItLeftOut() throws IOException {
    Path theirs = temp.resolve("config.toml");
    Files.writeString(
        theirs,
        """
        [shop]
        db-servers-hosts = "db1,db2"
        db-servers-credential = "root:hunter2"
        replication-credential = "repl:hunter2"
        haproxy = true
        """);
    Path ours = temp.resolve("regent.toml");
    Shell.Ran ran = shell().run("import", theirs.toString(), "-o", ours.toString());
    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("line 5: haproxy: it is about a proxy", "regent doctor -c ");
    assertThat(ran.out()).doesNotContain("hunter2");
    assertThat(shell().run("config", "check", "-c", ours.toString()).exit()).isZero();
    Shell.Ran again = shell().run("import", theirs.toString(), "-o", ours.toString());
    assertThat(again.exit()).isEqualTo(2);
    assertThat(again.err()).contains("exists", "--force", "1 mistake; nothing was written");
  }

  @Test
  void wrongWordsAreNamedWithExitCode2() {
    Shell.Ran ran = shell().run("statsu");
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err()).contains("'statsu'", "Did you mean: status", "Try 'regent --help'");
    assertThat(shell().run("status", "--jsn").err())
        .contains("regent: Unknown option: '--jsn'", "Try 'regent status --help'");
    assertThat(shell().run("rejoin").exit()).isEqualTo(2);
    assertThat(shell().run().exit()).isEqualTo(2);
  }

  @Test
  void statusComesFromTheOnlyDaemonThatRuns() throws IOException {
    try (TestingDaemon daemon = daemon("shop")) {
      Shell.Ran ran = shell().run("status");
      assertThat(ran.exit()).isZero();
      assertThat(ran.out())
          .startsWith("shop: not healthy, profile async")
          .contains("critical  no primary is known")
          .doesNotContain("\u001b");
      assertThat(shell().run("status", "--json").out()).startsWith("{\"cluster\":\"shop\"");
      assertThat(shell().run("status", "--check").exit()).isEqualTo(3);
      assertThat(daemon.ordered).isEmpty();
    }
  }

  @Test
  void coloursAreForTerminalsThatWantThem() throws IOException {
    try (TestingDaemon daemon = daemon("shop")) {
      assertThat(shell().onTerminal("", "status").out()).contains("\u001b[");
      assertThat(shell().onTerminal("", "status", "--no-color").out()).doesNotContain("\u001b");
      assertThat(shell("NO_COLOR", "1").onTerminal("", "status").out()).doesNotContain("\u001b");
      assertThat(daemon.ordered).isEmpty();
    }
  }

  @Test
  void topRefusesWhatIsNoTerminalAndNamesWhatServesThere() throws IOException {
    assertThat(shell().onTerminal("", "top").err()).contains("no daemon has its socket in");
    try (TestingDaemon daemon = daemon("shop")) {
      Shell.Ran ran = shell().run("top");
      assertThat(ran.exit()).isEqualTo(2);
      assertThat(ran.out()).isEmpty();
      assertThat(ran.err()).contains("needs a terminal", "regent status --watch", "--json");
      assertThat(daemon.ordered).isEmpty();
    }
  }

  @Test
  void exitCodeSaysWhatBecameOfAnOrder() throws IOException {
    try (TestingDaemon daemon = daemon("shop")) {
      daemon.answer(Reply.Result.DONE, "db1 is primary");
      assertThat(shell().run("switchover", "--to", "db1"))
          .isEqualTo(new Shell.Ran(0, "db1 is primary\n", ""));
      daemon.answer(Reply.Result.HELD, "db1 lags 40 s behind");
      assertThat(shell().run("switchover"))
          .isEqualTo(new Shell.Ran(3, "", "db1 lags 40 s behind\n"));
      daemon.answer(Reply.Result.FAILED, "db1 did not open");
      assertThat(shell().run("failover").exit()).isEqualTo(4);
      assertThat(shell().run("failover", "--to", "db7"))
          .isEqualTo(new Shell.Ran(2, "", "regent: cluster shop has no server db7; it has db1\n"));
    }
  }

  @Test
  void everyOrderReachesTheDaemon() throws IOException {
    try (TestingDaemon daemon = daemon("shop")) {
      shell().run("plan", "failover", "--to", "db1");
      shell().run("failover", "--dry-run", "--force");
      shell().run("rejoin", "db1");
      shell().run("pause", "--reason", "a \"quoted\" \\ reason\n\u00fc");
      shell().run("resume");
      shell().run("maintenance", "begin", "db1", "--reason", "disk");
      shell().run("maintenance", "end", "db1");
      String by = daemon.ordered.getFirst().by();
      ServerId db1 = new ServerId("db1");
      assertThat(daemon.ordered)
          .containsExactly(
              new Command.FailOver(by, Optional.of(db1), false, true),
              new Command.FailOver(by, Optional.empty(), true, true),
              new Command.Rejoin(by, db1, false),
              new Command.PauseCluster(by, "a \"quoted\" \\ reason\n\u00fc"),
              new Command.ResumeCluster(by),
              new Command.BeginMaintenance(by, db1, "disk"),
              new Command.EndMaintenance(by, db1));
    }
  }

  @Test
  void forceOnATerminalSaysWhatItGivesUpAndAsks() throws IOException {
    try (TestingDaemon daemon = daemon("shop")) {
      daemon.answer(Reply.Result.PLANNED, "gives up: at most 12 transactions of db3");
      Shell.Ran refused = shell().onTerminal("no", "failover", "--force");
      assertThat(refused.exit()).isEqualTo(3);
      assertThat(refused.out()).contains("at most 12 transactions of db3", "[y/N]");
      assertThat(daemon.ordered)
          .extracting(c -> ((Command.FailOver) c).dryRun())
          .containsExactly(true);

      shell().onTerminal("yes", "failover", "--force");
      shell().onTerminal("", "failover", "--force", "--yes");
      shell().run("failover", "--force");
      assertThat(daemon.ordered)
          .extracting(c -> ((Command.FailOver) c).dryRun())
          .containsExactly(true, true, false, false, false);
    }
  }

  @Test
  void forceThatWouldBeHeldAnywayAsksNothing() throws IOException {
    try (TestingDaemon daemon = daemon("shop")) {
      daemon.answer(Reply.Result.HELD, "the primary is well");
      Shell.Ran ran = shell().onTerminal("yes", "failover", "--force");
      assertThat(ran.exit()).isEqualTo(3);
      assertThat(ran.out()).doesNotContain("[y/N]");
      assertThat(daemon.ordered).hasSize(1);
    }
  }

  @Test
  void severalDaemonsNeedTheClustersName() throws IOException {
    try (TestingDaemon shop = daemon("shop");
        TestingDaemon crm = daemon("crm")) {
      Shell.Ran ran = shell().run("status");
      assertThat(ran.exit()).isEqualTo(2);
      assertThat(ran.err()).contains("several daemons", "--cluster: crm, shop");
      assertThat(shell().run("status", "--cluster", "crm").out()).startsWith("crm:");
      assertThat(shell().run("status", "--cluster", "hr").err())
          .contains("no daemon of cluster hr", "there are: crm, shop");
      assertThat(shell().run("status", "--socket", shop.path().toString()).out())
          .startsWith("shop:");
      assertThat(shell("REGENT_SOCKET", crm.path().toString()).run("status").out())
          .startsWith("crm:");
    }
  }

  @Test
  void missingDaemonIsExplainedWithExitCode1() throws IOException {
    Shell.Ran none = shell().run("status");
    assertThat(none.exit()).isEqualTo(1);
    assertThat(none.err())
        .contains("no daemon has its socket in " + folder().path(), "regent run -c regent.toml");
    Shell.Ran absent = shell().run("status", "--socket", temp.resolve("x.sock").toString());
    assertThat(absent.exit()).isEqualTo(1);
    assertThat(absent.err()).contains("x.sock: there is no such file");
  }

  @Test
  void deadDaemonsSocketIsExplained() throws IOException {
    Path socket;
    try (TestingDaemon daemon = daemon("shop")) {
      socket = daemon.path();
    }
    Files.createFile(socket);
    Shell.Ran ran = shell().run("status");
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err()).contains("nobody listens");
  }

  @Test
  void followingEndsWithTheDaemonAndSaysSo() throws IOException {
    TestingDaemon daemon = daemon("shop");
    String line =
        "{\"time\":\"2026-11-23T12:00:00Z\",\"name\":\"Trouble\",\"severity\":\"CRITICAL\","
            + "\"sentence\":\"the disk is full\",\"data\":{}}";
    daemon.desk.tell(line);
    assertThat(shell().run("events").out())
        .isEqualTo("2026-11-23 12:00:00.000  critical  the disk is full\n");
    assertThat(shell().run("events", "--json", "-n", "5").out()).isEqualTo(line + "\n");
    assertThat(shell().run("events", "-n", "0").out()).isEmpty();
    daemon.desk.tell(line);
    daemon.close();
    assertThat(shell().run("events", "--follow").exit()).isEqualTo(1);
  }

  @Test
  void completionKnowsTheCommands() {
    Shell.Ran ran = shell().run("completion", "bash");
    assertThat(ran.exit()).isZero();
    assertThat(ran.out()).startsWith("#!").contains("switchover", "--dry-run", "complete -F");
    assertThat(shell().run("completion", "zsh").out()).contains("bashcompinit");
  }

  private TestingDaemon daemon(String cluster) throws IOException {
    return new TestingDaemon(folder(), cluster);
  }

  private RunFolder folder() {
    return new RunFolder(temp.resolve("runtime/regent"));
  }

  private Shell shell(String... environment) {
    Map<String, String> variables = new java.util.TreeMap<>();
    variables.put("XDG_RUNTIME_DIR", temp.resolve("runtime").toString());
    for (int i = 0; i < environment.length; i += 2) {
      variables.put(environment[i], environment[i + 1]);
    }
    return new Shell(temp, variables);
  }
}
