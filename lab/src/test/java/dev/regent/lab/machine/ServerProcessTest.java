package dev.regent.lab.machine;

import static dev.regent.lab.machine.ServerProcess.State.FROZEN;
import static dev.regent.lab.machine.ServerProcess.State.GONE;
import static dev.regent.lab.machine.ServerProcess.State.RUNNING;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProcessTest {
  private static final Duration SOON = Duration.ofSeconds(5);

  @TempDir private Path folder;
  private Process child;
  private ServerProcess process;

  @BeforeEach
  void start() throws IOException {
    child = new ProcessBuilder("sleep", "600").start();
    process = ServerProcess.find(child.pid()).orElseThrow();
  }

  @AfterEach
  void end() {
    child.destroyForcibly();
  }

  @Test
  void freezesThawsAndKills() {
    assertThat(process.state()).isEqualTo(RUNNING);
    process.freeze();
    assertThat(process.state()).isEqualTo(FROZEN);
    process.thaw();
    assertThat(Await.holdsWithin(SOON, () -> process.state() == RUNNING)).isTrue();
    process.kill();
    assertThat(process.awaitGone(SOON)).isTrue();
    assertThat(process.state()).isEqualTo(GONE);
  }

  @Test
  void killReachesFrozenProcess() {
    process.freeze();
    process.kill();
    assertThat(process.awaitGone(SOON)).isTrue();
  }

  @Test
  void terminates() {
    process.terminate();
    assertThat(process.awaitGone(SOON)).isTrue();
  }

  @Test
  void anotherProcessWithTheSameNumberIsNotTouched() {
    ServerProcess former = new ServerProcess(process.pid(), process.startTicks() - 1);
    assertThat(former.state()).isEqualTo(GONE);
    former.kill();
    former.freeze();
    assertThat(process.state()).isEqualTo(RUNNING);
  }

  @Test
  void isFoundAgainByItsFile() throws IOException {
    Path file = folder.resolve("process");
    process.save(file);
    assertThat(ServerProcess.load(file)).contains(process);
    Files.writeString(file, "nonsense");
    assertThat(ServerProcess.load(file)).isEmpty();
    assertThat(ServerProcess.load(folder.resolve("none"))).isEmpty();
  }
}
