package dev.regent.server.maxadmin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.regent.core.control.Reply;
import dev.regent.server.publish.Desk;
import dev.regent.server.render.Pictures;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client that is as simple as the old one: it writes, and reads until the answer's end. */
final class AdminPortTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private final AdminSessions sessions = new AdminSessions();
  private final AdminSettings settings = new AdminSettings("127.0.0.1", 0, "admin", "mariadb");
  private final Desk shown = new Desk(Pictures.SPEC);
  private final AdminDesk desk =
      new AdminDesk(
          shown,
          c -> CompletableFuture.completedFuture(new Reply(Reply.Result.DONE, "done", List.of())),
          sessions,
          false);
  private AdminPort port = open();

  private AdminPort open() {
    try {
      return AdminPort.open(settings, desk, sessions);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void show() {
    shown.show(Pictures.healthy().take());
  }

  @AfterEach
  void close() throws IOException {
    port.close();
  }

  /** One end of a session. */
  private final class Client implements AutoCloseable {
    private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), port.port());

    Client() throws IOException {
      socket.setSoTimeout((int) PATIENCE.toMillis());
    }

    String read(int length) throws IOException {
      return new String(socket.getInputStream().readNBytes(length), UTF_8);
    }

    void send(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(UTF_8));
    }

    String logIn(String user, String password) throws IOException {
      assertThat(read(4)).isEqualTo("USER");
      send(user);
      assertThat(read(8)).isEqualTo("PASSWORD");
      send(password);
      return read(6);
    }

    String ask(String command) throws IOException {
      send(command);
      StringBuilder answer = new StringBuilder();
      while (!answer.toString().endsWith("\nOK") && !answer.toString().equals("OK")) {
        String more = read(1);
        if (more.isEmpty()) {
          return answer + "(cut off)";
        }
        answer.append(more);
      }
      return answer.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void oldClientLogsInAndAsks() throws IOException {
    try (Client client = new Client()) {
      assertThat(client.logIn("admin", "mariadb")).isEqualTo("OK----");
      assertThat(client.ask("show servers"))
          .startsWith("Server 0x1b1f440 (db1)\n\tServer:\t\t\t\t127.0.0.1\n")
          .endsWith("\tCurrent no. of operations:\t0\nOK");
      assertThat(client.ask("set server db3 maintenance\n")).isEqualTo("OK");
      assertThat(client.ask("nonsense")).contains("not known").endsWith("\nOK");
      assertThat(client.ask("list sessions")).contains("| 127.0.0.1       | CLI ");
    }
    await().atMost(PATIENCE).until(() -> sessions.open().isEmpty());
  }

  @Test
  void wrongPasswordOrUserFailsAndTheSessionEnds() throws IOException {
    for (List<String> wrong :
        List.of(
            List.of("admin", "Mariadb"), List.of("root", "mariadb"), List.of("admin", "maria"))) {
      try (Client client = new Client()) {
        assertThat(client.logIn(wrong.getFirst(), wrong.getLast())).isEqualTo("FAILED");
        assertThat(client.read(1)).isEmpty();
      }
    }
    assertThat(sessions.total()).isZero();
  }

  @Test
  void nothingIsAnsweredBeforeTheLogin() throws IOException {
    try (Client client = new Client()) {
      assertThat(client.read(4)).isEqualTo("USER");
      client.send("show servers");
      assertThat(client.read(8)).isEqualTo("PASSWORD");
      client.send("show servers");
      assertThat(client.read(6)).isEqualTo("FAILED");
    }
  }

  @Test
  void tooLongAMessageEndsTheSession() throws IOException {
    try (Client client = new Client()) {
      client.logIn("admin", "mariadb");
      assertThat(client.ask("x".repeat(10_000))).endsWith("(cut off)");
    } catch (IOException e) {
      // It may be reset before it is read to its end: over is over.
      assertThat(e).hasMessageContaining("reset");
    }
    await().atMost(PATIENCE).until(() -> sessions.open().isEmpty());
  }

  @Test
  void sessionsAreBounded() throws IOException {
    List<Client> clients = new ArrayList<>();
    try {
      for (int i = 0; i < AdminPort.SESSIONS_MAX; i++) {
        Client client = new Client();
        clients.add(client);
        client.logIn("admin", "mariadb");
      }
      try (Client oneTooMany = new Client()) {
        assertThat(oneTooMany.read(1)).isEmpty();
      }
      clients.getFirst().close();
      await()
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(() -> {
            try (Client again = new Client()) {
              return again.read(4).equals("USER");
            }
          });
    } finally {
      for (Client client : clients) {
        client.close();
      }
    }
  }

  @Test
  void portThatIsTakenIsNamed() {
    AdminSettings same = new AdminSettings("127.0.0.1", port.port(), "admin", "mariadb");
    assertThatThrownBy(() -> AdminPort.open(same, desk, new AdminSessions()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot listen at 127.0.0.1:" + port.port());
    assertThat(same.toString()).doesNotContain("mariadb");
  }
}
