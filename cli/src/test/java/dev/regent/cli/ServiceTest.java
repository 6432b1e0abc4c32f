package dev.regent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code regent run} as the system that starts services sees it. No server answers here. */
@Timeout(120)
final class ServiceTest {
  /** systemd kills after 90 s; an operator who waits for the end of a command is less patient. */
  private static final Duration END_WITHIN = Duration.ofSeconds(10);

  @TempDir private Path home;
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void killAll() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void systemdIsToldWhenCommandsAreAnswered() throws Throwable {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-notify")));
    Path path = home.resolve("notify");
    try (NotifySocket systemd = new NotifySocket(path)) {
      Process daemon = start("state", "run", Map.of("NOTIFY_SOCKET", path.toString()));
      String message = systemd.next();
      assertThat(message.lines()).contains("READY=1", "MAINPID=" + daemon.pid());
      // At once, not eventually: this is what READY promises.
      assertThat(status("run").exit()).isZero();
    }
  }

  @Test
  void sigtermIsAnOrderToStop() throws Exception {
    Process daemon = startReady("state", "run");
    daemon.destroy();
    assertThat(daemon.waitFor(END_WITHIN.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    assertThat(daemon.exitValue()).isZero();
    assertThat(socket("run")).doesNotExist();
    assertThat(status("run").exit()).isEqualTo(1);
    // Whatever it held is free: it can be started again at once.
    startReady("state", "run");
  }

  @Test
  void secondDaemonOnTheSameStoreIsRefused() throws Exception {
    Process first = startReady("state", "run");
    Process second = start("state", "other-run", Map.of());
    assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(second.exitValue()).isEqualTo(1);
    assertThat(said(second))
        .startsWith(
            "regent run: cannot open the control store: another manager uses "
                + home.resolve("state"))
        .contains("process " + first.pid() + " since ")
        .contains("stop that one first, or give this one a state_dir of its own");
    assertThat(socket("other-run")).doesNotExist();
    assertThat(status("run").exit()).isZero();
  }

  @Test
  void secondDaemonOfTheSameClusterIsRefused() throws Exception {
    Process first = startReady("state", "run");
    Process second = start("other-state", "run", Map.of());
    assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(second.exitValue()).isEqualTo(1);
    assertThat(said(second))
        .contains(
            "regent run: a daemon with pid "
                + first.pid()
                + " already serves cluster shop at "
                + socket("run")
                + ": stop that one first");
    assertThat(status("run").exit()).isZero();
  }

  @Test
  void socketOfAKilledDaemonIsReplaced() throws Exception {
    Process killed = startReady("state", "run");
    killed.destroyForcibly().waitFor();
    assertThat(socket("run")).exists();
    Shell.Ran dead = status("run");
    assertThat(dead.exit()).isEqualTo(1);
    assertThat(dead.err()).contains("the daemon has died");
    startReady("state", "run");
  }

  private Path socket(String run) {
    return home.resolve(run).resolve("shop.sock");
  }

  private Shell.Ran status(String run) {
    return new Shell(home, Map.of()).run("status", "--socket", socket(run).toString());
  }

  private Process startReady(String state, String run) throws IOException {
    Process process = start(state, run, Map.of());
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> status(run).exit() == 0 || !process.isAlive());
    assertThat(process.isAlive()).as(said(process)).isTrue();
    return process;
  }

  private Process start(String state, String run, Map<String, String> environment)
      throws IOException {
    Path config = home.resolve("regent-" + started.size() + ".toml");
    Files.writeString(
        config,
        """
        [cluster]
        name = "shop"
        [[server]]
        name = "db1"
        address = "127.0.0.1:1"
        [[server]]
        name = "db2"
        address = "127.0.0.1:2"
        [credentials]
        admin_user = "regent"
        admin_password = "hunter2"
        replication_user = "repl"
        replication_password = "hunter2"
        [daemon]
        state_dir = "%s"
        run_dir = "%s"
        """
            .formatted(state, run));
    Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-------"));
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "run",
            "-c",
            config.toString());
    builder.environment().remove("NOTIFY_SOCKET");
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(log(started.size()).toFile());
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private Path log(int number) {
    return home.resolve(number + ".log");
  }

  private String said(Process process) throws IOException {
    return Files.readString(log(started.indexOf(process)));
  }
}
