package dev.regent.lab.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regent.core.model.Endpoint;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.plan.Evidence.Standing;
import dev.regent.core.plan.Evidence.Unappliable;
import dev.regent.core.plan.Promoting.ForgetSource;
import dev.regent.core.plan.Receiving.FetchMissing;
import dev.regent.core.plan.Receiving.Rescue;
import dev.regent.core.plan.Receiving.StopReceiving;
import dev.regent.core.plan.Receiving.StopReplication;
import dev.regent.core.plan.Step;
import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.cluster.ServerPlace;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A relay log that is not applied is the only other copy of what a dead primary acknowledged. */
@Tag("real")
class RescueTest {
  private static final int ROWS = 300;

  @ParameterizedTest
  @ValueSource(strings = {"11.4", "10.11"})
  void appliesAllWhereSqlWasStopped(String version) {
    try (LabCluster lab = start(version);
        Hands hands = Hands.on(lab)) {
      LabServer replica = behind(lab);
      lab.primary().kill();

      Standing revoked = hands.standing(stopReceiving(replica));
      assertThat(revoked.receivedKnown()).isTrue();
      assertThat(revoked.applying()).isFalse();
      Standing rescued = hands.standing(rescue(replica));

      assertThat(rescued.receivedKnown()).isTrue();
      assertThat(rescued.applied()).isEqualTo(revoked.received());
      assertThat(Orders.count(replica)).isEqualTo(ROWS);
      // Once more, as after a manager's death: nothing happens.
      assertThat(hands.standing(rescue(replica)).applied()).isEqualTo(rescued.applied());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"11.4", "10.11"})
  void appliesAllAfterACrashOfTheReplicaAndFollowsAgain(String version) {
    try (LabCluster lab = start(version);
        Hands hands = Hands.on(lab)) {
      LabServer replica = behind(lab);
      replica.kill();
      replica.start().awaitReady();

      Standing revoked = hands.standing(stopReceiving(replica));
      assertThat(revoked.receivedKnown()).isFalse();
      Standing rescued = hands.standing(rescue(replica));

      assertThat(rescued.receivedKnown()).isTrue();
      assertThat(Orders.count(replica)).isEqualTo(ROWS);
      String mode = "SELECT @@slave_parallel_mode";
      assertThat(replica.value(mode)).isEqualTo("none");
      assertThat(hands.found(Hands.follow(replica, lab.primary(), Hands.LIMIT))).isTrue();
      assertThat(replica.value(mode)).isEqualTo("optimistic");
      assertThat(replica.value("SELECT @@gtid_binlog_state")).doesNotContain("-2-");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"11.4", "10.11"})
  void appliesEverythingBeforeATornTransaction(String version) throws IOException {
    try (LabCluster lab = start(version);
        Hands hands = Hands.on(lab)) {
      LabServer replica = behind(lab);
      replica.kill();
      replica.awaitGone();
      tearLastEvent(replica);
      replica.start().awaitReady();

      Standing rescued = hands.standing(rescue(replica));

      assertThat(rescued.receivedKnown()).isTrue();
      assertThat(rescued.applying()).isFalse();
      assertThat(Orders.count(replica)).isEqualTo(ROWS - 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"11.4"})
  void stopsAtAnErrorAndQuotesIt(String version) {
    try (LabCluster lab = start(version);
        Hands hands = Hands.on(lab)) {
      LabServer replica = behind(lab);
      replica.execute("SET sql_log_bin=0", "INSERT INTO shop.orders VALUES (7, 9, 9, 'mine')");

      assertThat(hands.failed(rescue(replica))).contains("1062");

      assertThat(Orders.count(replica)).isEqualTo(7);
    }
  }

  /** What the server remembers of its place in the log is older than what it has executed. */
  @ParameterizedTest
  @ValueSource(strings = {"11.4", "10.11"})
  void appliesNothingTwiceAfterACrashInTheMiddle(String version) {
    try (LabCluster lab = start(version);
        Hands hands = Hands.on(lab)) {
      LabServer replica = behind(lab);
      replica.execute("START SLAVE SQL_THREAD");
      await().until(() -> Orders.count(replica) > ROWS / 10);
      replica.kill();
      replica.start().awaitReady();
      lab.primary().kill();

      Standing rescued = hands.standing(rescue(replica));

      assertThat(rescued.receivedKnown()).isTrue();
      assertThat(Orders.count(replica)).isEqualTo(ROWS);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"11.4", "10.11"})
  void namedConnectionIsRescuedAndComesBackUnderItsName(String version) {
    try (LabCluster lab = start(version);
        Hands hands = Hands.on(lab)) {
      LabServer replica = lab.server(2);
      String east = "east's";
      Orders.write(lab.primary(), 1, 1);
      lab.awaitCaughtUp(replica, lab.primary());
      replica.execute("STOP SLAVE", "RESET SLAVE ALL");
      assertThat(hands.found(Hands.follow(replica, east, lab.primary(), Hands.LIMIT))).isTrue();
      replica.execute("STOP SLAVE 'east''s' SQL_THREAD");
      Orders.write(lab.primary(), 2, ROWS);
      await().until(() -> Orders.received(replica, lab.primary()));
      replica.kill();
      replica.start().awaitReady();

      hands.standing(new Rescue(Hands.id(replica), east, Hands.LIMIT));

      assertThat(Orders.count(replica)).isEqualTo(ROWS);
      assertThat(hands.found(Hands.follow(replica, east, lab.primary(), Hands.LIMIT))).isTrue();
      hands.standing(new StopReceiving(Hands.id(replica), east, Hands.LIMIT));
      hands.done(new StopReplication(Hands.id(replica), east));
      hands.done(new ForgetSource(Hands.id(replica), east));
      assertThat(replica.rows("SHOW ALL SLAVES STATUS")).isEmpty();
      assertThat(replica.value("SELECT COUNT(*) FROM regent_local.applier")).isEqualTo("0");
    }
  }

  /** A recovery that cuts off the end of a replica's log takes its rows and its position back. */
  @ParameterizedTest
  @CsvSource({"11.4, 1", "10.11, 1", "11.4, 3"})
  void gapBeforeARelayLogIsFilledFromWhoeverExecutedIt(String version, int from) {
    try (LabCluster lab = LabCluster.start(options(3, version));
        Hands hands = Hands.on(lab)) {
      LabServer replica = lab.server(2);
      LabServer other = lab.server(3);
      Orders.write(lab.primary(), 1, 3);
      GtidPosition early = GtidPosition.parse(lab.primary().value("SELECT @@gtid_binlog_pos"));
      Orders.write(lab.primary(), 4, 5);
      lab.awaitCaughtUp(replica, lab.primary());
      lab.awaitCaughtUp(other, lab.primary());
      other.execute("STOP SLAVE");
      replica.execute("STOP SLAVE SQL_THREAD");
      Orders.write(lab.primary(), 6, ROWS);
      await().until(() -> Orders.received(replica, lab.primary()));
      GtidPosition last = GtidPosition.parse(lab.primary().value("SELECT @@gtid_binlog_pos"));
      hands.standing(stopReceiving(replica));
      takeBack(replica, early);

      Unappliable gap = (Unappliable) hands.done(rescue(replica));
      assertThat(gap.from()).isEqualTo(early);
      assertThat(gap.holds()).isEqualTo(last);
      assertThat(gap.why())
          .contains("transactions are missing before it", "only " + early + " was executed");
      assertThat(Orders.count(replica)).isEqualTo(3);

      LabServer source = lab.server(from);
      GtidPosition there = GtidPosition.parse(source.value("SELECT @@gtid_current_pos"));
      Step fetch = fetch(replica, source, there, Hands.LIMIT);
      assertThat(hands.standing(fetch).applied()).isEqualTo(there);
      assertThat(Orders.count(replica)).isEqualTo(Orders.count(source));
      assertThat(replica.rows("SHOW ALL SLAVES STATUS")).hasSize(1);
      assertThat(hands.standing(rescue(replica)).applied()).isEqualTo(last);
      assertThat(Orders.count(replica)).isEqualTo(ROWS);
    }
  }

  /** The noted place was exact, and lies behind what the recovery took back. */
  @ParameterizedTest
  @CsvSource({"11.4, false", "10.11, false", "11.4, true", "10.11, true"})
  void appliesAgainWhatARecoveryTookBackBehindTheNotedPlace(String version, boolean nextFile) {
    // Where there is a next file, the one before it is still there.
    LabOptions options = options(2, version).withConfig("relay_log_purge=" + (nextFile ? 0 : 1));
    try (LabCluster lab = LabCluster.start(options);
        Hands hands = Hands.on(lab)) {
      LabServer replica = lab.server(2);
      Orders.write(lab.primary(), 1, 3);
      GtidPosition early = GtidPosition.parse(lab.primary().value("SELECT @@gtid_binlog_pos"));
      Orders.write(lab.primary(), 4, 5);
      lab.awaitCaughtUp(replica, lab.primary());
      if (nextFile) {
        beginFile(replica, lab.primary());
      }
      replica.execute("STOP SLAVE SQL_THREAD");
      replica.kill();
      lab.primary().kill();
      replica.start().awaitReady();
      takeBack(replica, early);

      assertThat(hands.standing(stopReceiving(replica)).receivedKnown()).isFalse();
      Standing rescued = hands.standing(rescue(replica));

      assertThat(rescued.receivedKnown()).isTrue();
      assertThat(Orders.count(replica)).isEqualTo(5);
    }
  }

  /**
   * What was taken back lay in a file that is deleted; only the beginning of the next one tells.
   */
  @ParameterizedTest
  @ValueSource(strings = {"11.4", "10.11"})
  void whatWasReceivedBeforeTheFirstFileIsMissedWhereARecoveryTookItBack(String version)
      throws IOException {
    try (LabCluster lab = start(version);
        Hands hands = Hands.on(lab)) {
      LabServer replica = lab.server(2);
      Orders.write(lab.primary(), 1, 3);
      GtidPosition early = GtidPosition.parse(lab.primary().value("SELECT @@gtid_binlog_pos"));
      Orders.write(lab.primary(), 4, 5);
      GtidPosition last = GtidPosition.parse(lab.primary().value("SELECT @@gtid_binlog_pos"));
      lab.awaitCaughtUp(replica, lab.primary());
      String file = beginFile(replica, lab.primary());
      replica.execute("STOP SLAVE SQL_THREAD");
      replica.kill();
      replica.awaitGone();
      deleteBefore(file, replica);
      replica.start().awaitReady();
      // Without a loss it is as if nothing had happened.
      assertThat(hands.standing(stopReceiving(replica)).receivedKnown()).isTrue();
      takeBack(replica, early);

      assertThat(hands.standing(stopReceiving(replica)).receivedKnown()).isFalse();
      Unappliable gap = (Unappliable) hands.done(rescue(replica));
      assertThat(gap.from()).isEqualTo(early);
      assertThat(gap.holds()).isEqualTo(last);
      assertThat(gap.why()).contains("goes on after [" + last + "], but only " + early);

      Step fetch = fetch(replica, lab.primary(), last, Hands.LIMIT);
      assertThat(hands.standing(fetch).applied()).isEqualTo(last);
      assertThat(hands.standing(rescue(replica)).receivedKnown()).isTrue();
      assertThat(Orders.count(replica)).isEqualTo(5);
    }
  }

  @Test
  void gapThatCannotBeFetchedInTimeLeavesNoConnectionBehind() {
    try (LabCluster lab = start("11.4");
        Hands hands = Hands.on(lab)) {
      LabServer replica = lab.server(2);
      GtidPosition never = GtidPosition.parse("0-1-1000000");
      Step fetch = fetch(replica, lab.primary(), never, Duration.ofSeconds(4));
      assertThat(hands.unknown(fetch)).contains("not fetched in time");
      assertThat(replica.rows("SHOW ALL SLAVES STATUS")).hasSize(1);
    }
  }

  /** A new connection to the source begins a file of the relay log; its name. */
  private static String beginFile(LabServer replica, LabServer primary) {
    String before = appliedFile(replica);
    replica.execute("STOP SLAVE IO_THREAD", "START SLAVE IO_THREAD");
    await().until(() -> !appliedFile(replica).equals(before) && Orders.received(replica, primary));
    return appliedFile(replica);
  }

  private static String appliedFile(LabServer replica) {
    Map<String, String> status = replica.rows("SHOW ALL SLAVES STATUS").getFirst();
    return String.valueOf(status.get("Relay_Log_File"));
  }

  /** As the server does it, some time after they were applied. */
  private static void deleteBefore(String file, LabServer replica) throws IOException {
    Path data = replica.place().data();
    Path index = data.resolve("relay.index");
    List<String> kept =
        Files.readAllLines(index).stream().filter(name -> !isBefore(name, file)).toList();
    try (Stream<Path> files = Files.list(data)) {
      for (Path old : files.toList()) {
        String name = old.getFileName().toString();
        if (name.matches("relay\\.\\d+") && isBefore(name, file)) {
          Files.delete(old);
        }
      }
    }
    Files.write(index, kept);
  }

  private static boolean isBefore(String name, String file) {
    return name.substring(name.lastIndexOf('/') + 1).compareTo(file) < 0;
  }

  /** What a recovery does that cuts off the end of the server's own log. */
  private static void takeBack(LabServer replica, GtidPosition early) {
    replica.execute(
        "SET SESSION sql_log_bin=0",
        "DELETE FROM shop.orders WHERE id > 3",
        "RESET MASTER",
        "SET GLOBAL gtid_slave_pos='" + early + "'");
  }

  private static Step fetch(
      LabServer server, LabServer source, GtidPosition until, Duration deadline) {
    Endpoint address = new Endpoint(ServerPlace.HOST, source.port());
    return new FetchMissing(Hands.id(server), Hands.id(source), address, until, deadline);
  }

  /** Several relay files, several threads. */
  private static LabCluster start(String version) {
    return LabCluster.start(options(2, version));
  }

  private static LabOptions options(int servers, String version) {
    return LabOptions.of(servers)
        .withVersion(version)
        .withConfig("max_relay_log_size=8192", "slave_parallel_mode=optimistic");
  }

  /** A replica that has received all rows and applied none. */
  private static LabServer behind(LabCluster lab) {
    LabServer replica = lab.server(2);
    replica.execute("STOP SLAVE SQL_THREAD");
    Orders.write(lab.primary(), 1, ROWS);
    await().until(() -> Orders.received(replica, lab.primary()));
    return replica;
  }

  private static void tearLastEvent(LabServer replica) throws IOException {
    Path last;
    try (Stream<Path> files = Files.list(replica.place().data())) {
      last =
          files
              .filter(f -> f.getFileName().toString().matches("relay\\.\\d+"))
              .sorted()
              .reduce((a, b) -> b)
              .orElseThrow();
    }
    try (RandomAccessFile file = new RandomAccessFile(last.toFile(), "rw")) {
      file.setLength(file.length() - 10);
    }
  }

  private static StopReceiving stopReceiving(LabServer replica) {
    return new StopReceiving(Hands.id(replica), "", Hands.LIMIT);
  }

  private static Rescue rescue(LabServer replica) {
    return new Rescue(Hands.id(replica), "", Hands.LIMIT);
  }
}
