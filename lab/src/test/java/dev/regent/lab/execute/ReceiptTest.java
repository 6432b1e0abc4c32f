package dev.regent.lab.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regent.core.analyze.Receipt;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.plan.Keeping.ConfirmAcknowledging;
import dev.regent.core.plan.Keeping.PassOnReceipt;
import dev.regent.core.plan.Keeping.SetSemiSyncReplica;
import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Receiving.RestartReceiving;
import dev.regent.core.plan.Receiving.StopReceiving;
import dev.regent.lab.cluster.ClusterExtension;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.fault.StatementRelay;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Commits that wait although a member has them: it does not acknowledge them again. */
@Tag("real")
class ReceiptTest {
  @RegisterExtension
  final ClusterExtension lab = ClusterExtension.with(LabOptions.of(2).withSemiSync());

  private final List<Connection> apps = new ArrayList<>();
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
  void letGo() throws SQLException {
    hands.close();
    for (Connection app : apps) {
      app.close();
    }
  }

  @Test
  void commitsOfALogThatNobodyCanEnterGoOn() throws Exception {
    acknowledge(false);
    List<CompletableFuture<Boolean>> hanging = new ArrayList<>(List.of(waiting(1), waiting(2)));
    for (int id = 3; id <= 8; id++) {
      hanging.add(commit(id));
    }
    acknowledge(true);
    String position = primary.value("SELECT @@gtid_binlog_pos");
    Receipt receipt = receipt();
    assertThat(receipt.received().toString()).isEqualTo(position);
    assertThat(hanging).noneMatch(CompletableFuture::isDone);

    hands.done(new PassOnReceipt(Hands.id(primary), receipt));

    for (CompletableFuture<Boolean> commit : hanging) {
      assertThat(commit.get()).isTrue();
    }
    // It was nobody's way in, and nobody's way out.
    assertThat(Orders.status(replica, "Slave_IO_Running")).isEqualTo("Yes");
    assertThat(commit(9).get()).isTrue();
    lab.cluster().awaitCaughtUp(replica, primary);
    assertThat(Orders.count(replica)).isEqualTo(9);
  }

  @Test
  void nobodyBehindThePlaceIsToldOk() throws Exception {
    acknowledge(false);
    CompletableFuture<Boolean> first = waiting(1);
    Receipt early = receipt();
    CompletableFuture<Boolean> second = waiting(2);
    Receipt late = receipt();
    acknowledge(true);

    hands.done(new PassOnReceipt(Hands.id(primary), early));

    assertThat(first.get()).isTrue();
    await().until(() -> OfficeTest.waiting(primary) == 1);
    assertThat(second).isNotDone();
    // Said again it says nothing new.
    hands.done(new PassOnReceipt(Hands.id(primary), early));
    assertThat(second).isNotDone();
    hands.done(new PassOnReceipt(Hands.id(primary), late));
    assertThat(second.get()).isTrue();
  }

  /** A place is an address only: what stands before it is the primary's to say. */
  @Test
  void placeThatDoesNotFitWhatTheMemberHasIsRefused() throws Exception {
    acknowledge(false);
    CompletableFuture<Boolean> first = waiting(1);
    Receipt early = receipt();
    CompletableFuture<Boolean> second = waiting(2);
    Receipt late = receipt();
    acknowledge(true);

    // Less than all up to there, and another history.
    assertThat(refused(late.log(), late.position(), early.received()))
        .contains("server2 has " + early.received());
    assertThat(refused(late.log(), late.position(), GtidPosition.parse("0-7-1000"))).isNotEmpty();
    // Within an event, behind the end, in a file that is none.
    String nothing = "nothing that it knows of";
    assertThat(refused(late.log(), late.position() - 3, late.received())).contains(nothing);
    assertThat(refused(late.log(), late.position() + 5000, late.received())).contains(nothing);
    assertThat(refused("binlog.000099", late.position(), late.received())).contains(nothing);
    assertThat(OfficeTest.waiting(primary)).isEqualTo(1);
    assertThat(first).isNotDone();
    assertThat(second).isNotDone();
  }

  /** Its process list hangs, of all times, where a replica is cut off; and newcomers wait too. */
  @Test
  void processListThatHangsCostsNoOffice() throws Exception {
    acknowledge(false);
    CompletableFuture<Boolean> first = waiting(1);
    Receipt early = receipt();
    CompletableFuture<Boolean> second = waiting(2);
    Receipt late = receipt();
    try (StatementRelay path = StatementRelay.to(primary.port());
        Hands watched = through(path)) {
      takesItsTurn(watched);
      String office = primary.value(OfficeTest.HOLDER);
      path.hold("PROCESSLIST");

      Receipt wrong = new Receipt(late.member(), late.log(), late.position(), early.received());
      assertThat(watched.failed(new PassOnReceipt(Hands.id(primary), wrong)))
          .contains("server2 has " + early.received());
      assertThat(path.holds()).isTrue();
      takesItsTurn(watched);
      assertThat(primary.value(OfficeTest.HOLDER)).isEqualTo(office);
      assertThat(first).isNotDone();
      assertThat(second).isNotDone();
    }
  }

  @Test
  void readingOfALongFileMakesRoom() throws Exception {
    acknowledge(false);
    CompletableFuture<Boolean> first = waiting(1);
    Receipt receipt = receipt();
    try (StatementRelay path = StatementRelay.to(primary.port());
        Hands watched = through(path)) {
      takesItsTurn(watched);
      path.hold("BINLOG_GTID_POS");
      var passing = watched.start(new PassOnReceipt(Hands.id(primary), receipt));
      await().until(path::holds);

      takesItsTurn(watched);
      // Nothing was sent.
      assertThat(passing.get()).isInstanceOf(Outcome.Failed.class);
      assertThat(passing.get().reason()).contains("another step waits");
      assertThat(first).isNotDone();
    }
  }

  @Test
  void waitingForItsOwnThreadMakesRoom() throws Exception {
    acknowledge(false);
    CompletableFuture<Boolean> first = waiting(1);
    Receipt receipt = receipt();
    try (StatementRelay path = StatementRelay.to(primary.port());
        Hands watched = through(path)) {
      takesItsTurn(watched);
      path.hold("PROCESSLIST");
      var passing = watched.start(new PassOnReceipt(Hands.id(primary), receipt));
      await().until(path::holds);

      takesItsTurn(watched);
      assertThat(passing.get()).isInstanceOf(Outcome.Unknown.class);
      assertThat(first.get()).isTrue();
    }
  }

  private Hands through(StatementRelay path) {
    return Hands.through(path.port(), primary, lab.cluster(), "the-manager", 1);
  }

  /** Needs office; refused for its own reason, and in time, which shows that office is there. */
  private void takesItsTurn(Hands watched) {
    assertThat(watched.failed(new StopReceiving(Hands.id(primary), "", Duration.ofSeconds(2))))
        .contains("does not exist");
  }

  private String refused(String log, long position, GtidPosition received) {
    Receipt receipt = new Receipt(Hands.id(replica), log, position, received);
    return hands.failed(new PassOnReceipt(Hands.id(primary), receipt));
  }

  /** From now on the replica acknowledges, or receives all the same without a word. */
  private void acknowledge(boolean on) {
    hands.done(new SetSemiSyncReplica(Hands.id(replica), on));
    assertThat(hands.found(new RestartReceiving(Hands.id(replica), ""))).isTrue();
    if (on) {
      hands.done(new ConfirmAcknowledging(Hands.id(replica)));
    }
  }

  /** A write that is in the log, on the replica too, and waits. */
  private CompletableFuture<Boolean> waiting(int id) throws SQLException {
    String before = primary.value("SELECT @@gtid_binlog_pos");
    CompletableFuture<Boolean> commit = commit(id);
    await().until(() -> !primary.value("SELECT @@gtid_binlog_pos").equals(before));
    await().until(() -> Orders.received(replica, primary));
    return commit;
  }

  private CompletableFuture<Boolean> commit(int id) throws SQLException {
    Connection app = primary.connect(lab.cluster().accounts().app());
    apps.add(app);
    return OfficeTest.commit(app, id);
  }

  private Receipt receipt() {
    Map<String, String> status = Orders.status(replica);
    return new Receipt(
        Hands.id(replica),
        status.getOrDefault("Master_Log_File", ""),
        Long.parseLong(status.getOrDefault("Read_Master_Log_Pos", "")),
        GtidPosition.parse(status.getOrDefault("Gtid_IO_Pos", "")));
  }
}
