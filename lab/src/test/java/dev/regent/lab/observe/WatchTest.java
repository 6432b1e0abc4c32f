package dev.regent.lab.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regent.core.model.Channel;
import dev.regent.core.model.Moment;
import dev.regent.core.model.Observation;
import dev.regent.core.model.Observation.Kind;
import dev.regent.core.model.Observation.Missed;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerFacts.SemiSyncStatus;
import dev.regent.lab.cluster.Accounts.Account;
import dev.regent.lab.cluster.ClusterExtension;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.cluster.Sql;
import dev.regent.lab.fault.StatementRelay;
import dev.regent.lab.fault.TcpRelay;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("real")
class WatchTest {
  /** Several probes' time. */
  private static final Duration LONG = Watching.TIMEOUT.multipliedBy(4);

  @RegisterExtension
  final ClusterExtension lab = ClusterExtension.with(LabOptions.of(2).withSemiSync());

  private Watching watch(int number) {
    return new Watching(lab.server(number).port(), lab.cluster().accounts().regent());
  }

  @Test
  void readsWhatPrimaryAndReplicaSayAboutThemselves() {
    try (Watching primary = watch(1);
        Watching replica = watch(2)) {
      primary.asPrimary();
      ServerFacts first = primary.awaitFacts(f -> f.semiSyncStatus().isPresent());
      assertThat(first.serverId()).isEqualTo(1);
      assertThat(first.version()).startsWith("11.4.5");
      assertThat(first.readOnly()).isFalse();
      assertThat(first.binaryLog().strict()).isTrue();
      assertThat(first.binaryLog().format()).isEqualTo("ROW");
      assertThat(first.semiSync().endlessAfterSync()).isTrue();
      assertThat(first.semiSyncStatus().orElseThrow().clients()).isEqualTo(1);
      assertThat(first.channels()).isEmpty();
      assertThat(first.cannotWrite()).isEmpty();

      ServerFacts second = replica.awaitSeen();
      assertThat(second.readOnly()).isTrue();
      assertThat(second.parallelThreads()).isEqualTo(4);
      assertThat(second.semiSyncStatus()).isEmpty();
      Channel channel = second.soleChannel().orElseThrow();
      assertThat(channel.running()).isTrue();
      assertThat(channel.usesGtid()).isTrue();
      assertThat(channel.source().port()).isEqualTo(lab.server(1).port());
      assertThat(channel.received()).isEqualTo(first.binlogPosition());
      assertThat(channel.heartbeatPeriod()).isPositive();
      // Looking leaves no trace.
      assertThat(second.binlogState()).isEqualTo(first.binlogState());
    }
  }

  /** Also who stops in the middle of a probe, which then connects anew. */
  @Test
  void whoStopsLeavesNoConnection() {
    List<Watching> all = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Watching watching = watch(1);
      all.add(watching);
      watching.awaitSeen();
      watching.probeNow();
      LockSupport.parkNanos(i * 50_000L);
      watching.close();
    }
    await()
        .untilAsserted(
            () -> assertThat(all).allSatisfy(w -> assertThat(w.connections()).isEmpty()));
  }

  @Test
  void crashIsToldByTheHeldConnectionAndThenRefused() {
    LabServer server = lab.server(1);
    try (Watching watching = watch(1).awaitSettled()) {
      long killed = server.kill();

      await().until(() -> !watching.losses().isEmpty());
      watching.probeNow();
      assertThat(Duration.ofNanos(watching.losses().getFirst() - killed))
          .isLessThan(Duration.ofSeconds(2));
      await().until(() -> last(watching) == Kind.REFUSED);

      server.start().awaitReady();
      watching.anew().awaitSettled();
      server.kill();
      await().until(() -> watching.losses().size() == 2);
    }
  }

  @Test
  void orderlyShutdownIsACrashToTheWatcher() {
    try (Watching watching = watch(1).awaitSettled()) {
      lab.server(1).stop();
      await().until(() -> last(watching) == Kind.REFUSED);
      assertThat(watching.losses()).hasSize(1);
      assertThat(missed(watching)).allMatch(m -> m.kind().crash());
    }
  }

  @Test
  void frozenServerIsMissedInTimeAndNotFlooded() {
    LabServer server = lab.server(1);
    try (Watching watching = watch(1).awaitSettled()) {
      long connections = connections(server);
      server.freeze();
      watching.anew();
      await().atMost(Duration.ofSeconds(30)).until(() -> missed(watching).size() >= 8);
      List<Missed> misses = missed(watching);
      server.thaw();

      assertThat(misses).allMatch(m -> m.kind() == Kind.TIMEOUT);
      for (int i = 1; i < 8; i++) {
        assertThat(misses.get(i).at().since(misses.get(i - 1).at()))
            .isLessThan(Watching.TIMEOUT.multipliedBy(3));
      }
      watching.anew().awaitSeen();
      // Eight misses: attempts of 1, 2, 4 time-outs and one more; and this test's own questions.
      assertThat(connections(server) - connections).isLessThanOrEqualTo(8);
      assertThat(watching.losses()).isEmpty();
    }
  }

  @Test
  void cutPathIsSilenceAndHealsByItself() throws IOException {
    try (TcpRelay path = TcpRelay.to(lab.server(1).port());
        Watching watching = new Watching(path.port(), lab.cluster().accounts().regent())) {
      watching.awaitSettled();
      path.drop();
      await().until(() -> last(watching) == Kind.TIMEOUT);
      path.pass();
      watching.anew().awaitSeen();

      path.reset();
      await().until(() -> last(watching) == Kind.RESET);
      path.pass();
      watching.anew().awaitSeen();
    }
  }

  @Test
  void killedProbeIsNoMiss() {
    LabServer server = lab.server(1);
    try (Watching watching = watch(1).awaitSettled()) {
      for (long id : watching.connections()) {
        server.execute("KILL " + id);
      }
      await().until(() -> watching.losses().size() == 1);
      watching.anew().awaitSettled();
      assertThat(missed(watching)).isEmpty();
    }
  }

  @Test
  void wrongPasswordProvesLife() {
    Account changed = new Account("regent", "not-the-password");
    try (Watching watching = new Watching(lab.server(1).port(), changed)) {
      Missed missed = watching.awaitMissed();
      assertThat(missed.kind()).isEqualTo(Kind.AUTH);
      assertThat(missed.detail()).contains("Access denied").doesNotContain("not-the-password");
    }
  }

  @Test
  void fullServerIsStillWatchedAndTurnsNewcomersAway() throws SQLException {
    LabServer server = lab.server(1);
    Account regent = lab.cluster().accounts().regent();
    List<Connection> crowd = new ArrayList<>();
    try (Watching watching = watch(1).awaitSettled()) {
      server.execute("SET GLOBAL max_connections=10");
      fill(server, regent, crowd);

      watching.anew().awaitSeen();
      try (Watching late = new Watching(server.port(), regent)) {
        assertThat(late.awaitMissed().kind()).isEqualTo(Kind.TOO_MANY_CONNECTIONS);
      }
      assertThat(missed(watching)).isEmpty();
    } finally {
      for (Connection connection : crowd) {
        connection.close();
      }
    }
  }

  private static void fill(LabServer server, Account account, List<Connection> crowd) {
    for (int i = 0; i < 20; i++) {
      try {
        crowd.add(server.connect(account));
      } catch (SQLException e) {
        return;
      }
    }
  }

  @Test
  void primaryThatCannotWriteIsSeenAndSaysSo() throws SQLException {
    LabServer server = lab.server(1);
    try (Watching watching = watch(1);
        Connection stuck = server.connect(lab.cluster().accounts().regent())) {
      watching.asPrimary();
      String table = "SELECT 1 FROM information_schema.TABLES WHERE TABLE_NAME='pulse'";
      await().until(() -> !server.rows(table).isEmpty());
      String log = server.value("SELECT @@gtid_binlog_state");

      Sql.execute(stuck, "FLUSH TABLES WITH READ LOCK");
      watching.anew().awaitFacts(f -> f.cannotWrite().isPresent());
      Sql.execute(stuck, "UNLOCK TABLES");
      watching.anew().awaitFacts(f -> f.cannotWrite().isEmpty());

      assertThat(server.value("SELECT @@gtid_binlog_state")).isEqualTo(log);
    }
  }

  /** Just when a replica was cut off, a primary's process list may hang, and newcomers with it. */
  @Test
  void processListThatHangsIsNoMiss() throws Exception {
    try (StatementRelay path = StatementRelay.to(lab.server(1).port());
        Connection app = commitThatWaits();
        Watching watching = new Watching(path.port(), lab.cluster().accounts().regent())) {
      watching.awaitSettled();
      path.hold("PROCESSLIST");
      watching.asPrimary();
      await().until(path::holds);

      Moment held = new Moment(System.nanoTime(), 0);
      await().until(() -> watching.all().getLast().at().since(held).compareTo(LONG) > 0);
      assertThat(missed(watching)).isEmpty();
      SemiSyncStatus status = watching.anew().awaitSeen().semiSyncStatus().orElseThrow();
      assertThat(status.waiting()).isEqualTo(1);
      assertThat(status.deaf()).isFalse();
      assertThat(app.isClosed()).isFalse();
    }
  }

  /** Any thread that serves a replica stands for one that cannot end. */
  @Test
  void primaryThatHearsNobodyIsToldFromOneThatDoesNotSay() throws Exception {
    try (StatementRelay path = StatementRelay.to(lab.server(1).port());
        Connection app = commitThatWaits();
        Watching watching = new Watching(path.port(), lab.cluster().accounts().regent())) {
      path.replace("STATE='Waiting to fin", "STATE<>'aiting to fin");
      watching.asPrimary();
      watching.awaitFacts(f -> f.semiSyncStatus().filter(SemiSyncStatus::deaf).isPresent());

      path.hold("PROCESSLIST");
      await().until(path::holds);
      watching
          .anew()
          .awaitFacts(
              f -> f.semiSyncStatus().filter(s -> s.waiting() > 0 && !s.deaf()).isPresent());
      assertThat(missed(watching)).isEmpty();
      assertThat(app.isClosed()).isFalse();
    }
  }

  /** The replica has it and does not say so. */
  private Connection commitThatWaits() throws SQLException {
    LabServer replica = lab.server(2);
    replica.execute("STOP SLAVE IO_THREAD");
    replica.execute("SET GLOBAL rpl_semi_sync_slave_enabled=0");
    replica.execute("START SLAVE IO_THREAD");
    Connection app = lab.server(1).connect(lab.cluster().accounts().app());
    Thread.ofVirtual()
        .name("hanging-commit")
        .start(() -> {
          try {
            Sql.execute(app, "INSERT INTO shop.orders VALUES (1, 1, 1, 'x')");
          } catch (SQLException e) {
            // It is let go at the end, one way or the other.
          }
        });
    await().until(() -> waiting(lab.server(1)).equals("1"));
    return app;
  }

  private static String waiting(LabServer server) {
    return server
        .rows("SHOW GLOBAL STATUS LIKE 'Rpl_semi_sync_master_wait_sessions'")
        .getFirst()
        .getOrDefault("Value", "");
  }

  private static List<Missed> missed(Watching watching) {
    return watching.all().stream()
        .filter(Missed.class::isInstance)
        .map(Missed.class::cast)
        .toList();
  }

  private static Kind last(Watching watching) {
    List<Observation> all = watching.all();
    return !all.isEmpty() && all.getLast() instanceof Missed missed ? missed.kind() : Kind.PROTOCOL;
  }

  private static long connections(LabServer server) {
    return Long.parseLong(
        server.rows("SHOW GLOBAL STATUS LIKE 'Connections'").getFirst().getOrDefault("Value", ""));
  }
}
