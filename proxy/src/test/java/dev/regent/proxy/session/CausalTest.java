package dev.regent.proxy.session;

import static dev.regent.proxy.session.Played.AUTOCOMMIT;
import static dev.regent.proxy.session.Played.DB1;
import static dev.regent.proxy.session.Played.DB2;
import static dev.regent.proxy.session.Played.DB3;
import static dev.regent.proxy.session.Played.IN_TRANSACTION;
import static dev.regent.proxy.session.Played.framed;
import static dev.regent.proxy.session.Played.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.proxy.fleet.Position;
import dev.regent.proxy.fleet.Positions;
import dev.regent.proxy.wire.Err;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Reads that must find what was written before them. */
class CausalTest {
  /** An OK that tells of transaction 0-1-17. */
  private static final String WROTE_17 =
      "00 01 00 0240 0000 00 13 00 11 09 6c6173745f67746964 06 302d312d3137";

  private static final String WAIT_17 =
      "BEGIN NOT ATOMIC IF NOT (MASTER_GTID_WAIT('0-1-17', 0.250) <=> 0) THEN SIGNAL SQLSTATE"
          + " '45000' SET MESSAGE_TEXT='late'; END IF; END";

  private static final byte[] LATE = framed(1, new Err(1644, "45000", "late").encode());

  @Test
  void replicaWaitsForTheSessionsWriteOnce() {
    Played played = played(Settings.Causal.SESSION);
    SplitTest.read(played, "SELECT 1");
    write(played);
    played.query("SELECT 2");
    assertThat(played.at(DB2).toldText()).isEqualTo(WAIT_17);
    played.ok(AUTOCOMMIT);
    assertThat(played.toldText()).isEqualTo("SELECT 2");
    played.ok(AUTOCOMMIT);
    played.query("SELECT 3");

    assertThat(played.toldText()).isEqualTo("SELECT 3");
  }

  @Test
  void replicaThatWasNotYetLinkedWaitsToo() {
    Played played = played(Settings.Causal.SESSION);
    write(played);
    played.query("SELECT 1");
    played.at(DB2).greet();
    played.server(framed(2, dev.regent.proxy.wire.Ok.encode(AUTOCOMMIT)));
    played.told();
    played.ok(AUTOCOMMIT);

    assertThat(played.toldText()).isEqualTo(WAIT_17);
  }

  @Test
  void whoReadsWithoutHavingWrittenWaitsForNothing() {
    Played played = played(Settings.Causal.SESSION);
    played.fleet.wrote(new Positions("0-1-17"));
    SplitTest.read(played, "SELECT 1");
    played.query("SELECT 2");

    assertThat(played.toldText()).isEqualTo("SELECT 2");
  }

  @Test
  void lateReplicasAreReplacedByThePrimaryForAWhile() {
    Played played = played(Settings.Causal.SESSION);
    played.route(table(1, DB1, DB2));
    SplitTest.read(played, "SELECT 1");
    write(played);
    played.query("SELECT 2");
    played.at(DB2).server(LATE);
    assertThat(played.at(DB1).toldText()).isEqualTo("SELECT 2");
    played.ok(AUTOCOMMIT);
    played.query("SELECT 3");
    assertThat(played.told()).as("not asked again at once").isNotEmpty();
    played.ok(AUTOCOMMIT);
    assertThat(played.servers()).as("it is kept").containsExactly(DB1, DB2);
    played.pass(Duration.ofSeconds(10));
    played.at(DB2).told();
    played.query("SELECT 4");

    assertThat(played.at(DB2).toldText()).isEqualTo(WAIT_17);
  }

  /** Another replica may be behind the one that was waited for. */
  @Test
  void transactionThatLosesItsReplicaIsRepeatedAtThePrimary() {
    Played played = played(Settings.Causal.SESSION);
    SplitTest.read(played, "SELECT 1");
    write(played);
    played.query("START TRANSACTION READ ONLY");
    assertThat(played.at(DB2).toldText()).isEqualTo(WAIT_17);
    played.ok(AUTOCOMMIT);
    played.told();
    played.ok(IN_TRANSACTION);
    played.said();
    played.loseServer();
    played.query("SELECT 2");

    assertThat(played.at(DB1).toldText()).isEqualTo("START TRANSACTION READ ONLY");
    played.ok(IN_TRANSACTION);
    assertThat(played.toldText()).isEqualTo("SELECT 2");
    assertThat(played.said()).isEmpty();
  }

  @Test
  void anotherReplicaMayHaveIt() {
    Played played = played(Settings.Causal.SESSION);
    SplitTest.read(played, "SELECT 1");
    write(played);
    played.query("SELECT 2");
    played.at(DB2).server(LATE);

    assertThat(played.linked).containsExactly(DB1, DB2, DB3);
  }

  @Test
  void globalReadsWaitForTheWritesOfOthers() {
    Played played = played(Settings.Causal.GLOBAL);
    SplitTest.read(played, "SELECT 1");
    played.fleet.wrote(new Positions("0-1-17"));
    played.query("SELECT 2");
    assertThat(played.at(DB2).toldText()).isEqualTo(WAIT_17);
    played.ok(AUTOCOMMIT);
    played.ok(AUTOCOMMIT);
    played.fleet.wrote(new Positions("0-1-16"));
    played.told();
    played.query("SELECT 3");

    assertThat(played.toldText()).as("it has that one").isEqualTo("SELECT 3");
  }

  @Test
  void globalSessionTellsTheOthersOfItsWrites() {
    Played played = played(Settings.Causal.GLOBAL);
    write(played);

    assertThat(played.fleet.newest().text()).isEqualTo("0-1-17");
  }

  @Test
  void whoDoesNotCareDoesNotWait() {
    Played played = played(Settings.Causal.OFF);
    SplitTest.read(played, "SELECT 1");
    write(played);
    played.query("SELECT 2");

    assertThat(played.at(DB2).toldText()).isEqualTo("SELECT 2");
  }

  @Test
  void positionsOfAllDomainsCount() {
    Positions both = new Positions("0-1-17").with(Position.parse("1-2-5").orElseThrow());
    assertThat(both.text()).isEqualTo("0-1-17,1-2-5");
    assertThat(both.with(new Positions("1-3-4,0-2-18")).text()).isEqualTo("0-2-18,1-2-5");
    assertThat(Positions.NONE.with(both)).isEqualTo(both);
    assertThat(Position.parse("0-1-17'")).isEmpty();
  }

  private static void write(Played played) {
    played.query("INSERT INTO t VALUES (1)");
    played.at(DB1).server(WROTE_17);
    played.told();
    played.said();
  }

  private static Played played(Settings.Causal causal) {
    return SplitTest.loggedIn(
        new Settings.Reads("", OptionalLong.empty(), true, causal, Duration.ofMillis(250)));
  }
}
