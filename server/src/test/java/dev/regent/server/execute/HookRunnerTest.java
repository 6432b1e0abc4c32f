package dev.regent.server.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regent.core.model.Endpoint;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Promoting.RunHook;
import dev.regent.core.plan.Promoting.RunHook.Hook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HookRunnerTest {
  private static final ServerId NEW = new ServerId("db2");
  private static final ServerId OLD = new ServerId("db1");

  private static Outcome run(Duration deadline, String... command) {
    HookRunner runner =
        new HookRunner(
            "shop",
            Map.of(Hook.PRE_PROMOTE, List.of(command)),
            Map.of(NEW, new Endpoint("10.0.0.2", 3306)));
    return runner.run(new RunHook(Hook.PRE_PROMOTE, NEW, OLD, 7, deadline));
  }

  private static Outcome run(String... command) {
    return run(Duration.ofSeconds(20), command);
  }

  @Test
  void tellsTheHookWhatItIsAbout(@TempDir Path folder) throws IOException {
    Path seen = folder.resolve("seen");
    assertThat(run("sh", "-c", "cat > " + seen).done()).isTrue();
    assertThat(Files.readString(seen))
        .isEqualTo(
            "{\"hook\":\"pre_promote\",\"cluster\":\"shop\",\"epoch\":7,"
                + "\"server\":{\"name\":\"db2\",\"host\":\"10.0.0.2\",\"port\":3306},"
                + "\"old_primary\":{\"name\":\"db1\"}}");
  }

  @Test
  void hookThatDoesNotReadDoesNotMatter() {
    assertThat(run("true").done()).isTrue();
  }

  @Test
  void failureQuotesTheEndOfTheOutput() {
    assertThat(run("sh", "-c", "seq 100000; echo no quorum >&2; exit 3"))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            f ->
                assertThat(f.reason())
                    .startsWith("hook exit code 3: ")
                    .endsWith("no quorum")
                    .hasSizeLessThan(5000));
  }

  @Test
  void missingProgramIsAFailure() {
    assertThat(run("/nowhere/to/be/found"))
        .isInstanceOfSatisfying(
            Outcome.Failed.class, f -> assertThat(f.reason()).contains("did not start"));
  }

  @Test
  void hookOfAnotherKindIsNoneOfOurs() {
    HookRunner runner = new HookRunner("shop", Map.of(), Map.of());
    assertThat(runner.run(new RunHook(Hook.FENCE, OLD, OLD, 7, Duration.ofSeconds(1))).done())
        .isTrue();
  }

  @Test
  void lateHookIsKilledWithItsDescendants(@TempDir Path folder) throws IOException {
    Path pids = folder.resolve("pids");
    Outcome outcome =
        run(
            Duration.ofSeconds(1),
            "sh",
            "-c",
            "sleep 600 & echo $! > " + pids + "; echo waiting; sleep 600");
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Unknown.class,
            u -> assertThat(u.reason()).contains("killed after 1000 ms").contains("waiting"));
    long child = Long.parseLong(Files.readString(pids).strip());
    await().until(() -> ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty());
  }
}
