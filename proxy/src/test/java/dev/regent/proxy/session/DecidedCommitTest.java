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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A COMMIT whose server is lost, on a listener that decides what became of it. */
class DecidedCommitTest {
  private static final String COLUMN =
      "03 646566 00 00 00 01 61 00 0c 3f00 0b000000 03 0000 00 0000";

  /** OK, in a transaction, that tells {@code last_gtid=0-1-9}. */
  private static final String LOGGED =
      "00 01 00 0340 0000 00 12 00 10 09 6c6173745f67746964 05 302d312d39";

  /** A transaction with one write, whose COMMIT is asked for. */
  private static Played committing() {
    Played played = Played.deciding("regent.commit_token");
    played.query("BEGIN");
    played.ok(IN_TRANSACTION);
    played.query("UPDATE t SET a = 1");
    played.ok(IN_TRANSACTION);
    played.said();
    played.told();
    played.query("COMMIT");
    return played;
  }

  /** The same, with the token written and the COMMIT on its way. */
  private static Played committed() {
    Played played = committing();
    played.told();
    played.ok(IN_TRANSACTION);
    assertThat(played.toldText()).isEqualTo("COMMIT");
    return played;
  }

  private static void row(Played played, String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    StringBuilder hex = new StringBuilder(String.format("%02x", text.length));
    for (byte b : text) {
      hex.append(String.format("%02x", b));
    }
    played.server(
        new Script(1).hex("01").hex(COLUMN).hex(hex.toString()).hex("fe 00 00 0200 0000").bytes());
  }

  @Test
  void tokenIsWrittenInsideTheTransactionJustBeforeItsCommit() {
    Played played = committing();
    assertThat(played.toldText())
        .startsWith("INSERT INTO `regent`.`commit_token` (session,number) VALUES ('")
        .contains("',1) ON DUPLICATE KEY UPDATE");
    assertThat(played.said()).isEmpty();
    played.ok(IN_TRANSACTION);
    assertThat(played.toldText()).isEqualTo("COMMIT");
    played.ok(AUTOCOMMIT);
    assertThat(played.said()).isEqualTo(framed(1, Ok.encode(AUTOCOMMIT)));
  }

  /**
   * The next server lets the session in, and takes writes; then it says how many rows there are.
   */
  private static void finds(Played played, String rows) {
    assertThat(text(played.serverLetsInUpTo()))
        .isEqualTo("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
    played.ok(AUTOCOMMIT);
    assertThat(played.toldText()).isEqualTo("START TRANSACTION");
    played.ok(IN_TRANSACTION);
    assertThat(played.toldText())
        .startsWith("SELECT COUNT(*) FROM `regent`.`commit_token` WHERE session='")
        .endsWith("' AND number=1 FOR UPDATE");
    row(played, rows);
    assertThat(played.toldText())
        .startsWith("UPDATE `regent`.`commit_token` SET at=at+INTERVAL 1 SECOND WHERE session='")
        .endsWith("' AND number=1");
    played.ok(IN_TRANSACTION);
    assertThat(played.toldText()).isEqualTo("COMMIT");
    played.ok(AUTOCOMMIT);
    assertThat(played.toldText()).isEqualTo("SELECT @@GLOBAL.gtid_binlog_pos");
    assertThat(played.said()).as("before it is certain").isEmpty();
    row(played, "0-2-77");
  }

  @Test
  void commitWhoseTokenIsFoundIsToldToHaveSucceeded() {
    Played played = committed();
    played.loseServer();
    played.route(primary(2, DB2));
    finds(played, "1");
    assertThat(played.said()).isEqualTo(framed(1, Ok.encode(AUTOCOMMIT)));
    assertThat(played.hungUp).isFalse();
    played.query("SELECT 1");
    assertThat(played.toldText()).isEqualTo("SELECT 1");
  }

  @Test
  void commitWhoseTokenIsMissingIsRepeatedWithItsTransactionAndMarkedAnew() {
    Played played = committed();
    played.loseServer();
    played.route(primary(2, DB2));
    finds(played, "0");
    assertThat(text(played.serverLetsInUpTo())).isEqualTo("BEGIN");
    played.ok(IN_TRANSACTION);
    assertThat(played.toldText()).isEqualTo("UPDATE t SET a = 1");
    played.ok(IN_TRANSACTION);
    assertThat(played.toldText()).contains("',2) ON DUPLICATE KEY UPDATE");
    played.ok(IN_TRANSACTION);
    assertThat(played.toldText()).isEqualTo("COMMIT");
    assertThat(played.said()).isEmpty();
    played.ok(AUTOCOMMIT);
    assertThat(played.said()).isEqualTo(framed(1, Ok.encode(AUTOCOMMIT)));
    assertThat(played.linked).containsExactly(DB1, DB1, DB2, DB2);
  }

  /**
   * It may have lost in its crash what a replica has, which will lead; or have what nobody else
   * has. Nothing is told and nothing repeated before somebody takes writes.
   */
  @Test
  void serverThatOnlyStartedAgainIsNotBelieved() {
    Played played = committed();
    played.loseServer();
    played.serverIsClosed();
    assertThat(played.isLinked()).isFalse();
    assertThat(played.said()).isEmpty();
    played.route(primary(2, DB2));
    finds(played, "1");
    assertThat(played.said()).isEqualTo(framed(1, Ok.encode(AUTOCOMMIT)));
  }

  @Test
  void lookStopsWhereWritesAreHeld() {
    Played played = committed();
    played.loseServer();
    played.serverLetsInUpTo();
    played.route(held(1, DB1));
    assertThat(played.isLinked()).isFalse();
    played.route(primary(2, DB2));
    finds(played, "1");
    assertThat(played.said()).isEqualTo(framed(1, Ok.encode(AUTOCOMMIT)));
  }

  /**
   * The doubt stays while one server after the other is lost: nothing is repeated before it ends.
   */
  @Test
  void serverThatIsLostWhileItIsAskedLeavesTheDoubt() {
    Played played = committed();
    played.loseServer();
    played.route(primary(2, DB2));
    played.serverLetsInUpTo();
    played.loseServer();
    played.route(primary(3, DB1));
    finds(played, "1");
  }

  /** "Not executed" would be a lie. */
  @Test
  void serverThatLetsNobodyInLeavesTheOutcomeUnknown() throws MalformedPacketException {
    Played played = committed();
    played.loseServer();
    played.route(primary(2, DB2));
    played.server(framed(0, new Err(1203, "42000", "too many of that user").encode()));
    assertThat(played.error().state()).isEqualTo("08007");
  }

  @Test
  void passwordThatExpiredMeanwhileLeavesTheOutcomeUnknown() throws MalformedPacketException {
    Played played = committed();
    played.loseServer();
    played.route(primary(2, DB2));
    played.greet();
    played.told();
    played.server(framed(2, Ok.encode(AUTOCOMMIT)));
    played.server(framed(1, new Err(1820, "HY000", "You must SET PASSWORD").encode()));
    assertThat(played.error().state()).isEqualTo("08007");
  }

  @Test
  void doubtThatOutlastsTheHoldIsTold() throws MalformedPacketException {
    Played played = committed();
    played.loseServer();
    played.pass(Played.HOLD.plus(Duration.ofSeconds(1)));
    assertThat(played.error().state()).isEqualTo("08007");
    assertThat(played.hungUp).isTrue();
  }

  @Test
  void serverThatCannotTellLeavesTheOutcomeUnknown() throws MalformedPacketException {
    Played played = committed();
    played.loseServer();
    played.route(primary(2, DB2));
    played.serverLetsInUpTo();
    played.server(framed(1, new Err(1205, "HY000", "Lock wait timeout exceeded").encode()));
    assertThat(played.error().state()).isEqualTo("08007");
  }

  /** Without the table, or the right to write to it, all is as on a listener without tokens. */
  @ParameterizedTest
  @ValueSource(ints = {1142, 1146, 1364, 1792})
  void serverThatTakesNoTokensCommitsWithout(int code) throws MalformedPacketException {
    Played played = committing();
    played.told();
    played.server(framed(1, new Err(code, "42000", "no").encode()));
    assertThat(played.told()[4])
        .as("asks whether the transaction is still there")
        .isEqualTo((byte) 14);
    played.ok(IN_TRANSACTION);
    assertThat(played.toldText()).isEqualTo("COMMIT");
    played.loseServer();
    played.route(primary(2, DB2));
    assertThat(played.error().state()).isEqualTo("08007");
  }

  /** A deadlock takes the transaction back: its COMMIT alone would succeed with nothing in it. */
  @Test
  void transactionThatDiedOfItsTokenIsRepeatedAFewTimes() throws MalformedPacketException {
    Played played = committing();
    for (int i = 1; i < Replaying.ATTEMPTS_MAX; i++) {
      dies(played);
      assertThat(played.isLinked()).isFalse();
      played.pass(Duration.ofMillis(100));
      assertThat(text(played.serverLetsInUpTo())).isEqualTo("BEGIN");
      assertThat(played.said()).isEmpty();
      played.ok(IN_TRANSACTION);
      played.told();
      played.ok(IN_TRANSACTION);
    }
    dies(played);
    Err error = played.error();
    assertThat(error.code()).isEqualTo(1213);
    assertThat(error.message()).contains("lost each time");
  }

  private static void dies(Played played) {
    assertThat(played.toldText()).startsWith("INSERT INTO");
    played.server(framed(1, new Err(1213, "40001", "Deadlock found").encode()));
    played.told();
    played.ok(AUTOCOMMIT);
  }

  /** A row that is in the binary log before the commit would tell of what is not there. */
  @Test
  void tokenInATableWithoutTransactionsIsNone() throws MalformedPacketException {
    Played played = committing();
    played.told();
    played.server(new Script(1).hex(LOGGED).bytes());
    assertThat(played.toldText()).isEqualTo("COMMIT");
    played.loseServer();
    played.route(primary(2, DB2));
    assertThat(played.error().state()).isEqualTo("08007");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ROLLBACK", "SELECT 1"})
  void nothingButACommitIsMarked(String sql) {
    Played played = Played.deciding("regent.commit_token");
    played.query("BEGIN");
    played.ok(IN_TRANSACTION);
    played.query("UPDATE t SET a = 1");
    played.ok(IN_TRANSACTION);
    played.told();
    played.query(sql);
    assertThat(played.toldText()).isEqualTo(sql);
  }

  @Test
  void transactionThatOnlyReadIsNotMarked() {
    Played played = Played.deciding("regent.commit_token");
    played.query("BEGIN");
    played.ok(IN_TRANSACTION);
    played.query("SELECT a FROM t");
    row(played, "1");
    played.told();
    played.query("COMMIT");
    assertThat(played.toldText()).isEqualTo("COMMIT");
  }
}
