package dev.regent.proxy.session;

import static dev.regent.proxy.session.Played.AUTOCOMMIT;
import static dev.regent.proxy.session.Played.DB1;
import static dev.regent.proxy.session.Played.DB2;
import static dev.regent.proxy.session.Played.IN_TRANSACTION;
import static dev.regent.proxy.session.Played.framed;
import static dev.regent.proxy.session.Played.held;
import static dev.regent.proxy.session.Played.primary;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.proxy.wire.Err;
import dev.regent.proxy.wire.MalformedPacketException;
import dev.regent.proxy.wire.Ok;
import dev.regent.proxy.wire.Script;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a session does with what was lost with its server. */
class LossTest {
  private static final String COLUMN =
      "03 646566 00 00 00 01 61 00 0c 3f00 0b000000 03 0000 00 0000";
  private static final byte[] READ_ONLY =
      framed(
          1,
          new Err(
                  1290,
                  "HY000",
                  "The MariaDB server is running with the --read-only option so it cannot execute"
                      + " this statement")
              .encode());

  @Test
  void writeInFlightIsUnknownAndNeverRepeated() throws MalformedPacketException {
    Played played = Played.loggedIn();
    played.query("INSERT INTO t VALUES (1)");
    played.told();
    played.route(primary(2, DB2));

    Err error = played.error();
    assertThat(error.code()).isEqualTo(2013);
    assertThat(error.state()).isEqualTo("08007");
    assertThat(played.hungUp).isTrue();
    assertThat(played.linked).containsExactly(DB1);
  }

  @Test
  void holdBeginsWithTheStatementThatWaits() {
    Played played = Played.loggedIn();
    played.pass(Duration.ofMinutes(10));
    played.loseServer();
    played.route(held(1, DB1));
    played.query("SELECT a FROM t");
    played.pass(Duration.ofSeconds(1));
    assertThat(played.said()).isEmpty();
    played.route(primary(2, DB2));

    assertThat(played.linked).containsExactly(DB1, DB2);
  }

  /** Whatever it has set is gone with the session that had it set. */
  @Test
  void settingInFlightIsSentAgain() {
    Played played = Played.loggedIn();
    played.query("SET sql_mode='ANSI', max_statement_time=5");
    played.told();
    played.route(primary(2, DB2));
    played.serverLetsIn();
    played.ok(0);

    assertThat(played.said()).isNotEmpty();
    assertThat(played.hungUp).isFalse();
    assertThat(played.linked).containsExactly(DB1, DB2);
  }

  @Test
  void readInFlightIsRepeatedUnseen() {
    Played played = Played.loggedIn();
    played.query("SELECT a FROM t");
    played.told();
    played.loseServer();
    played.pass(Duration.ofSeconds(1));
    played.route(primary(2, DB2));
    played.serverLetsIn();
    // serverLetsIn has read what was told; the answer shows that it was asked.
    byte[] answer =
        new Script(1).hex("01").hex(COLUMN).hex("0131").hex("fe 00 00 0200 0000").bytes();
    played.server(answer);

    assertThat(played.said()).isEqualTo(answer);
    assertThat(played.hungUp).isFalse();
  }

  @Test
  void readWithHalfItsRowsIsNotRepeated() throws MalformedPacketException {
    Played played = Played.loggedIn();
    played.query("SELECT a FROM t");
    played.server(new Script(1).hex("01").hex(COLUMN).hex("0131").bytes());
    played.said();
    played.loseServer();

    byte[] said = played.said();
    assertThat(said[3]).as("sequence").isEqualTo((byte) 4);
    assertThat(Err.decode(dev.regent.proxy.wire.Bytes.of(said).part(4, said.length)).state())
        .isEqualTo("08S01");
    assertThat(played.hungUp).isTrue();
  }

  @Test
  void halfARowCannotBeAnswered() {
    Played played = Played.loggedIn();
    played.query("SELECT a FROM t");
    byte[] rows = new Script(1).hex("01").hex(COLUMN).hex("04 61626364").bytes();
    played.server(dev.regent.proxy.wire.Bytes.of(rows).copy(0, rows.length - 2));
    played.said();
    played.loseServer();

    assertThat(played.said()).isEmpty();
    assertThat(played.hungUp).isTrue();
  }

  @Test
  void lostTransactionIsToldOnceAndTheSessionGoesOn() throws MalformedPacketException {
    Played played = Played.loggedIn();
    played.query("INSERT INTO t VALUES (1)");
    played.ok(IN_TRANSACTION);
    played.said();
    played.loseServer();
    played.route(primary(2, DB2));
    assertThat(played.said()).isEmpty();
    played.query("COMMIT");

    Err error = played.error();
    assertThat(error.code()).isEqualTo(1213);
    assertThat(error.state()).isEqualTo("40001");
    assertThat(played.hungUp).isFalse();
    played.query("BEGIN");
    assertThat(played.linked).containsExactly(DB1, DB2);
  }

  @Test
  void whoTakesALostTransactionBackHearsNoError() {
    Played played = Played.loggedIn();
    played.query("INSERT INTO t VALUES (1)");
    played.ok(IN_TRANSACTION);
    played.said();
    played.route(primary(2, DB2));
    played.query("ROLLBACK");
    played.serverLetsIn();

    assertThat(played.said()).isEmpty();
    assertThat(played.linked).containsExactly(DB1, DB2);
  }

  @Test
  void transactionThatWaitsHearsOfItsLossAtOnce() throws MalformedPacketException {
    Played played = Played.loggedIn();
    played.query("INSERT INTO t VALUES (1)");
    played.ok(IN_TRANSACTION);
    played.said();
    played.route(held(1, DB1));
    played.query("UPDATE t SET a=2");
    assertThat(played.said()).isEmpty();
    played.loseServer();

    assertThat(played.error().code()).isEqualTo(1213);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UPDATE t SET a=1", "SELECT a FROM t", "DELETE FROM t"})
  void statementThatCannotCommitIsCertainlyRolledBack(String sql) throws MalformedPacketException {
    Played played = Played.loggedIn();
    played.query("INSERT INTO t VALUES (1)");
    played.ok(IN_TRANSACTION);
    played.said();
    played.query(sql);
    played.loseServer();

    assertThat(played.error().code()).isEqualTo(1213);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "COMMIT",
        "CREATE TABLE u (a INT)",
        "CALL p()",
        "UPDATE t SET a=1; COMMIT",
        "SET autocommit=1"
      })
  void statementThatMayCommitIsUnknown(String sql) throws MalformedPacketException {
    Played played = Played.loggedIn();
    played.query("INSERT INTO t VALUES (1)");
    played.ok(IN_TRANSACTION);
    played.said();
    played.query(sql);
    played.loseServer();

    assertThat(played.error().state()).isEqualTo("08007");
  }

  @Test
  void readOnlyServersRefusalNeverReachesTheClient() {
    Played played = Played.loggedIn();
    played.query("INSERT INTO t VALUES (1)");
    played.told();
    played.route(held(1, DB1));
    played.server(READ_ONLY);
    assertThat(played.said()).isEmpty();
    played.pass(Duration.ofSeconds(10));
    assertThat(played.told()).isEmpty();
    played.route(primary(2, DB2));
    played.serverLetsIn();
    played.ok(AUTOCOMMIT);

    assertThat(played.said()).isEqualTo(framed(1, Ok.encode(AUTOCOMMIT)));
  }

  @Test
  void serverThatStaysReadOnlyIsBelievedAfterAWhile() throws MalformedPacketException {
    Played played = Played.loggedIn();
    played.query("INSERT INTO t VALUES (1)");
    for (int i = 0; i < 1000 && played.isLinked() && played.told().length > 0; i++) {
      played.server(READ_ONLY);
      played.pass(Duration.ofMillis(50));
    }

    assertThat(played.error().code()).isEqualTo(1290);
    assertThat(played.hungUp).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SET @a=1",
        "SELECT 1 INTO @a",
        "select @a := 1",
        "CREATE TEMPORARY TABLE x (a INT)",
        "LOCK TABLES t WRITE",
        "SELECT GET_LOCK('x', 1)",
        "PREPARE s FROM 'SELECT 1'"
      })
  void whatCannotMoveEndsWithOneError(String sql) throws MalformedPacketException {
    Played played = Played.loggedIn();
    played.query(sql);
    played.ok(AUTOCOMMIT);
    played.said();
    played.route(primary(2, DB2));
    assertThat(played.hungUp).isFalse();
    played.query("SELECT 1");

    assertThat(played.error().code()).isEqualTo(1927);
    assertThat(played.hungUp).isTrue();
    assertThat(played.linked).containsExactly(DB1);
  }

  @Test
  void nonsenseOfAServerIsTheLossOfIt() throws MalformedPacketException {
    Played played = Played.loggedIn();
    played.query("INSERT INTO t VALUES (1)");
    played.server("fe 0000 0200");

    assertThat(played.error().state()).isEqualTo("08007");
  }
}
