package dev.regent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.server.front.Counter;
import dev.regent.server.publish.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The proxy's commands end to end, in front of a proxy that is a fake. */
final class FrontCommandsTest {
  @TempDir private Path temp;

  @Test
  void sessionsAreATable() throws IOException {
    Shell.Ran ran = ask("sessions");
    assertThat(ran.exit()).isZero();
    assertThat(ran.out().lines())
        .containsExactly(
            "ID          CLIENT         USER  LISTENER        SERVER  STATE                  FOR   "
                + " TRANSACTION  PINNED",
            "2147483648  10.0.0.9:5000  app   127.0.0.1:3307  db1     executing              0.3 s "
                + " 61.0 s       named locks",
            "2147483649  10.0.0.9:5001  app   127.0.0.1:3307  -       waiting for a primary  2.0 s "
                + " -            -",
            "2 sessions");
  }

  @Test
  void sessionsAreJson() throws IOException {
    assertThat(ask("sessions", "--json").out())
        .contains(
            "\"id\" : 2147483648",
            "\"thread\" : 77",
            "\"transactionSeconds\" : 61.0",
            "\"waitingSeconds\" : 2.0",
            "\"waitingSeconds\" : null",
            "\"pinnedBecause\" : \"named locks\"");
  }

  @Test
  void killTellsWhatBecameOfIt() throws IOException {
    assertThat(ask("kill", "2147483648").out()).isEqualTo("ended\n");
    assertThat(ask("kill", "2147483648", "--query").out()).isEqualTo("stopped\n");
    assertThat(ask("kill", "2147483649").exit()).isEqualTo(3);
    assertThat(ask("kill", "5").exit()).isEqualTo(2);
    assertThat(ask("kill", "db1").err()).contains("'db1' is no session's ID");
    assertThat(ask("kill").exit()).isEqualTo(2);
  }

  @Test
  void drainTellsWhatBecameOfIt() throws IOException {
    assertThat(ask("drain", "3307").out()).isEqualTo("3307 takes no more clients\n");
    assertThat(ask("drain", "3307", "--undo").out()).isEqualTo("3307 takes clients again\n");
    assertThat(ask("drain", "taken").exit()).isEqualTo(4);
    assertThat(ask("drain", "taken").err()).contains("cannot listen at");
  }

  @Test
  void daemonWithoutProxySaysWhatToDo() throws IOException {
    try (TestingDaemon daemon = daemon(Optional.empty())) {
      for (String[] words :
          new String[][] {{"sessions"}, {"kill", "2147483648"}, {"drain", "db1"}}) {
        Shell.Ran ran = shell(daemon).run(words);
        assertThat(ran.exit()).isEqualTo(2);
        assertThat(ran.err()).contains("has no proxy: write a [[listener]]");
      }
    }
  }

  private Shell.Ran ask(String... words) throws IOException {
    try (TestingDaemon daemon = daemon(Optional.of(new TestingCounter()))) {
      return shell(daemon).run(words);
    }
  }

  private TestingDaemon daemon(Optional<Counter> counter) throws IOException {
    return new TestingDaemon(new RunFolder(temp.resolve("run")), "shop", counter);
  }

  private Shell shell(TestingDaemon daemon) {
    return new Shell(temp, Map.of("REGENT_SOCKET", daemon.path().toString()));
  }
}
