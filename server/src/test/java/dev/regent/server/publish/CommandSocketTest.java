package dev.regent.server.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.regent.server.render.Pictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CommandSocketTest {
  private static final String SUBSCRIBE =
      "{\"command\":\"subscribe\",\"args\":{\"to\":\"primary\"}}";
  private static final String CLOSED =
      "out:{\"epoch\":0,\"primary\":null,\"address\":null,\"writes\":\"closed\"}";

  @TempDir private Path temp;
  private RunFolder folder = new RunFolder(Path.of("unset"));
  private final Desk desk = new Desk(Pictures.SPEC);
  private final List<CommandSocket> opened = new ArrayList<>();

  @BeforeEach
  void chooseFolder() {
    folder = new RunFolder(temp.resolve("run"));
  }

  @AfterEach
  void closeAll() {
    opened.forEach(CommandSocket::close);
  }

  @Test
  void onlyItsOwnerMayCome() throws IOException {
    Path socket = open().path();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path())))
        .isEqualTo("rwx------");
  }

  @Test
  void folderThatIsOpenToOthersIsTightened() throws IOException {
    Files.createDirectory(folder.path());
    Files.setPosixFilePermissions(folder.path(), PosixFilePermissions.fromString("rwxr-xr-x"));
    open();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path())))
        .isEqualTo("rwx------");
  }

  @Test
  void secondDaemonIsRefusedAndTheFirstGoesOn() throws IOException {
    Path socket = open().path();
    assertThatThrownBy(this::open)
        .hasMessageContaining(
            "a daemon with pid " + ProcessHandle.current().pid() + " already serves cluster shop");
    assertThat(TestingClient.ask(socket, "{\"command\":\"events\"}")).containsExactly("exit:0");
  }

  @Test
  void socketOfADeadDaemonIsReplaced() throws IOException {
    Path socket = folder.socket("shop");
    open().close();
    // What a killed daemon leaves: a socket nobody listens on, and a lock file nobody holds.
    Files.createFile(socket);
    assertThat(folder.lock("shop")).exists();
    open();
    assertThat(TestingClient.ask(socket, "{\"command\":\"events\"}")).containsExactly("exit:0");
  }

  @Test
  void closedSocketLeavesNothingToConnectTo() throws IOException {
    CommandSocket socket = open();
    socket.close();
    assertThat(socket.path()).doesNotExist();
    assertThat(folder.sockets()).isEmpty();
  }

  @Test
  void tooLongPathIsExplained() {
    folder = new RunFolder(temp.resolve("x".repeat(100)));
    assertThatThrownBy(this::open).hasMessageContaining("choose a shorter run folder");
  }

  @Test
  void mistakesAreAnsweredWithExitCode2() throws IOException {
    Path socket = open().path();
    assertThat(TestingClient.ask(socket, "{\"command\":\"dance\"}"))
        .containsExactly("err:regent: unknown command 'dance'", "exit:2");
    assertThat(TestingClient.ask(socket, "x".repeat(70_000)))
        .containsExactly("err:regent: the request is longer than 65536 bytes", "exit:2");
  }

  @Test
  void subscriberOfThePrimaryHearsThePresentAndEveryChange() throws IOException {
    try (TestingClient client = new TestingClient(open().path())) {
      client.send(SUBSCRIBE);
      assertThat(client.line()).isEqualTo(CLOSED);
      desk.publish(Pictures.routed(7, Pictures.DB1, false));
      assertThat(client.line())
          .isEqualTo(
              "out:{\"epoch\":7,\"primary\":\"db1\",\"address\":\"127.0.0.1:3306\","
                  + "\"writes\":\"open\"}");
      desk.publish(Pictures.routed(7, Pictures.DB1, true));
      assertThat(client.line()).contains("\"writes\":\"held\"");
      desk.publish(Pictures.routed(8, Pictures.DB2, false));
      assertThat(client.line()).contains("\"epoch\":8,\"primary\":\"db2\"");
    }
  }

  @Test
  void slowSubscriberIsCutOffAndTheOthersMissNothing() throws IOException {
    Path socket = open().path();
    try (TestingClient slow = new TestingClient(socket);
        TestingClient quick = new TestingClient(socket)) {
      assertThat(slow.send(SUBSCRIBE).line()).isEqualTo(CLOSED);
      assertThat(quick.send(SUBSCRIBE).line()).isEqualTo(CLOSED);
      int changes = 2_000;
      for (int epoch = 1; epoch <= changes; epoch++) {
        desk.publish(Pictures.routed(epoch, Pictures.DB1, false));
        assertThat(quick.line()).startsWith("out:{\"epoch\":" + epoch + ",");
      }
      assertThat(slow.rest()).hasSizeLessThan(changes);
    }
  }

  @Test
  void connectionsAreBoundedAndThoseWhoHungUpMakeRoom() throws IOException {
    Path socket = open().path();
    List<TestingClient> clients = new ArrayList<>();
    for (int i = 0; i < CommandSocket.CONNECTIONS_MAX; i++) {
      TestingClient client = new TestingClient(socket);
      clients.add(client);
      assertThat(client.send(SUBSCRIBE).line()).isEqualTo(CLOSED);
    }
    assertThat(TestingClient.ask(socket, "{\"command\":\"events\"}"))
        .containsExactly(
            "err:regent: 64 connections are open already; close some and try again", "exit:1");
    clients.getFirst().close();
    await()
        .untilAsserted(() ->
            assertThat(TestingClient.ask(socket, "{\"command\":\"events\"}"))
                .containsExactly("exit:0"));
    for (TestingClient client : clients) {
      client.close();
    }
  }

  @Test
  void stoppingDaemonEndsSubscriptions() throws IOException {
    CommandSocket socket = open();
    try (TestingClient client = new TestingClient(socket.path())) {
      assertThat(client.send(SUBSCRIBE).line()).isEqualTo(CLOSED);
      socket.close();
      assertThat(client.rest()).isEmpty();
    }
  }

  private CommandSocket open() throws IOException {
    Clerk clerk = new Clerk(desk, new TestingOrders(), () -> Pictures.NOW, ZoneOffset.UTC);
    CommandSocket socket = CommandSocket.open(folder, "shop", clerk);
    opened.add(socket);
    return socket;
  }
}
