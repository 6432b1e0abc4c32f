package dev.regent.lab.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Receiving.Examine;
import dev.regent.core.plan.Receiving.StopReceiving;
import dev.regent.lab.cluster.ClusterExtension;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.fault.TcpRelay;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two managers, or one that meets its own ghost: only the newest may change anything. */
@Tag("real")
class OfficeTest {
  static final String HOLDER = "SELECT IS_USED_LOCK('regent/lab')";

  @RegisterExtension
  final ClusterExtension lab = ClusterExtension.with(LabOptions.of(2).withSemiSync());

  @Test
  void olderManagerIsDeposedAndChangesNothingMore() {
    LabServer replica = lab.server(2);
    try (Hands older = Hands.on(lab.cluster(), "older", 1);
        Hands newer = Hands.on(lab.cluster(), "newer", 2)) {
      older.done(new StopReceiving(Hands.id(replica), "", Hands.LIMIT));
      String first = replica.value(HOLDER);

      newer.done(Hands.follow(replica, lab.server(1), Hands.LIMIT));
      assertThat(replica.value(HOLDER)).isNotEqualTo(first);

      assertThat(older.failed(new StopReceiving(Hands.id(replica), "", Hands.LIMIT)))
          .contains("manager newer (epoch 1, incarnation 2)");
      assertThat(Orders.status(replica, "Slave_IO_Running")).isEqualTo("Yes");
      assertThat(older.alarms()).singleElement().asString().startsWith("kept out of server2");
      newer.done(new StopReceiving(Hands.id(replica), "", Hands.LIMIT));
    }
  }

  /** On its way to the server, as in a long pause of its manager, who is deposed meanwhile. */
  @Test
  void changeOfADeposedManagerThatArrivesLateComesToNothing() throws IOException {
    LabServer replica = lab.server(2);
    StopReceiving stop = new StopReceiving(Hands.id(replica), "", Hands.LIMIT);
    try (TcpRelay path = TcpRelay.to(replica.port());
        Hands older = Hands.through(path.port(), replica, lab.cluster(), "older", 1);
        Hands newer = Hands.on(lab.cluster(), "newer", 2)) {
      older.done(stop);
      newer.done(Hands.follow(replica, lab.server(1), Hands.LIMIT));
      path.drop();
      CompletableFuture<Outcome> late = older.start(stop);
      newer.done(new Examine(Hands.id(replica)));
      path.pass();

      assertThat(late.join()).isInstanceOf(Outcome.Failed.class);
      assertThat(Orders.status(replica, "Slave_IO_Running")).isEqualTo("Yes");
    }
  }

  @Test
  void managersWithTheSameNumbersDoNotTakeEachOtherForThemselves() {
    LabServer replica = lab.server(2);
    StopReceiving stop = new StopReceiving(Hands.id(replica), "", Hands.LIMIT);
    try (Hands one = Hands.on(lab.cluster(), "one", 1);
        Hands other = Hands.on(lab.cluster(), "other", 1)) {
      one.done(stop);
      assertThat(other.failed(stop)).contains("manager one");
      one.done(stop);
    }
  }

  @Test
  void managerGetsRidOfItsOwnGhost() throws IOException {
    LabServer replica = lab.server(2);
    StopReceiving stop = new StopReceiving(Hands.id(replica), "", Duration.ofSeconds(2));
    try (TcpRelay path = TcpRelay.to(replica.port());
        Hands hands = Hands.through(path.port(), replica, lab.cluster(), "the-manager", 1)) {
      hands.done(stop);
      String ghost = replica.value(HOLDER);

      // The server is told nothing of the end of the connection and keeps the lock for it.
      path.drop();
      assertThat(hands.run(stop)).isInstanceOf(Outcome.Failed.class);
      assertThat(replica.value(HOLDER)).isEqualTo(ghost);
      path.pass();

      await().until(() -> hands.run(stop).done());
      assertThat(replica.value(HOLDER)).isNotEqualTo(ghost);
    }
  }

  @Test
  void officeIsTakenWhileCommitsHangAndOnAReadOnlyServer() throws Exception {
    LabServer primary = lab.server(1);
    lab.server(2).execute("STOP SLAVE");
    try (Connection app = primary.connect(lab.cluster().accounts().app())) {
      var hanging = commit(app);
      await().until(() -> waiting(primary) > 0);
      try (Hands hands = Hands.on(lab.cluster())) {
        // Needs office; refused for its own reason, which shows that office was there.
        assertThat(hands.failed(new StopReceiving(Hands.id(primary), "", Hands.LIMIT)))
            .contains("does not exist");
        hands.done(new StopReceiving(Hands.id(lab.server(2)), "", Hands.LIMIT));
      }
      assertThat(hanging).isNotDone();
      lab.server(2).execute("START SLAVE");
      assertThat(hanging.get()).isTrue();
    }
    // The fence is no transaction of anybody's.
    assertThat(lab.server(2).value("SELECT @@gtid_binlog_state")).doesNotContain("-2-");
  }

  static CompletableFuture<Boolean> commit(Connection app) {
    return commit(app, 77);
  }

  static CompletableFuture<Boolean> commit(Connection app, int id) {
    var result = new CompletableFuture<Boolean>();
    Thread.ofVirtual()
        .name("hanging-commit")
        .start(() -> {
          try (var statement = app.createStatement()) {
            statement.execute("INSERT INTO shop.orders VALUES (" + id + ", 1, 1, 'x')");
            result.complete(true);
          } catch (SQLException e) {
            result.complete(false);
          }
        });
    return result;
  }

  static long waiting(LabServer primary) {
    return Long.parseLong(
        primary.value(
            "SELECT COUNT(*) FROM information_schema.PROCESSLIST"
                + " WHERE STATE LIKE 'Waiting for semi-sync ACK%'"));
  }
}
