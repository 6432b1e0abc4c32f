package dev.regent.lab.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regent.core.model.GtidPosition;
import dev.regent.core.plan.Evidence.Standing;
import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Receiving.Drain;
import dev.regent.core.plan.Receiving.Examine;
import dev.regent.core.plan.Receiving.RestartReceiving;
import dev.regent.core.plan.Receiving.StartReceiving;
import dev.regent.core.plan.Receiving.StartReplication;
import dev.regent.core.plan.Receiving.StopReceiving;
import dev.regent.core.plan.Receiving.StopReplication;
import dev.regent.core.plan.Receiving.TestPrimary;
import dev.regent.lab.cluster.ClusterExtension;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("real")
class ReceivingTest {
  private static final Duration SHORT = Duration.ofSeconds(1);

  @RegisterExtension final ClusterExtension lab = ClusterExtension.with(LabOptions.of(2));

  private LabServer primary;
  private LabServer replica;
  private Hands hands;

  @BeforeEach
  void takeHold() {
    primary = lab.server(1);
    replica = lab.server(2);
    hands = Hands.on(lab.cluster());
  }

  @AfterEach
  void letGo() {
    hands.close();
  }

  @Test
  void stopReceivingLeavesTheSqlThreadAloneAndTellsWhatWasReceived() {
    Orders.write(primary, 1, 5);
    await().until(() -> Orders.received(replica, primary));

    Standing standing = hands.standing(stopReceiving());

    assertThat(standing.received()).isEqualTo(position(primary));
    assertThat(standing.receivedKnown()).isTrue();
    assertThat(standing.applying()).isTrue();
    assertThat(standing.receiving()).isFalse();
    assertThat(Orders.status(replica, "Slave_SQL_Running")).isEqualTo("Yes");
    // Again: nothing is left to stop, and it says the same.
    assertThat(hands.standing(stopReceiving()).received()).isEqualTo(position(primary));
  }

  @Test
  void nobodyStartsAThreadBesideUnappliedTransactions() {
    replica.execute("STOP SLAVE SQL_THREAD");
    Orders.write(primary, 1, 20);
    await().until(() -> Orders.received(replica, primary));
    hands.done(stopReceiving());

    assertThat(hands.failed(new StartReceiving(Hands.id(replica), ""))).contains("relay log");
    assertThat(hands.failed(new RestartReceiving(Hands.id(replica), ""))).contains("relay log");
    assertThat(hands.failed(new StartReplication(Hands.id(replica), "")))
        .contains("20 received transactions are not applied");

    assertThat(hands.standing(new Examine(Hands.id(replica))).received())
        .isEqualTo(position(primary));
  }

  @Test
  void threadsStartAgainWhereNothingCanBeLost() {
    Orders.write(primary, 1, 3);
    lab.cluster().awaitCaughtUp(replica, primary);

    hands.done(stopReceiving());
    hands.done(new StartReceiving(Hands.id(replica), ""));
    await().until(() -> Orders.status(replica, "Slave_IO_Running").equals("Yes"));

    hands.done(new StopReplication(Hands.id(replica), ""));
    hands.done(new StartReplication(Hands.id(replica), ""));
    await().until(() -> Orders.status(replica, "Slave_IO_Running").equals("Yes"));
    assertThat(Orders.status(replica, "Slave_SQL_Running")).isEqualTo("Yes");
  }

  @Test
  void replicaThatRestartedWithNothingToApplyIsKnownAndStartsAgain() {
    Orders.write(primary, 1, 3);
    lab.cluster().awaitCaughtUp(replica, primary);
    replica.kill();
    replica.start().awaitReady();

    Standing standing = hands.standing(new Examine(Hands.id(replica)));

    assertThat(standing.receivedKnown()).isTrue();
    assertThat(standing.received()).isEqualTo(position(primary));
    hands.done(new StartReplication(Hands.id(replica), ""));
    await().until(() -> Orders.status(replica, "Slave_IO_Running").equals("Yes"));
  }

  @Test
  void drainEndsWhenTheTargetIsAppliedAndTellsWhereItStands() {
    replica.execute("STOP SLAVE SQL_THREAD");
    Orders.write(primary, 1, 200);
    GtidPosition target = position(primary);
    await().until(() -> Orders.received(replica, primary));
    replica.execute("START SLAVE SQL_THREAD");

    Standing standing = hands.standing(drain(target, Hands.LIMIT));

    assertThat(standing.applied().covers(target)).isTrue();
    assertThat(Orders.count(replica)).isEqualTo(200);
  }

  @Test
  void drainNoticesThatTheSqlThreadStops() {
    // The same row is there already: the SQL thread will stop at it.
    replica.execute("SET sql_log_bin=0", "INSERT INTO shop.orders VALUES (2, 9, 9, 'mine')");
    CompletableFuture<Outcome> drain =
        hands.start(drain(GtidPosition.parse("0-1-1000000"), Hands.LIMIT));
    Orders.write(primary, 1, 2);

    assertThat(drain.join())
        .isInstanceOfSatisfying(
            Outcome.Failed.class, f -> assertThat(f.reason()).contains("1062").contains("stopped"));
  }

  @Test
  void drainThatRunsOutOfTimeIsUndecided() {
    long begun = System.nanoTime();
    hands.unknown(drain(GtidPosition.parse("0-1-1000"), SHORT));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void silentPrimaryIsTestedThroughAWitness() {
    Orders.write(primary, 1, 3);
    lab.cluster().awaitCaughtUp(replica, primary);
    TestPrimary test =
        new TestPrimary(Hands.id(replica), "", Hands.id(primary), Duration.ofSeconds(5));
    assertThat(hands.found(test)).isTrue();

    primary.freeze();
    assertThat(hands.found(test)).isFalse();
    // Else its next attempt would keep a failover waiting.
    assertThat(Orders.status(replica, "Slave_IO_Running")).isEqualTo("No");
    assertThat(replica.value("SELECT @@slave_net_timeout")).isEqualTo("60");
    primary.thaw();
    await().until(() -> hands.found(test));
  }

  @Test
  void followConnectsAsSoonAsTheSourceListens() {
    primary.kill();
    primary.awaitGone();
    CompletableFuture<Outcome> follow =
        hands.start(Hands.follow(replica, primary, Duration.ofSeconds(30)));
    await().until(() -> Orders.status(replica, "Last_IO_Errno").equals("2003"));

    primary.start().awaitReady();
    long listens = System.nanoTime();

    assertThat(follow.join().done()).isTrue();
    // The retry grid is a second; on a busy machine the wait for it shows as more.
    assertThat(Duration.ofNanos(System.nanoTime() - listens)).isLessThan(Duration.ofSeconds(5));
    assertThat(Orders.status(replica, "Slave_IO_Running")).isEqualTo("Yes");
  }

  @Test
  void followIsIdempotentAndTellsNobodyThePassword() {
    replica.execute("SET GLOBAL log_output='TABLE'", "SET GLOBAL general_log=1");

    assertThat(hands.found(Hands.follow(replica, primary, Hands.LIMIT))).isTrue();
    assertThat(hands.found(Hands.follow(replica, primary, Hands.LIMIT))).isTrue();

    assertThat(Orders.status(replica, "Slave_heartbeat_period")).isEqualTo("0.500");
    assertThat(replica.rows("SELECT argument FROM mysql.general_log"))
        .extracting(row -> row.get("argument"))
        .anySatisfy(sql -> assertThat(sql).contains("START SLAVE"))
        .noneSatisfy(sql -> assertThat(sql).contains(lab.cluster().accounts().repl().password()));
    // Nothing of all this may become a transaction of the replica's own.
    assertThat(replica.value("SELECT @@gtid_binlog_state")).doesNotContain("-2-");
  }

  @Test
  void followTellsThatItDoesNotConnect() {
    primary.execute("SET sql_log_bin=0", "ALTER USER repl IDENTIFIED BY 'changed'");
    long begun = System.nanoTime();

    assertThat(hands.found(Hands.follow(replica, primary, Duration.ofSeconds(3)))).isFalse();

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
    assertThat(Orders.status(replica, "Last_IO_Errno")).isEqualTo("1045");
  }

  private StopReceiving stopReceiving() {
    return new StopReceiving(Hands.id(replica), "", Hands.LIMIT);
  }

  private Drain drain(GtidPosition target, Duration deadline) {
    return new Drain(Hands.id(replica), "", target, deadline);
  }

  private static GtidPosition position(LabServer server) {
    return GtidPosition.parse(server.value("SELECT @@gtid_binlog_pos"));
  }
}
