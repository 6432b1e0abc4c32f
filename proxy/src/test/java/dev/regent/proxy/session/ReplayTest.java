package dev.regent.proxy.session;

import static dev.regent.proxy.session.Played.AUTOCOMMIT;
import static dev.regent.proxy.session.Played.DB1;
import static dev.regent.proxy.session.Played.DB2;
import static dev.regent.proxy.session.Played.IN_TRANSACTION;
import static dev.regent.proxy.session.Played.framed;
import static dev.regent.proxy.session.Played.held;
import static dev.regent.proxy.session.Played.primary;
import static dev.regent.proxy.session.Played.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.proxy.wire.Err;
import dev.regent.proxy.wire.MalformedPacketException;
import dev.regent.proxy.wire.Ok;
import dev.regent.proxy.wire.Script;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transactions that are repeated on another server, and those that are not. */
class ReplayTest {
  private static final String COLUMN =
      "03 646566 00 00 00 01 61 00 0c 3f00 0b000000 03 0000 00 0000";
  private static final byte[] READ_ONLY =
      framed(
          1,
          new Err(1290, "HY000", "The MariaDB server is running with the --read-only option")
              .encode());

  /** A transaction with a write and a read, open and idle. */
  private static Played open() {
    Played played = Played.loggedIn();
    played.query("BEGIN");
    played.ok(IN_TRANSACTION);
    played.query("UPDATE t SET a = 1");
    played.ok(IN_TRANSACTION);
    played.query("SELECT a FROM t");
    played.server(row("0131"));
    played.said();
    played.told();
    return played;
  }

  private static byte[] row(String row) {
    return new Script(1).hex("01").hex(COLUMN).hex(row).hex("fe 00 00 0300 0000").bytes();
  }

  @Test
  void openTransactionIsRepeatedBeforeItsNextStatement() {
    Played played = open();
    played.loseServer();
    played.route(primary(2, DB2));
    played.query("UPDATE t SET a = 2");

    assertThat(text(played.serverLetsInUpTo())).isEqualTo("BEGIN");
    played.ok(IN_TRANSACTION);
    assertThat(played.toldText()).isEqualTo("UPDATE t SET a = 1");
    played.ok(IN_TRANSACTION);
    assertThat(played.toldText()).isEqualTo("SELECT a FROM t");
    played.server(row("0131"));
    assertThat(played.said()).as("heard by the client").isEmpty();
    assertThat(played.toldText()).isEqualTo("UPDATE t SET a = 2");
    played.ok(IN_TRANSACTION);
    assertThat(played.said()).isEqualTo(framed(1, Ok.encode(IN_TRANSACTION)));
    assertThat(played.linked).containsExactly(DB1, DB2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UPDATE t SET a = 2", "SELECT b FROM t"})
  void statementThatWasUnderWayFollowsItsTransaction(String sql) {
    Played played = open();
    played.query(sql);
    played.told();
    played.route(primary(2, DB2));
    played.serverLetsInUpTo();
    played.ok(IN_TRANSACTION);
    played.ok(IN_TRANSACTION);
    played.told();
    played.server(row("0131"));

    assertThat(played.toldText()).isEqualTo(sql);
    assertThat(played.said()).isEmpty();
  }

  @Test
  void transactionThatReadsSomethingElseIsToldToBeLost() throws MalformedPacketException {
    Played played = open();
    played.loseServer();
    played.route(primary(2, DB2));
    played.query("COMMIT");
    played.serverLetsInUpTo();
    played.ok(IN_TRANSACTION);
    played.ok(IN_TRANSACTION);
    played.told();
    played.server(row("0132"));

    Err error = played.error();
    assertThat(error.code()).isEqualTo(1213);
    assertThat(error.message()).contains("the new server answered it otherwise");
    assertThat(played.told()).as("no COMMIT of what the client does not know").isEmpty();
    assertThat(played.isLinked()).isFalse();
    assertThat(played.hungUp).isFalse();
  }

  @Test
  void lostCommitIsUnknown() throws MalformedPacketException {
    Played played = open();
    played.query("COMMIT");
    played.told();
    played.route(primary(2, DB2));

    assertThat(played.error().state()).isEqualTo("08007");
    assertThat(played.hungUp).isTrue();
    assertThat(played.linked).containsExactly(DB1);
  }

  @Test
  void readOnlyServersRefusalInsideATransactionIsNotHeard() {
    Played played = open();
    played.query("UPDATE t SET a = 2");
    played.told();
    played.server(READ_ONLY);
    assertThat(played.said()).isEmpty();
    played.route(primary(2, DB2));
    assertThat(text(played.serverLetsInUpTo())).isEqualTo("BEGIN");
    played.ok(IN_TRANSACTION);
    played.ok(IN_TRANSACTION);
    played.told();
    played.server(row("0131"));

    assertThat(played.toldText()).isEqualTo("UPDATE t SET a = 2");
    assertThat(played.said()).isEmpty();
  }

  @Test
  void repetitionStopsWhileWritesAreHeld() {
    Played played = open();
    played.loseServer();
    played.route(primary(2, DB2));
    played.query("COMMIT");
    played.serverLetsInUpTo();
    played.route(held(2, DB2));
    assertThat(played.isLinked()).isFalse();
    played.route(primary(3, DB1));

    assertThat(text(played.serverLetsInUpTo())).isEqualTo("BEGIN");
    assertThat(played.linked).containsExactly(DB1, DB2, DB1);
  }

  @Test
  void serverThatIsLostEachTimeEndsTheAttempts() throws MalformedPacketException {
    Played played = open();
    played.query("UPDATE t SET a = 2");
    played.told();
    played.loseServer();
    for (int i = 0; i < Replaying.ATTEMPTS_MAX; i++) {
      assertThat(played.said()).isEmpty();
      played.pass(Duration.ofMillis(100));
      assertThat(text(played.serverLetsInUpTo())).isEqualTo("BEGIN");
      played.loseServer();
    }

    assertThat(played.error().message()).contains("each time that it was repeated");
    assertThat(played.hungUp).isFalse();
  }

  @Test
  void serverThatCannotBeReachedIsNoAttempt() {
    Played played = open();
    played.query("UPDATE t SET a = 2");
    played.told();
    played.loseServer();
    for (int i = 0; i < 3 * Replaying.ATTEMPTS_MAX; i++) {
      played.pass(Duration.ofMillis(100));
      played.loseServer();
    }
    played.pass(Duration.ofMillis(100));

    assertThat(played.said()).isEmpty();
    assertThat(text(played.serverLetsInUpTo())).isEqualTo("BEGIN");
  }

  @Test
  void whoTakesTheLostTransactionBackHasIt() {
    Played played = open();
    played.loseServer();
    played.route(primary(2, DB2));
    played.query("ROLLBACK");

    assertThat(text(played.serverLetsInUpTo())).isEqualTo("ROLLBACK");
    played.ok(AUTOCOMMIT);
    played.said();
    played.query("SELECT 1");
    assertThat(played.toldText()).isEqualTo("SELECT 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"SET sql_mode = ''", "CALL p()", "BEGIN; SELECT 1", "LOAD DATA INFILE 'x'"})
  void unclearStatementForbidsTheRepetition(String sql) throws MalformedPacketException {
    Played played = open();
    played.query(sql);
    played.ok(IN_TRANSACTION);
    played.said();
    played.loseServer();
    played.route(primary(2, DB2));
    played.query("COMMIT");

    assertThat(played.error().code()).isEqualTo(1213);
    assertThat(played.linked).containsExactly(DB1);
  }

  @Test
  void whatIsInTheBinaryLogAlreadyForbidsTheRepetition() throws MalformedPacketException {
    Played played = open();
    played.query("INSERT INTO no_transactions VALUES (1)");
    // OK with IN_TRANSACTION and last_gtid, as MariaDB 11.4 answers for an Aria table.
    played.server(
        new Script(1)
            .hex("00 01 00 0340 0000 00 13 00 11 09 6c6173745f67746964 06 302d392d3132")
            .bytes());
    played.said();
    played.loseServer();
    played.route(primary(2, DB2));
    played.query("COMMIT");

    assertThat(played.error().message()).contains("no rollback takes back");
    assertThat(played.linked).containsExactly(DB1);
  }

  @Test
  void isolationOfTheNextTransactionIsAgreedAgain() {
    Played played = Played.loggedIn();
    played.query("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
    played.ok(AUTOCOMMIT);
    played.loseServer();
    played.route(primary(2, DB2));
    played.query("BEGIN");
    assertThat(text(played.serverLetsInUpTo()))
        .isEqualTo("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
    played.ok(AUTOCOMMIT);
    assertThat(played.toldText()).isEqualTo("BEGIN");
    played.ok(IN_TRANSACTION);
    played.route(primary(3, DB1));
    played.query("COMMIT");
    assertThat(text(played.serverLetsInUpTo()))
        .isEqualTo("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
    played.ok(AUTOCOMMIT);
    assertThat(played.toldText()).isEqualTo("BEGIN");
    played.ok(IN_TRANSACTION);
    assertThat(played.toldText()).isEqualTo("COMMIT");
    played.ok(AUTOCOMMIT);
    played.route(primary(4, DB2));
    played.query("BEGIN");

    assertThat(text(played.serverLetsInUpTo())).as("of one transaction only").isEqualTo("BEGIN");
  }

  @Test
  void firstChangeThatIsNotCommittedByItselfIsSentAgain() {
    Played played = Played.loggedIn();
    played.query("SET autocommit=0");
    // OK without AUTOCOMMIT, as MariaDB 11.4 answers.
    played.server("00 00 00 0040 0000 00 14 00 0f 0a 6175746f636f6d6d6974 03 4f4646 02 01 31");
    played.said();
    played.query("INSERT INTO t VALUES (1)");
    played.told();
    played.loseServer();
    played.route(primary(2, DB2));

    // serverLetsInUpTo has answered that autocommit is off there, too.
    assertThat(text(played.serverLetsInUpTo())).isEqualTo("INSERT INTO t VALUES (1)");
    assertThat(played.said()).isEmpty();
  }

  @Test
  void numberOfTheLastRowIsThatFromBeforeTheTransaction() {
    Played played = Played.loggedIn();
    played.query("INSERT INTO parent VALUES (NULL)");
    played.server("00 01 0a 0200 0000");
    played.query("BEGIN");
    played.ok(IN_TRANSACTION);
    played.query("INSERT INTO child VALUES (NULL, LAST_INSERT_ID())");
    played.server("00 01 4d 0300 0000");
    played.said();
    played.loseServer();
    played.route(primary(2, DB2));
    played.query("COMMIT");

    assertThat(played.serverLetsIn()).contains("SET @@session.last_insert_id=10");
  }

  @Test
  void procedureThatWasRefusedHalfWayIsNotRepeated() throws MalformedPacketException {
    Played played = Played.loggedIn();
    played.query("CALL p()");
    played.told();
    played.server(READ_ONLY);

    assertThat(played.error().code()).isEqualTo(1290);
  }

  @Test
  void definitionThatWasRefusedWaits() {
    Played played = Played.loggedIn();
    played.query("CREATE TABLE t (a INT)");
    played.told();
    played.server(READ_ONLY);

    assertThat(played.said()).isEmpty();
  }

  @Test
  void statementThatFailedInATransactionIsFollowedByAQuestion() throws MalformedPacketException {
    Played played = open();
    played.query("CREATE TABLE t (a INT)");
    played.told();
    played.server(framed(1, new Err(1050, "42S01", "Table 't' already exists").encode()));
    assertThat(played.error().code()).isEqualTo(1050);
    assertThat(played.told()).isEqualTo(framed(0, new byte[] {0x0e}));
    played.ok(AUTOCOMMIT);
    played.loseServer();
    played.route(primary(2, DB2));
    played.query("SELECT 1");

    // It was committed before the definition: nothing is lost, and nothing is repeated.
    assertThat(text(played.serverLetsInUpTo())).isEqualTo("SELECT 1");
  }

  @Test
  void tooLongTransactionIsNotRepeated() throws MalformedPacketException {
    Played played = open();
    for (int i = 0; i < 11; i++) {
      played.query("UPDATE t SET a = '" + "x".repeat(100_000) + "'");
      played.ok(IN_TRANSACTION);
    }
    played.said();
    played.loseServer();
    played.route(primary(2, DB2));
    played.query("SELECT 1");

    assertThat(played.error().message()).contains("continuity.replay_max");
  }

  @Test
  void nextTransactionIsNotBurdenedWithTheLastOne() {
    Played played = open();
    played.query("COMMIT");
    played.ok(AUTOCOMMIT);
    played.query("BEGIN");
    played.ok(IN_TRANSACTION);
    played.loseServer();
    played.route(primary(2, DB2));
    played.query("SELECT 1");

    assertThat(text(played.serverLetsInUpTo())).isEqualTo("BEGIN");
    played.ok(IN_TRANSACTION);
    assertThat(played.toldText()).isEqualTo("SELECT 1");
  }

  @Test
  void whatIsKeptIsGivenBack() {
    Played played = open();
    assertThat(played.budget.taken()).isPositive();
    played.query("COMMIT");
    played.ok(AUTOCOMMIT);

    assertThat(played.budget.taken()).isZero();
    Played gone = open();
    gone.client(framed(0, new byte[] {1}));
    assertThat(gone.budget.taken()).isZero();
  }
}
