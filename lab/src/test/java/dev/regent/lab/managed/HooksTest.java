package dev.regent.lab.managed;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.daemon.DaemonClient;
import dev.regent.lab.daemon.DaemonOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("real")
class HooksTest {
  private static final List<String> HOOKS = List.of("fence", "pre_promote", "post_promote");

  @TempDir Path folder;

  @Test
  void hooksRunInOrderAndAreToldWhatHappens() throws IOException {
    HOOKS.forEach(this::well);
    try (Managed managed = started(configured())) {
      long epoch = managed.feed().epoch();
      managed.server(1).kill();
      managed.eventually("all hooks ran", () -> calls().size() == 3);
      managed.eventually("a new primary", () -> managed.feed().epoch() > epoch);
      int winner = managed.writableServers().getFirst();
      String old = about(managed, 1);
      String head = ",\"cluster\":\"test\",\"epoch\":" + (epoch + 1) + ",\"server\":";
      String promoted = head + about(managed, winner) + ",\"old_primary\":" + old + "}";
      assertThat(calls())
          .containsExactly(
              "{\"hook\":\"fence\"" + head + old + ",\"old_primary\":" + old + "}",
              "{\"hook\":\"pre_promote\"" + promoted,
              "{\"hook\":\"post_promote\"" + promoted);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fence", "pre_promote"})
  void withoutFenceOrPermissionNobodyIsPromoted(String hook) {
    HOOKS.forEach(this::well);
    script(hook, "cat >/dev/null; echo no power; exit 3");
    try (Managed managed = started(configured())) {
      managed.follows(2, 1);
      managed.follows(3, 1);
      long epoch = managed.feed().epoch();
      managed.server(1).kill();
      managed.eventually(
          "a hold that quotes the hook",
          () -> explained(managed).contains("hook exit code 3: no power"));
      managed.throughout(
          Duration.ofSeconds(3),
          "nobody is opened",
          () -> managed.feed().epoch() == epoch && managed.writableServers().isEmpty());
      managed.eventually(
          "an order is refused for the same reason, once no attempt is under way",
          () -> refused(managed.order("failover", "")));
      assertThat(calls()).noneMatch(c -> c.contains("post_promote"));

      well(hook);
      managed.eventually("a new primary", () -> managed.feed().epoch() > epoch);
      managed.eventually("post_promote ran", () -> calls().getLast().contains("post_promote"));
      assertThat(managed.writableServers()).hasSize(1);
    }
  }

  @Test
  void switchoverWithoutPermissionIsUndone() {
    HOOKS.forEach(this::well);
    script("pre_promote", "cat >/dev/null; echo no power; exit 3");
    try (Managed managed = started(configured())) {
      managed.follows(2, 1);
      managed.follows(3, 1);
      assertThat(managed.order("switchover", "\"to\":\"server2\"")).matches(HooksTest::refused);
      managed.eventually("server1 is open again", () -> managed.writable(1));
      managed.primaryIs(1);
      managed.follows(2, 1);
      managed.follows(3, 1);
      assertThat(managed.writableServers()).containsExactly(1);

      well("pre_promote");
      managed.eventually(
          "it is done once it is allowed",
          () -> managed.order("switchover", "\"to\":\"server2\"").exit() == 0);
      managed.primaryIs(2);
      // The old primary is well: nobody has to be shot.
      assertThat(calls()).hasSize(2).noneMatch(c -> c.contains("fence"));
    }
  }

  @Test
  void hangingHookIsKilledAtItsOwnTimeout() {
    script("fence", "sleep 600 & { echo $$; echo $!; } > " + folder.resolve("pids") + "; wait");
    try (Managed managed =
        started(
            DaemonOptions.of("async")
                .with("hooks", line("fence"))
                .with("hooks", "fence_timeout = \"700ms\""))) {
      long epoch = managed.feed().epoch();
      managed.server(1).kill();
      managed.eventually(
          "a hold that tells the time",
          () -> explained(managed).contains("hook killed after 700 ms"));
      assertThat(managed.feed().epoch()).isEqualTo(epoch);
      assertThat(managed.writableServers()).isEmpty();
      managed.eventually("no process is left", () -> !running(folder.resolve("pids")));
    }
  }

  @Test
  void failingPostPromoteIsToldAndTheNewPrimaryStands() {
    script("post_promote", "echo no mail; exit 1");
    try (Managed managed = started(DaemonOptions.of("async").with("hooks", line("post_promote")))) {
      long epoch = managed.feed().epoch();
      managed.server(1).kill();
      managed.eventually(
          "it is told",
          () ->
              managed
                  .events()
                  .contains("not repeated: could not run the post_promote hook for server"));
      assertThat(managed.events()).contains("hook exit code 1: no mail");
      managed.eventually("a new primary", () -> managed.feed().epoch() > epoch);
      int winner = managed.writableServers().getFirst();
      managed.primaryIs(winner);
      managed.follows(5 - winner, winner);
    }
  }

  private static boolean refused(DaemonClient.Answer answer) {
    return answer.exit() == 3 && answer.text().contains("no power");
  }

  /** Its lines are as wide as a terminal. */
  private static String explained(Managed managed) {
    return managed.order("explain", "").text().replaceAll("\\s+", " ");
  }

  private static Managed started(DaemonOptions options) {
    return Managed.start(LabOptions.of(3), options);
  }

  private DaemonOptions configured() {
    DaemonOptions options = DaemonOptions.of("async");
    for (String hook : HOOKS) {
      options = options.with("hooks", line(hook));
    }
    return options;
  }

  private String line(String hook) {
    return hook + " = [\"" + folder.resolve(hook) + "\"]";
  }

  /** A hook that notes what it was told, and is content. */
  private void well(String hook) {
    Path calls = folder.resolve("calls");
    script(hook, "{ cat; echo; } >> " + calls);
  }

  private void script(String hook, String body) {
    try {
      Path draft = folder.resolve(hook + ".part");
      Files.writeString(draft, "#!/bin/sh\n" + body + "\n");
      Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rwx------"));
      Files.move(draft, folder.resolve(hook), REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> calls() {
    try {
      Path calls = folder.resolve("calls");
      return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String about(Managed managed, int number) {
    return "{\"name\":\"server%d\",\"host\":\"127.0.0.1\",\"port\":%d}"
        .formatted(number, managed.server(number).port());
  }

  private static boolean running(Path pids) {
    try {
      return Files.readAllLines(pids).stream()
          .map(Long::parseLong)
          .anyMatch(pid -> ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
