package dev.regent.server.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.regent.core.control.ControlStore.StoreException;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoreLockTest {
  @TempDir Path temp;

  @Test
  void aSecondManagerInThisProcessIsRefusedAndTheFirstGoesOn() throws Exception {
    try (LocalStore first = LocalStore.open(temp)) {
      assertThatThrownBy(() -> LocalStore.open(temp))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("another manager uses " + temp)
          .hasMessageContaining("this process " + ProcessHandle.current().pid());
      first.append(Stories.office());
      assertThat(otherProcess().exitCode).as("the first still holds its lock").isEqualTo(3);
    }
    try (LocalStore next = LocalStore.open(temp)) {
      assertThat(next.state().incarnation()).isEqualTo(1);
    }
  }

  @Test
  void aManagerInAnotherProcessIsNamed() throws Exception {
    try (LocalStore first = LocalStore.open(temp)) {
      first.append(Stories.office());
      Said said = otherProcess();
      assertThat(said.exitCode).isEqualTo(3);
      assertThat(said.words)
          .contains("another manager uses " + temp)
          .contains("process " + ProcessHandle.current().pid() + " since 2")
          .contains("stop that one first, or give this one a state_dir of its own");
    }
    assertThat(otherProcess().exitCode).as("free again").isZero();
  }

  @Test
  void theLockOfAKilledManagerIsFree() throws Exception {
    Process holder = start("hold");
    try (BufferedReader out = holder.inputReader(UTF_8)) {
      assertThat(out.readLine()).isEqualTo("open");
      assertThatThrownBy(() -> LocalStore.open(temp))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("process " + holder.pid() + " since ");
    } finally {
      holder.destroyForcibly().waitFor();
    }
    LocalStore.open(temp).close();
  }

  private record Said(int exitCode, String words) {}

  private Said otherProcess() throws Exception {
    Process process = start("try");
    String words = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Said(process.exitValue(), words);
  }

  private Process start(String what) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            OtherManager.class.getName(),
            temp.toString(),
            what)
        .redirectErrorStream(true)
        .start();
  }

  /**
   * A manager of its own process: opens the store, and with "hold" keeps it until the test ends.
   */
  static final class OtherManager {
    private OtherManager() {}

    public static void main(String[] arguments) throws Exception {
      try (LocalStore store = LocalStore.open(Path.of(arguments[0]))) {
        System.out.println("open");
        if (arguments[1].equals("hold")) {
          assertThat(System.in.read()).as("the test ends").isNegative();
        }
        System.out.println(store.state().incarnation());
      } catch (StoreException e) {
        System.out.println(e.getMessage());
        System.exit(3);
      }
    }
  }
}
