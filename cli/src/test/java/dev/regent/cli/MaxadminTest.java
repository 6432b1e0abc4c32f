package dev.regent.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.control.Command;
import dev.regent.core.model.ServerId;
import dev.regent.server.maxadmin.AdminDesk;
import dev.regent.server.maxadmin.AdminPort;
import dev.regent.server.maxadmin.AdminSessions;
import dev.regent.server.maxadmin.AdminSettings;
import dev.regent.server.publish.RunFolder;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code maxadmin} over the daemon's own socket, and over its port. */
final class MaxadminTest {
  private static final String TABLE =
      "---------------------+---------------------\nMonitor              | Status\n";

  @TempDir private Path temp;
  private int port;

  @BeforeEach
  void findAPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
  }

  private TestingDaemon daemon() throws IOException {
    return new TestingDaemon(new RunFolder(temp.resolve("regent")), "shop");
  }

  private AdminPort port(TestingDaemon daemon) throws IOException {
    AdminSessions sessions = new AdminSessions();
    AdminDesk desk = new AdminDesk(daemon.desk, c -> new CompletableFuture<>(), sessions, false);
    return AdminPort.open(new AdminSettings("127.0.0.1", port, "admin", "mariadb"), desk, sessions);
  }

  private Shell shell(String... variables) {
    Map<String, String> environment =
        variables.length == 0
            ? Map.of("XDG_RUNTIME_DIR", temp.toString())
            : Map.of("XDG_RUNTIME_DIR", temp.toString(), variables[0], variables[1]);
    return new Shell(temp, environment);
  }

  @Test
  void overTheDaemonsOwnSocketNoPasswordIsAsked() throws IOException {
    try (TestingDaemon daemon = daemon()) {
      Shell.Ran ran = shell().run("maxadmin", "-pwhatever", "list monitors");
      assertThat(ran.exit()).isZero();
      assertThat(ran.out()).startsWith(TABLE).contains("\nshop                 | Running\n");
      assertThat(shell().run("maxadmin", "list", "monitors").out()).isEqualTo(ran.out());
      String path = daemon.path().toString();
      assertThat(shell().run("maxadmin", "-S", path, "list monitors").out()).isEqualTo(ran.out());
    }
  }

  @Test
  void ordersGoToTheDaemonAndItsExitCodeComesBack() throws IOException {
    try (TestingDaemon daemon = daemon()) {
      assertThat(shell().run("maxadmin", "set", "server", "db1", "maintenance").exit()).isZero();
      assertThat(daemon.ordered)
          .singleElement()
          .isInstanceOfSatisfying(
              Command.BeginMaintenance.class,
              c -> assertThat(c.server()).isEqualTo(new ServerId("db1")));
      Shell.Ran wrong = shell().run("maxadmin", "set server db9 maintenance");
      assertThat(wrong.exit()).isEqualTo(2);
      assertThat(wrong.out()).isEqualTo("Invalid argument: db9; the servers are db1\n");
    }
  }

  @Test
  void interactiveAndFromAFile() throws IOException {
    try (TestingDaemon daemon = daemon()) {
      Shell.Ran typed = shell().onTerminal("list monitors\n\nquit\nhelp", "maxadmin");
      assertThat(typed.exit()).isZero();
      assertThat(typed.out())
          .startsWith("MaxScale> ---------------------+")
          .endsWith("MaxScale> MaxScale> ");
      Path file = Files.writeString(temp.resolve("commands"), "# what is there\nlist monitors\n");
      assertThat(shell().run("maxadmin", file.toString()).out()).startsWith(TABLE);
      assertThat(daemon.ordered).isEmpty();
    }
  }

  @Test
  void overThePort() throws IOException {
    try (TestingDaemon daemon = daemon();
        AdminPort open = port(daemon)) {
      assertThat(open).isNotNull();
      String[] where = {
        "maxadmin", "-h", "127.0.0.1", "-P", "" + port, "-pmariadb", "list monitors"
      };
      assertThat(shell().run(where).out()).startsWith(TABLE);
      String[] plain = {"maxadmin", "-P", "" + port, "list", "monitors"};
      assertThat(shell("REGENT_MAXADMIN_PASSWORD", "mariadb").run(plain).out()).startsWith(TABLE);

      Shell.Ran refused = shell("REGENT_MAXADMIN_PASSWORD", "hunter2").run(plain);
      assertThat(refused.exit()).isEqualTo(3);
      assertThat(refused.err())
          .contains("refuses user 'admin' or the password")
          .doesNotContain("hunter2");
    }
  }

  @Test
  void nobodyThereIsExitCode1AndSaysWhatToDo() {
    Shell.Ran ran = shell().run("maxadmin", "-P", "" + port, "-pmariadb", "show servers");
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err())
        .contains("nobody answers maxadmin at localhost:" + port, "[maxadmin] port");
    assertThat(shell().run("maxadmin", "-S", "/nowhere.sock", "help").exit()).isEqualTo(1);
  }

  /** Whatever speaks there, it is not asked for long. */
  @Test
  void anotherProtocolIsNoticed() throws IOException {
    try (ServerSocket other = new ServerSocket(port)) {
      Thread.ofVirtual()
          .name("other")
          .start(() -> {
            try (var client = other.accept()) {
              client.getOutputStream().write("SSH-2.0-x".getBytes(UTF_8));
            } catch (IOException e) {
              // The test looks at what the command made of it.
              return;
            }
          });
      Shell.Ran ran = shell().run("maxadmin", "-P", "" + port, "-pmariadb", "help");
      assertThat(ran.exit()).isEqualTo(1);
      assertThat(ran.err()).contains("it says 'SSH-' where maxadmin's protocol says USER");
    }
  }
}
