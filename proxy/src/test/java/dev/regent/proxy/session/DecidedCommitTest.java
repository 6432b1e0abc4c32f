package dev.regent.proxy.session;

import static dev.regent.proxy.session.Played.AUTOCOMMIT;
import static dev.regent.proxy.session.Played.DB1;
import static dev.regent.proxy.session.Played.DB2;
import static dev.regent.proxy.session.Played.IN_TRANSACTION;
import static dev.regent.proxy.session.Played.framed;
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
        .startsWith("INSERT INTO regent.commit_token (session,number) VALUES ('")
        .contains("',1) ON DUPLICATE KEY UPDATE");
    assertThat(played.said()).isEmpty();
    played.ok(IN_TRANSACTION);
    assertThat(played.toldText()).isEqualTo("COMMIT");
    played.ok(AUTOCOMMIT);
    assertThat(played.said()).isEqualTo(framed(1, Ok.encode(AUTOCOMMIT)));
  }

  @Test
  void commitWhoseTokenIsFoundIsToldToHaveSucceeded() {
    Played played = committed();
    played.loseServer();
    played.route(primary(2, DB2));
    assertThat(text(played.serverLetsInUpTo()))
        .startsWith("SELECT COUNT(*) FROM regent.commit_token WHERE session='")
        .endsWith("' AND number=1 LOCK IN SHARE MODE");
    row(played, "1");
    assertThat(played.toldText()).isEqualTo("SELECT @@GLOBAL.gtid_binlog_pos");
    row(played, "0-2-77");
    assertThat(played.toldText()).isEqualTo("COMMIT");
    assertThat(played.said()).as("before it is certain").isEmpty();
    played.ok(AUTOCOMMIT);
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
    played.serverLetsInUpTo();
    row(played, "0");
    played.told();
    row(played, "0-2-77");
    played.told();
    played.ok(AUTOCOMMIT);
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
    assertThat(text(played.serverLetsInUpTo())).startsWith("SELECT COUNT(*)");
    assertThat(played.said()).isEmpty();
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
  @ValueSource(ints = {1142, 1146, 1792})
  void serverThatTakesNoTokensCommitsWithout(int code) throws MalformedPacketException {
    Played played = committing();
    played.told();
    played.server(framed(1, new Err(code, "42000", "no").encode()));
    assertThat(played.toldText()).isEqualTo("COMMIT");
    played.loseServer();
    played.route(primary(2, DB2));
    assertThat(played.error().state()).isEqualTo("08007");
  }

  /** A deadlock takes the transaction back: its COMMIT alone would succeed with nothing in it. */
  @Test
  void transactionThatDiedOfItsTokenIsRepeated() {
    Played played = committing();
    played.told();
    played.server(framed(1, new Err(1213, "40001", "Deadlock found").encode()));
    assertThat(played.isLinked()).isFalse();
    played.pass(Duration.ofMillis(100));
    assertThat(text(played.serverLetsInUpTo())).isEqualTo("BEGIN");
    assertThat(played.said()).isEmpty();
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
