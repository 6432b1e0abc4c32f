package dev.regent.proxy.session;

import static dev.regent.proxy.session.Played.AUTOCOMMIT;
import static dev.regent.proxy.session.Played.DB1;
import static dev.regent.proxy.session.Played.DB2;
import static dev.regent.proxy.session.Played.DB3;
import static dev.regent.proxy.session.Played.IN_TRANSACTION;
import static dev.regent.proxy.session.Played.framed;
import static dev.regent.proxy.session.Played.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.model.RoutingTable;
import dev.regent.proxy.wire.Capability;
import dev.regent.proxy.wire.Err;
import dev.regent.proxy.wire.Ok;
import dev.regent.proxy.wire.PacketWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session on a listener that sends reads to replicas. */
class SplitTest {
  /** What a server answers that was given {@code sql_mode=''}. */
  private static final String MODE_SET = "00 00 00 0240 0000 00 0c 00 0a 0873716c5f6d6f6465 00";

  @Test
  void readsGoToAReplicaAndWritesToThePrimary() {
    Played played = loggedIn();
    assertThat(played.linked).containsExactly(DB1);
    read(played, "SELECT 1");
    assertThat(played.linked).containsExactly(DB1, DB2);
    played.query("INSERT INTO t VALUES (1)");
    assertThat(played.at(DB1).toldText()).isEqualTo("INSERT INTO t VALUES (1)");
    played.ok(AUTOCOMMIT);
    played.query("SELECT 2");

    assertThat(played.at(DB2).toldText()).isEqualTo("SELECT 2");
    assertThat(played.linked).as("chosen once").containsExactly(DB1, DB2);
  }

  @Test
  void answerOfAReplicaReachesTheClient() {
    Played played = loggedIn();
    played.query("SELECT 1");
    played.at(DB2).serverLetsIn();
    played.said();
    played.ok(AUTOCOMMIT);

    assertThat(played.said()).isEqualTo(framed(1, Ok.encode(AUTOCOMMIT)));
  }

  @Test
  void transactionStaysAtThePrimary() {
    Played played = loggedIn();
    read(played, "SELECT 1");
    played.query("BEGIN");
    played.at(DB1).ok(IN_TRANSACTION);
    played.told();
    played.query("SELECT 2");

    assertThat(played.at(DB1).toldText()).isEqualTo("SELECT 2");
  }

  @Test
  void transactionThatOnlyReadsIsAtAReplicaAsAWhole() {
    Played played = loggedIn();
    played.query("START TRANSACTION READ ONLY");
    played.at(DB2).serverLetsIn();
    played.ok(IN_TRANSACTION);
    for (String sql : List.of("SELECT 1", "SELECT 2", "COMMIT")) {
      played.query(sql);
      assertThat(played.at(DB2).toldText()).isEqualTo(sql);
      played.ok(sql.equals("COMMIT") ? AUTOCOMMIT : IN_TRANSACTION);
    }
    played.query("INSERT INTO t VALUES (1)");

    assertThat(played.at(DB1).toldText()).isEqualTo("INSERT INTO t VALUES (1)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SET @a=1", "CALL p()", "SELECT f(1)", "INSERT INTO t VALUES (1)"})
  void transactionThatCannotStayAtAReplicaGoesOnAtThePrimary(String sql) {
    Played played = loggedIn();
    played.query("START TRANSACTION READ ONLY");
    played.at(DB2).serverLetsIn();
    played.ok(IN_TRANSACTION);
    played.said();
    played.query(sql);

    // Whether it may do that is for a server to say.
    assertThat(played.at(DB1).toldText()).isEqualTo("START TRANSACTION READ ONLY");
    played.ok(IN_TRANSACTION);
    assertThat(played.toldText()).isEqualTo(sql);
    assertThat(played.said()).isEmpty();
  }

  @Test
  void transactionThatOnlyReadsAndLosesItsReplicaIsRepeatedAtAnother() {
    Played played = loggedIn();
    played.query("START TRANSACTION READ ONLY");
    played.at(DB2).serverLetsIn();
    played.ok(IN_TRANSACTION);
    played.said();
    played.loseServer();
    played.query("SELECT 1");

    assertThat(Played.text(played.at(DB3).serverLetsInUpTo()))
        .isEqualTo("START TRANSACTION READ ONLY");
    played.ok(IN_TRANSACTION);
    assertThat(played.toldText()).isEqualTo("SELECT 1");
    assertThat(played.said()).isEmpty();
  }

  @Test
  void transactionOfAListenerOfReplicasEndsWhereItBegan() {
    Played played =
        new Played(
            Capability.DEPRECATE_EOF, Settings.Kind.REPLICA, Settings.Reads.USUAL, table(1, DB1));
    played.login("secret");
    played.serverLetsIn();
    played.query("BEGIN");
    played.at(DB1).ok(IN_TRANSACTION);
    played.told();
    played.route(table(1, DB1, DB2));
    played.query("SELECT a FROM t");
    assertThat(played.at(DB1).toldText()).isEqualTo("SELECT a FROM t");
    played.ok(IN_TRANSACTION);
    played.query("COMMIT");
    played.ok(AUTOCOMMIT);
    played.query("SELECT a FROM t");

    assertThat(played.linked).containsExactly(DB1, DB2);
  }

  @Test
  void primaryThatIsLostBesideATransactionAtAReplicaIsNoLoss() {
    Played played = loggedIn();
    played.query("START TRANSACTION READ ONLY");
    played.at(DB2).serverLetsIn();
    played.ok(IN_TRANSACTION);
    played.query("COMMIT");
    played.said();
    played.at(DB1).loseServer();
    played.at(DB2).ok(AUTOCOMMIT);
    assertThat(played.said()).isEqualTo(framed(1, Ok.encode(AUTOCOMMIT)));
    played.query("INSERT INTO t VALUES (1)");

    assertThat(Played.text(played.at(DB1).serverLetsInUpTo()))
        .isEqualTo("INSERT INTO t VALUES (1)");
  }

  @Test
  void readOfALostReplicaIsRepeatedAtAnotherOneUnseen() {
    Played played = loggedIn();
    played.query("SELECT 1");
    played.at(DB2).serverLetsIn();
    played.loseServer();
    assertThat(played.linked).containsExactly(DB1, DB2, DB3);
    played.at(DB3).serverLetsIn();
    played.ok(AUTOCOMMIT);

    assertThat(played.said()).isEqualTo(framed(1, Ok.encode(AUTOCOMMIT)));
  }

  @Test
  void readOfTheLastReplicaIsRepeatedAtThePrimary() {
    Played played = loggedIn();
    played.route(table(1, DB1, DB2));
    played.query("SELECT 1");
    played.at(DB2).serverLetsIn();
    played.loseServer();

    assertThat(played.at(DB1).toldText()).isEqualTo("SELECT 1");
    played.ok(AUTOCOMMIT);
    assertThat(played.said()).isEqualTo(framed(1, Ok.encode(AUTOCOMMIT)));
    played.pass(Duration.ofSeconds(2));
    read(played, "SELECT 2");
    assertThat(played.linked).as("tried again later").containsExactly(DB1, DB2, DB2);
  }

  @Test
  void replicaThatLetsNobodyInIsNoMatter() {
    Played played = loggedIn();
    played.query("SELECT 1");
    played.at(DB2).greet();
    played.server(framed(2, new Err(1045, "28000", "Access denied").encode()));
    played.at(DB3).server(framed(0, new Err(1040, "08004", "Too many connections").encode()));

    assertThat(played.at(DB1).toldText()).isEqualTo("SELECT 1");
    assertThat(played.said()).isEmpty();
  }

  @Test
  void replicaThatSaysNothingIsLeft() {
    Played played = loggedIn();
    played.route(table(1, DB1, DB2));
    played.query("SELECT 1");
    played.pass(Duration.ofSeconds(4));

    assertThat(played.at(DB1).toldText()).isEqualTo("SELECT 1");
  }

  @Test
  void withoutReplicasThePrimaryIsReadFrom() {
    Played played = loggedIn();
    played.route(table(1, DB1));
    played.query("SELECT 1");

    assertThat(played.at(DB1).toldText()).isEqualTo("SELECT 1");
  }

  @Test
  void readsGoOnWithoutAPrimary() {
    Played played = loggedIn();
    read(played, "SELECT 1");
    played.at(DB1).loseServer();
    played.route(new RoutingTable(1, Optional.empty(), true, List.of(DB2, DB3)));
    played.query("SELECT 2");
    assertThat(played.at(DB2).toldText()).isEqualTo("SELECT 2");
    played.ok(AUTOCOMMIT);
    played.client(framed(0, new byte[] {0x0e}));
    assertThat(played.told()).as("a ping").isEqualTo(framed(0, new byte[] {0x0e}));
    played.ok(AUTOCOMMIT);
    played.query("INSERT INTO t VALUES (1)");
    assertThat(played.told()).isEmpty();
    played.route(table(2, DB3, DB2));
    played.at(DB3).serverLetsIn();
    played.ok(AUTOCOMMIT);

    assertThat(played.hungUp).isFalse();
  }

  @Test
  void clientMayComeWithoutAPrimaryAndRead() {
    Played played =
        new Played(
            0,
            Settings.Kind.READ_WRITE_SPLIT,
            Settings.Reads.USUAL,
            new RoutingTable(1, Optional.empty(), true, List.of(DB2)));
    played.login("secret");
    played.at(DB2).serverLetsIn();
    assertThat(played.said()).isEqualTo(framed(2, Ok.encode(AUTOCOMMIT)));
    played.query("SELECT 1");

    assertThat(played.toldText()).isEqualTo("SELECT 1");
  }

  @Test
  void readThatWaitsGoesToAReplicaThatComesBack() {
    Played played = loggedIn();
    played.at(DB1).loseServer();
    played.route(new RoutingTable(1, Optional.empty(), true, List.of()));
    played.query("SELECT 1");
    assertThat(played.servers()).isEmpty();
    played.route(new RoutingTable(1, Optional.empty(), true, List.of(DB3)));

    assertThat(played.linked).containsExactly(DB1, DB3);
  }

  @Test
  void replicaThatLeavesTheTableIsLeft() {
    Played played = loggedIn();
    read(played, "SELECT 1");
    played.route(table(1, DB1, DB3));
    assertThat(played.servers()).containsExactly(DB1);
    read(played, "SELECT 2");

    assertThat(played.linked).containsExactly(DB1, DB2, DB3);
  }

  @Test
  void replicaThatLeavesTheTableMayAnswerFirst() {
    Played played = loggedIn();
    played.query("SELECT 1");
    played.at(DB2).serverLetsIn();
    played.route(table(1, DB1, DB3));
    played.ok(AUTOCOMMIT);

    assertThat(played.said()).isEqualTo(framed(1, Ok.encode(AUTOCOMMIT)));
    assertThat(played.servers()).as("drained").containsExactly(DB1);
  }

  @Test
  void replicaThatLagsIsNotReadFrom() {
    Settings.Reads reads =
        new Settings.Reads(
            "", OptionalLong.of(5), true, Settings.Causal.OFF, Duration.ofSeconds(1));
    Played played = loggedIn(reads);
    played.fleet.lags(DB2, 6);
    played.fleet.lags(DB3, 5);
    read(played, "SELECT 1");
    assertThat(played.linked).containsExactly(DB1, DB3);
    played.fleet.lagsUnknown(DB3);
    played.query("SELECT 2");

    assertThat(played.at(DB1).toldText()).isEqualTo("SELECT 2");
  }

  @Test
  void settingsFollowToTheReplica() {
    Played played = loggedIn();
    played.query("SET sql_mode=''");
    played.at(DB1).server(MODE_SET);
    played.query("SELECT 1");
    assertThat(played.at(DB2).serverLetsIn())
        .containsExactly(Memory.TELL_ALL, "SET @@session.sql_mode=''");
    played.ok(AUTOCOMMIT);
    played.query("SET sql_mode=''");
    played.at(DB1).server(MODE_SET);
    played.query("USE shop");
    played.server("00 00 00 0240 0000 00 07 01 05 0473686f70");
    played.at(DB2).told();
    played.query("SELECT 2");

    assertThat(played.at(DB2).toldText()).isEqualTo("USE `shop`");
    played.ok(AUTOCOMMIT);
    assertThat(played.toldText()).isEqualTo("SET @@session.sql_mode=''");
    played.ok(AUTOCOMMIT);
    assertThat(played.toldText()).isEqualTo("SELECT 2");
    played.ok(AUTOCOMMIT);
    played.query("SELECT 3");
    assertThat(played.toldText()).as("told once").isEqualTo("SELECT 3");
  }

  @Test
  void replicaThatCannotFollowIsLeft() {
    Played played = loggedIn();
    played.route(table(1, DB1, DB2));
    read(played, "SELECT 1");
    played.query("SET sql_mode=''");
    played.at(DB1).server(MODE_SET);
    played.told();
    played.query("SELECT 2");
    played.at(DB2).server(framed(1, new Err(1231, "42000", "cannot be set").encode()));

    assertThat(played.at(DB1).toldText()).isEqualTo("SELECT 2");
    assertThat(played.servers()).containsExactly(DB1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SET @a=1",
        "CREATE TEMPORARY TABLE x (a INT)",
        "SELECT GET_LOCK('x', 1)",
        "LOCK TABLES t READ",
        "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"
      })
  void whatCannotFollowKeepsTheSessionAtThePrimary(String sql) {
    Played played = loggedIn();
    played.query(sql);
    played.at(DB1).ok(AUTOCOMMIT);
    played.told();
    played.query("SELECT 1");

    assertThat(played.at(DB1).toldText()).isEqualTo("SELECT 1");
  }

  @Test
  void withoutAutocommitEverythingIsATransaction() {
    Played played = loggedIn();
    played.query("SET autocommit=0");
    played.at(DB1).server("00 00 00 0040 0000 00 11 00 0f 0a6175746f636f6d6d6974 03 4f4646");
    played.told();
    played.query("SELECT 1");

    assertThat(played.at(DB1).toldText()).isEqualTo("SELECT 1");
  }

  @Test
  void questionAboutTheLastStatementGoesWhereItWent() {
    Played played = loggedIn();
    read(played, "SELECT 1");
    played.query("SHOW WARNINGS");
    assertThat(played.at(DB2).toldText()).isEqualTo("SHOW WARNINGS");
    played.ok(AUTOCOMMIT);
    played.query("INSERT INTO t VALUES (1)");
    played.at(DB1).ok(AUTOCOMMIT);
    played.told();
    played.query("SHOW WARNINGS");

    assertThat(played.at(DB1).toldText()).isEqualTo("SHOW WARNINGS");
  }

  @Test
  void hintedFunctionThatWritesIsDoneByThePrimary() {
    Played played = loggedIn();
    played.query("SELECT f(1) -- regent route to replica");
    played.at(DB2).serverLetsIn();
    played.server(
        framed(1, new Err(1290, "HY000", "running with the --read-only option").encode()));

    assertThat(played.at(DB1).toldText()).startsWith("SELECT f(1)");
    assertThat(played.said()).isEmpty();
  }

  @Test
  void resetSessionForgetsItsReplica() {
    Played played = loggedIn();
    read(played, "SELECT 1");
    played.client(framed(0, new byte[] {0x1f}));
    played.at(DB1).ok(AUTOCOMMIT);

    assertThat(played.servers()).containsExactly(DB1);
  }

  @Test
  void replicaHearsOfAnOptionInItsNextLogin() {
    Played played = loggedIn();
    read(played, "SELECT 1");
    played.client(framed(0, new byte[] {0x1b, 0, 0}));
    played.at(DB1).ok(AUTOCOMMIT);

    assertThat(played.servers()).containsExactly(DB1);
  }

  @Test
  void preparedStatementsAreWhereTheyAreNeeded() {
    Played played = loggedIn();
    read(played, "SELECT 1");
    played.client(framed(0, new PacketWriter().int1(0x16).text("SELECT 1").payload()));
    assertThat(played.at(DB1).told()).isNotEmpty();
    played.server("00 07000000 0000 0000 00 0000");
    played.query("SELECT 2");
    assertThat(played.at(DB2).toldText()).isEqualTo("SELECT 2");
    played.ok(AUTOCOMMIT);
    played.said();
    played.client(framed(0, new PacketWriter().int1(0x17).int4(1).int1(0).int4(1).payload()));
    assertThat(played.at(DB2).toldText()).as("prepared at the replica, too").isEqualTo("SELECT 1");
    played.server("00 03000000 0000 0000 00 0000");
    byte[] execution = new PacketWriter().int1(0x17).int4(3).int1(0).int4(1).payload();
    assertThat(played.told()).isEqualTo(framed(0, execution));
    played.ok(AUTOCOMMIT);
    played.client(framed(0, new PacketWriter().int1(0x19).int4(1).payload()));

    assertThat(played.at(DB2).told())
        .isEqualTo(framed(0, new PacketWriter().int1(0x19).int4(3).payload()));
    assertThat(played.at(DB1).told())
        .isEqualTo(framed(0, new PacketWriter().int1(0x19).int4(7).payload()));
  }

  @Test
  void whatIsUnderWayIsCounted() {
    Played played = loggedIn();
    played.query("SELECT 1");
    played.at(DB2).serverLetsIn();
    assertThat(played.fleet.statements(DB2)).isEqualTo(1);
    assertThat(played.fleet.sessions(DB2)).isEqualTo(1);
    assertThat(played.session.busy()).as("at the primary").isFalse();
    played.ok(AUTOCOMMIT);
    assertThat(played.fleet.statements(DB2)).isZero();
    played.client(framed(0, new byte[] {1}));

    assertThat(played.fleet.sessions(DB2)).isZero();
    assertThat(played.servers()).isEmpty();
  }

  static Played loggedIn() {
    return loggedIn(Settings.Reads.USUAL);
  }

  static Played loggedIn(Settings.Reads reads) {
    Played played =
        new Played(
            Capability.DEPRECATE_EOF,
            Settings.Kind.READ_WRITE_SPLIT,
            reads,
            table(1, DB1, DB2, DB3));
    played.login("secret");
    played.serverLetsIn();
    assertThat(played.said()).as("login").isEqualTo(framed(2, Ok.encode(AUTOCOMMIT)));
    return played;
  }

  /** A first read at the replica that is linked for it. */
  static void read(Played played, String sql) {
    played.query(sql);
    assertThat(played.linked.getLast()).isNotEqualTo(DB1);
    played.at(played.linked.getLast()).serverLetsIn();
    played.ok(AUTOCOMMIT);
    played.said();
  }
}
