package dev.regent.server.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.control.Command;
import dev.regent.core.control.Event;
import dev.regent.core.control.Reply;
import dev.regent.core.model.Observation;
import dev.regent.server.render.Pictures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each request of the socket is answered with, over a real socket. */
final class ClerkTest {
  private final Desk desk = new Desk(Pictures.SPEC);
  private final TestingOrders orders = new TestingOrders();
  private final String user = System.getProperty("user.name");
  @TempDir private Path temp;
  private Optional<CommandSocket> socket = Optional.empty();

  @BeforeEach
  void open() throws IOException {
    Clerk clerk = new Clerk(desk, orders, () -> Pictures.page().now(), ZoneOffset.UTC);
    socket = Optional.of(CommandSocket.open(new RunFolder(temp.resolve("run")), "shop", clerk));
  }

  @AfterEach
  void close() {
    socket.ifPresent(CommandSocket::close);
  }

  @Test
  void statusShowsTheLastPicture() throws IOException {
    desk.show(Pictures.healthy().take());
    assertThat(ask("status", ""))
        .startsWith("out:shop: healthy, profile safe, epoch 7")
        .endsWith("exit:0");
    assertThat(ask("status", "\"json\":true").getFirst()).startsWith("out:{\"cluster\":\"shop\"");
  }

  @Test
  void statusChecksOnlyIfAsked() throws IOException {
    desk.show(
        Pictures.healthy()
            .missed(Pictures.DB1, Observation.Kind.REFUSED, Duration.ofSeconds(1))
            .diagnosed(new Diagnosis.ClusterDown(List.of(Pictures.DB1)))
            .take());
    assertThat(ask("status", "")).endsWith("exit:0");
    assertThat(ask("status", "\"check\":true")).endsWith("exit:3");
  }

  @Test
  void statusBeforeTheFirstPictureSaysSo() throws IOException {
    assertThat(ask("status", ""))
        .containsExactly(
            "err:regent: the daemon of cluster shop has just started and has seen no server yet;"
                + " ask again in a second",
            "exit:0");
    assertThat(ask("status", "\"check\":true")).endsWith("exit:3");
  }

  @Test
  void ordersGoToTheControlLoopWithTheNameOfWhoAsked() throws Exception {
    ask("failover", "\"to\":\"db2\",\"force\":true");
    assertThat(orders.next().command())
        .isEqualTo(new Command.FailOver(user, Optional.of(Pictures.DB2), true, false));
    ask("plan", "\"what\":\"switchover\"");
    assertThat(orders.next().command())
        .isEqualTo(new Command.SwitchOver(user, Optional.empty(), false, true));
    ask("rejoin", "\"server\":\"db3\",\"dryRun\":true");
    assertThat(orders.next().command()).isEqualTo(new Command.Rejoin(user, Pictures.DB3, true));
    ask("pause", "\"reason\":\"network works\"");
    assertThat(orders.next().command()).isEqualTo(new Command.PauseCluster(user, "network works"));
    ask("resume", "");
    assertThat(orders.next().command()).isEqualTo(new Command.ResumeCluster(user));
    ask("maintenance", "\"do\":\"begin\",\"server\":\"db2\",\"reason\":\"disk\"");
    assertThat(orders.next().command())
        .isEqualTo(new Command.BeginMaintenance(user, Pictures.DB2, "disk"));
    ask("maintenance", "\"do\":\"end\",\"server\":\"db2\"");
    assertThat(orders.next().command()).isEqualTo(new Command.EndMaintenance(user, Pictures.DB2));
  }

  @Test
  void resultOfAnOrderIsItsExitCode() throws IOException {
    orders.answer(new Reply(Reply.Result.PLANNED, "would promote db2", List.of("stop db2\nSQL")));
    assertThat(ask("plan", "\"what\":\"failover\""))
        .containsExactly("out:would promote db2", "out:stop db2", "out:SQL", "exit:0");
    orders.answer(new Reply(Reply.Result.HELD, "db3 is missing", List.of()));
    assertThat(ask("failover", "")).containsExactly("err:db3 is missing", "exit:3");
    orders.answer(new Reply(Reply.Result.FAILED, "db2 did not open", List.of()));
    assertThat(ask("switchover", "")).containsExactly("err:db2 did not open", "exit:4");
  }

  @Test
  void whoeverOrdersARoleChangeWatchesIt() throws Exception {
    orders.wait(true);
    try (TestingClient client = new TestingClient(path())) {
      client.send("{\"command\":\"switchover\"}");
      TestingOrders.Taken order = orders.next();
      tell(new Event.PlanOpened(1, 5, "switchover", "move the role to db2", false));
      tell(new Event.Contact(2, Pictures.DB3, true, ""));
      assertThat(client.line()).isEqualTo("out:plan 5 begins (switchover): move the role to db2");
      order
          .reply()
          .complete(new Reply(Reply.Result.DONE, "db2 is primary", List.of("freeze db1: done")));
      assertThat(client.rest()).containsExactly("out:db2 is primary", "exit:0");
    }
  }

  @Test
  void orderThatTheStoppingDaemonLosesIsCalledSo() throws Exception {
    orders.wait(true);
    try (TestingClient client = new TestingClient(path())) {
      client.send("{\"command\":\"switchover\"}");
      orders.next().reply().completeExceptionally(new IllegalStateException("stopped"));
      assertThat(client.rest()).hasSize(2).last().isEqualTo("exit:1");
    }
  }

  @Test
  void strangeServersAreNamedBeforeAnythingIsOrdered() throws IOException {
    assertThat(ask("failover", "\"to\":\"db9\""))
        .containsExactly(
            "err:regent: cluster shop has no server db9; it has db1, db2, db3", "exit:2");
    assertThat(ask("rejoin", "")).containsExactly("err:regent: name the server", "exit:2");
  }

  @Test
  void eventsAreListedAndFollowed() throws IOException {
    tell(new Event.Trouble(0, "first"));
    tell(new Event.Trouble(1, "second"));
    assertThat(ask("events", "\"last\":1"))
        .containsExactly("out:1970-01-01 00:00:00.001  critical  second", "exit:0");
    try (TestingClient client = new TestingClient(path())) {
      client.send(request("events", "\"last\":1,\"follow\":true"));
      assertThat(client.line()).endsWith("second");
      tell(new Event.Trouble(2, "third"));
      assertThat(client.line()).endsWith("third");
    }
  }

  @Test
  void subscriberOfEventsGetsTheLinesOfTheTrail() throws IOException {
    tell(new Event.Trouble(0, "before"));
    try (TestingClient client = new TestingClient(path())) {
      client.send(request("subscribe", "\"to\":\"events\""));
      CompletableFuture<String> line = new CompletableFuture<>();
      Thread.ofVirtual().name("subscriber").start(() -> line.complete(quietly(client)));
      // Nothing says when the subscription has begun.
      await()
          .until(() -> {
            tell(new Event.Trouble(1, "after"));
            return line.isDone();
          });
      assertThat(line.join()).startsWith("out:{\"time\":").contains("after");
    }
  }

  private static String quietly(TestingClient client) {
    try {
      return client.line();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void tell(Event event) {
    desk.tell(Pictures.told(event).json());
  }

  private List<String> ask(String command, String args) throws IOException {
    return TestingClient.ask(path(), request(command, args));
  }

  private static String request(String command, String args) {
    return "{\"command\":\"" + command + "\",\"args\":{" + args + "}}";
  }

  private Path path() {
    return socket.orElseThrow().path();
  }
}
