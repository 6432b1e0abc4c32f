package dev.regent.lab.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regent.core.model.GtidPosition;
import dev.regent.core.plan.Keeping.ConfirmAcknowledging;
import dev.regent.core.plan.Keeping.ConfirmDumpRenewed;
import dev.regent.core.plan.Keeping.FenceReturned;
import dev.regent.core.plan.Keeping.SetSemiSyncReplica;
import dev.regent.core.plan.Promoting.DisableEvents;
import dev.regent.core.plan.Promoting.EnableEvents;
import dev.regent.core.plan.Promoting.FenceReadOnly;
import dev.regent.core.plan.Promoting.ForgetSource;
import dev.regent.core.plan.Promoting.LookForReign;
import dev.regent.core.plan.Promoting.OpenForWrites;
import dev.regent.core.plan.Promoting.SetSemiSyncPrimary;
import dev.regent.core.plan.Receiving.RestartReceiving;
import dev.regent.core.plan.Receiving.StopReceiving;
import dev.regent.core.plan.Receiving.StopReplication;
import dev.regent.lab.cluster.ClusterExtension;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("real")
class PromotingTest {
  private static final Duration SHORT = Duration.ofSeconds(2);

  @RegisterExtension
  final ClusterExtension lab = ClusterExtension.with(LabOptions.of(2).withSemiSync());

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
  void reignRowIsWrittenOnceAndReplicated() {
    LookForReign look = new LookForReign(Hands.id(primary), Hands.CLUSTER, 2);
    assertThat(hands.found(look)).isFalse();

    hands.done(Hands.reign(primary, 2, Hands.LIMIT));
    String position = primary.value("SELECT @@gtid_binlog_pos");
    hands.done(Hands.reign(primary, 2, Hands.LIMIT));

    assertThat(hands.found(look)).isTrue();
    assertThat(primary.value("SELECT @@gtid_binlog_pos")).isEqualTo(position);
    lab.cluster().awaitCaughtUp(replica, primary);
    assertThat(replica.value("SELECT server FROM regent.reign WHERE epoch=2")).isEqualTo("server1");
    // The same epoch for somebody else is a contradiction, not a repetition.
    assertThat(hands.failed(Hands.reign(replica, 2, Hands.LIMIT))).contains("belongs to server1");
    assertThat(hands.found(new LookForReign(Hands.id(replica), Hands.CLUSTER, 2))).isFalse();
    // What the manager does next is unlogged again.
    hands.done(new FenceReadOnly(Hands.id(primary), SHORT));
    assertThat(primary.value("SELECT @@gtid_binlog_pos")).isEqualTo(position);
  }

  @Test
  void reignRowThatNobodyAcknowledgesIsUnknown() {
    hands.done(Hands.reign(primary, 2, Hands.LIMIT));
    hands.done(new StopReceiving(Hands.id(replica), "", Hands.LIMIT));

    hands.unknown(Hands.reign(primary, 3, SHORT));

    // The manager is not stuck behind its own statement, which may still stand.
    LookForReign look = new LookForReign(Hands.id(primary), Hands.CLUSTER, 3);
    assertThat(hands.unknown(look)).contains("perhaps the reign row");
    hands.done(new SetSemiSyncPrimary(Hands.id(primary), true, -1, true));
    hands.done(new RestartReceiving(Hands.id(replica), ""));
    await().until(() -> hands.run(look).done());
    assertThat(hands.found(look)).isTrue();
  }

  /** In the other order the server crashes when the last semi-sync replica leaves. */
  @Test
  void primaryOutlivesItsLastReplicaAfterSemiSyncWasSwitchedOff() {
    hands.done(new SetSemiSyncPrimary(Hands.id(primary), true, 1000, false));
    hands.done(new ConfirmAcknowledging(Hands.id(replica)));
    hands.done(new SetSemiSyncPrimary(Hands.id(primary), false, 0, false));

    replica.execute("STOP SLAVE");

    String dumps =
        "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE COMMAND='Binlog Dump'";
    await()
        .until(() -> {
          // Having something to send, the thread finds that nobody listens.
          primary.execute("FLUSH BINARY LOGS");
          return primary.value(dumps).equals("0");
        });
    assertThat(primary.isRunning()).isTrue();
    hands.done(new SetSemiSyncPrimary(Hands.id(primary), true, 1000, false));
    assertThat(primary.value("SELECT @@rpl_semi_sync_master_wait_no_slave")).isEqualTo("0");
  }

  @Test
  void readOnlyGivesUpBehindHungCommitsAndKillsNobody() throws Exception {
    replica.execute("STOP SLAVE");
    try (Connection app = primary.connect(lab.cluster().accounts().app())) {
      CompletableFuture<Boolean> hanging = OfficeTest.commit(app);
      await().until(() -> OfficeTest.waiting(primary) > 0);

      assertThat(hands.failed(new FenceReadOnly(Hands.id(primary), SHORT)))
          .contains("unfenced: hung commits (1 wait for an acknowledgement)");
      assertThat(hands.failed(new SetSemiSyncPrimary(Hands.id(primary), false, 0, false)))
          .contains("1 commits wait for an acknowledgement");

      assertThat(hanging).isNotDone();
      replica.execute("START SLAVE");
      assertThat(hanging.get()).isTrue();
      // Nothing of ours is left that would close the server later.
      assertThat(primary.value("SELECT @@read_only")).isEqualTo("0");
      hands.done(new FenceReadOnly(Hands.id(primary), Hands.LIMIT));
      assertThat(primary.value("SELECT @@read_only")).isEqualTo("1");
    }
  }

  /** A former primary that thaws has commits that nobody will ever acknowledge. */
  @Test
  void deposedServerIsClosedAlthoughCommitsHangAndNobodyIsToldOk() throws Exception {
    replica.execute("STOP SLAVE");
    try (Connection app = primary.connect(lab.cluster().accounts().app())) {
      CompletableFuture<Boolean> hanging = OfficeTest.commit(app);
      await().until(() -> OfficeTest.waiting(primary) > 0);

      hands.done(new FenceReturned(Hands.id(primary), List.of()));

      assertThat(primary.value("SELECT @@read_only")).isEqualTo("1");
      assertThat(hanging.get()).isFalse();
    }
  }

  /** One connection waits for a whole commit group: ending it alone would tell the others OK. */
  @Test
  void deposedServerTellsNobodyOkWhereManyCommitAtOnce() throws Exception {
    replica.execute("STOP SLAVE");
    List<Connection> apps = new ArrayList<>();
    List<CompletableFuture<Boolean>> hanging = new ArrayList<>();
    try {
      for (int i = 0; i < 24; i++) {
        apps.add(primary.connect(lab.cluster().accounts().app()));
      }
      for (int i = 0; i < apps.size(); i++) {
        hanging.add(OfficeTest.commit(apps.get(i), 100 + i));
      }
      await().until(() -> OfficeTest.waiting(primary) > 0);
      await()
          .until(() ->
              primary
                      .rows("SELECT 1 FROM information_schema.PROCESSLIST WHERE COMMAND='Query'")
                      .size()
                  > apps.size() / 2);

      hands.done(new FenceReturned(Hands.id(primary), List.of()));

      for (CompletableFuture<Boolean> commit : hanging) {
        assertThat(commit.get()).isFalse();
      }
    } finally {
      for (Connection app : apps) {
        app.close();
      }
    }
  }

  /** A commit that joins the group of one that is ended already would be told OK with it. */
  @Test
  void deposedServerTellsNobodyOkHoweverOftenTheyComeAgain() throws Exception {
    replica.execute("STOP SLAVE");
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger confirmed = new AtomicInteger();
    List<Thread> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 24; i++) {
        int first = 1_000 * (i + 1);
        clients.add(
            Thread.ofVirtual()
                .name("stubborn-" + i)
                .start(() -> confirmed.addAndGet(insist(first, over))));
      }
      await().until(() -> OfficeTest.waiting(primary) > 0);

      hands.done(new FenceReturned(Hands.id(primary), List.of()));

      assertThat(primary.value("SELECT @@read_only")).isEqualTo("1");
    } finally {
      over.set(true);
      for (Thread client : clients) {
        client.join();
      }
    }
    assertThat(confirmed).as("confirmed, and on no replica").hasValue(0);
  }

  /** Writes and connects anew until it is over; how many writes were confirmed. */
  private int insist(int first, AtomicBoolean over) {
    int confirmed = 0;
    for (int id = first; !over.get(); id++) {
      try (Connection app = primary.connect(lab.cluster().accounts().app())) {
        if (OfficeTest.commit(app, id).get()) {
          confirmed++;
        }
      } catch (SQLException | ExecutionException e) {
        // Ended, or refused: the next one.
        Thread.onSpinWait();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return confirmed;
  }

  @Test
  void frozenPrimaryIsLeftInTimeAndNothingWasSent() {
    hands.done(Hands.reign(primary, 2, Hands.LIMIT));
    primary.freeze();
    long begun = System.nanoTime();

    hands.failed(new FenceReadOnly(Hands.id(primary), SHORT));

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SHORT.multipliedBy(2));
    primary.thaw();
    assertThat(primary.value("SELECT @@read_only")).isEqualTo("0");
  }

  @Test
  void replicaIsOpenedOnlyWhenItReplicatesNoMore() {
    OpenForWrites open = new OpenForWrites(Hands.id(replica), "", 2, false);
    assertThat(hands.failed(open)).contains("still replicates");
    assertThat(hands.failed(new ForgetSource(Hands.id(replica), ""))).contains("still run");

    hands.done(new StopReplication(Hands.id(replica), ""));
    assertThat(hands.failed(new OpenForWrites(Hands.id(replica), "", 2, true)))
        .contains("its commits would wait for no acknowledgement");
    assertThat(replica.value("SELECT @@read_only")).isEqualTo("1");
    hands.done(open);
    hands.done(new ForgetSource(Hands.id(replica), ""));
    hands.done(new ForgetSource(Hands.id(replica), ""));

    assertThat(replica.value("SELECT @@read_only")).isEqualTo("0");
    assertThat(replica.rows("SHOW ALL SLAVES STATUS")).isEmpty();
  }

  /** Semi-sync is off after a restart, and a recovery may have cut off the end of the log. */
  @Test
  void serverThatRestartedSinceItWasChosenGetsNoReign() {
    GtidPosition more = GtidPosition.parse("0-1-1000000");
    assertThat(hands.failed(Hands.reign(replica, 2, GtidPosition.EMPTY, true)))
        .contains("its commits would wait for no acknowledgement");
    assertThat(hands.failed(Hands.reign(replica, 2, more, false)))
        .contains("it restarted, and has 0-1-", "instead of 0-1-1000000");
    assertThat(replica.value("SELECT @@gtid_binlog_state")).doesNotContain("-2-");
  }

  @Test
  void eventsChangeSidesAndKeepTheirOwners() {
    primary.execute(
        "CREATE DEFINER='app'@'%' EVENT shop.`nightly run` ON SCHEDULE EVERY 1 DAY DO DELETE FROM"
            + " shop.orders WHERE id < 0");
    lab.cluster().awaitCaughtUp(replica, primary);
    String position = replica.value("SELECT @@gtid_binlog_state");
    String status = "SELECT CONCAT(STATUS, ' ', DEFINER) FROM information_schema.EVENTS";
    assertThat(replica.value(status)).isEqualTo("SLAVESIDE_DISABLED app@%");

    hands.done(new EnableEvents(Hands.id(replica), true));
    hands.done(new DisableEvents(Hands.id(primary)));

    assertThat(replica.value(status)).isEqualTo("ENABLED app@%");
    assertThat(replica.value("SELECT @@event_scheduler")).isEqualTo("ON");
    assertThat(primary.value(status)).isEqualTo("SLAVESIDE_DISABLED app@%");
    assertThat(replica.value("SELECT @@gtid_binlog_state")).isEqualTo(position);
    assertThat(primary.value("SELECT @@gtid_binlog_state")).isEqualTo(position);
  }

  @Test
  void syncMemberLeavesAndComesBack() {
    String clients = "SHOW GLOBAL STATUS LIKE 'Rpl_semi_sync_master_clients'";
    hands.done(new ConfirmAcknowledging(Hands.id(replica)));

    hands.done(new SetSemiSyncReplica(Hands.id(replica), false));
    assertThat(hands.found(new RestartReceiving(Hands.id(replica), ""))).isTrue();
    hands.done(new ConfirmDumpRenewed(Hands.id(primary), Hands.id(replica), 2));
    assertThat(primary.rows(clients).getFirst()).containsEntry("Value", "0");

    hands.done(new SetSemiSyncReplica(Hands.id(replica), true));
    assertThat(hands.found(new RestartReceiving(Hands.id(replica), ""))).isTrue();
    hands.done(new ConfirmAcknowledging(Hands.id(replica)));
    await().until(() -> primary.rows(clients).getFirst().containsValue("1"));
  }

  @Test
  void returnedServerIsFencedBeforeAnythingElse() {
    replica.execute("SET GLOBAL read_only=0");

    hands.done(new FenceReturned(Hands.id(replica), List.of("")));

    assertThat(replica.value("SELECT @@read_only")).isEqualTo("1");
    assertThat(Orders.status(replica, "Slave_IO_Running")).isEqualTo("No");
    assertThat(Orders.status(replica, "Slave_SQL_Running")).isEqualTo("Yes");
  }
}
