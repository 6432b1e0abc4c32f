package dev.regent.server.monitor;

import static dev.regent.server.render.Pictures.SPEC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regent.server.connect.Account;
import dev.regent.server.monitor.EventSettings.Credentials;
import dev.regent.server.monitor.EventSettings.Dialect;
import dev.regent.server.store.Notice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes; what they do is in the words of a shell. */
final class ScriptRunnerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private final List<Notice> told = new CopyOnWriteArrayList<>();

  private ScriptRunner runner(Duration timeout, String shell) {
    EventSettings settings =
        new EventSettings(
            List.of("sh", "-c", shell, "script"),
            EnumSet.allOf(MonitorEvent.class),
            timeout,
            Dialect.FIXED,
            Credentials.REFUSED,
            false,
            OptionalLong.empty(),
            List.of("PATH"));
    ScriptCall call = new ScriptCall(settings, SPEC, new Account("regent", "secret"));
    ScriptRunner runner = new ScriptRunner(settings, call, told::add);
    runner.start();
    return runner;
  }

  private List<String> ends() {
    return told.stream()
        .filter(n -> n.name().equals("ScriptEnded"))
        .map(n -> n.sentence().replaceAll("\\d+ ms", "_ ms"))
        .toList();
  }

  private static Change event(MonitorEvent event) {
    Change change = ScriptCallTest.primaryDied();
    return new Change(change.atMillis(), event, change.before(), change.after(), change.servers());
  }

  @Test
  void callsFollowOneAnotherInTheirOrder(@TempDir Path folder) throws IOException {
    Path log = folder.resolve("log");
    String shell =
        "echo begin $1 >> LOG; /bin/sleep 0.05; echo end $1 >> LOG".replace("LOG", "" + log);
    try (ScriptRunner runner = runner(PATIENCE, shell)) {
      List<MonitorEvent> events =
          List.of(MonitorEvent.PRIMARY_DOWN, MonitorEvent.NEW_PRIMARY, MonitorEvent.NEW_REPLICA);
      events.forEach(e -> runner.call(event(e)));
      await().atMost(PATIENCE).until(() -> ends().size() == 3);
    }
    assertThat(Files.readAllLines(log))
        .containsExactly(
            "begin --event=master_down",
            "end --event=master_down",
            "begin --event=new_master",
            "end --event=new_master",
            "begin --event=new_slave",
            "end --event=new_slave");
  }

  @Test
  void outputAndExitCodeAreTold() {
    try (ScriptRunner runner = runner(PATIENCE, "echo first; echo no candidate >&2; exit 3")) {
      runner.call(event(MonitorEvent.PRIMARY_DOWN));
      await().atMost(PATIENCE).until(() -> ends().size() == 1);
    }
    assertThat(ends())
        .containsExactly(
            "the script for master_down of db1 ended with exit code 3 after _ ms: no candidate");
    assertThat(told.getLast().data())
        .containsEntry("exit_code", 3)
        .containsEntry("output", "first\nno candidate");
  }

  @Test
  void hungScriptIsEndedWithItsChildrenAndTheNextOneRuns(@TempDir Path folder) throws IOException {
    Path pid = folder.resolve("pid");
    String shell =
        "[ $1 = --event=new_master ] && exit 0; trap '' TERM; /bin/sleep 600 & echo $! > "
            + pid
            + "; wait; wait";
    try (ScriptRunner runner = runner(Duration.ofMillis(500), shell)) {
      runner.call(event(MonitorEvent.PRIMARY_DOWN));
      runner.call(event(MonitorEvent.NEW_PRIMARY));
      await().atMost(PATIENCE).until(() -> ends().size() == 2);
    }
    assertThat(ends().getFirst()).contains("was ended at its timeout of _ ms");
    assertThat(ends().getLast()).contains("ended well");
    long child = Long.parseLong(Files.readString(pid).strip());
    await().atMost(PATIENCE).until(() -> !running(child));
  }

  private static boolean running(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
  }

  @Test
  void moreCallsThanCanWaitAreNotMadeAndThatIsTold() {
    try (ScriptRunner runner = runner(PATIENCE, "/bin/sleep 600")) {
      runner.call(event(MonitorEvent.PRIMARY_DOWN));
      await().atMost(PATIENCE).until(() -> told.size() == 1);
      for (int i = 0; i < ScriptRunner.WAITING_MAX + 3; i++) {
        runner.call(event(MonitorEvent.SERVER_UP));
      }
      assertThat(told)
          .filteredOn(n -> n.name().equals("ScriptDropped"))
          .extracting(Notice::sentence)
          .containsOnly("the script is not called for server_up of db1: 100 calls wait already")
          .hasSize(3);
    }
    assertThat(ends()).singleElement().asString().contains("was killed, since the daemon stops");
  }

  @Test
  void passwordVariablesAreWithheld() {
    try (ScriptRunner runner = runner(PATIENCE, "/usr/bin/env | /bin/grep -c ^PATH=")) {
      runner.call(event(MonitorEvent.PRIMARY_DOWN));
      await().atMost(PATIENCE).until(() -> ends().size() == 1);
    }
    assertThat(told.getLast().data()).containsEntry("output", "0");
  }
}
