package dev.regent.proxy.session;

import static dev.regent.proxy.session.Played.AUTOCOMMIT;
import static dev.regent.proxy.session.Played.DB1;
import static dev.regent.proxy.session.Played.DB2;
import static dev.regent.proxy.session.Played.IN_TRANSACTION;
import static dev.regent.proxy.session.Played.framed;
import static dev.regent.proxy.session.Played.held;
import static dev.regent.proxy.session.Played.primary;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.model.RoutingTable;
import dev.regent.proxy.wire.Capability;
import dev.regent.proxy.wire.Err;
import dev.regent.proxy.wire.MalformedPacketException;
import dev.regent.proxy.wire.Ok;
import dev.regent.proxy.wire.PacketWriter;
import dev.regent.proxy.wire.Script;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SessionTest {
  private static final String TELL_ALL = Memory.tellAll(true, false, 0);

  @Test
  void statementAndAnswerPass() {
    Played played = Played.loggedIn();
    played.query("INSERT INTO t VALUES (1)");
    assertThat(played.toldText()).isEqualTo("INSERT INTO t VALUES (1)");
    played.ok(AUTOCOMMIT);

    assertThat(played.said()).isEqualTo(framed(1, Ok.encode(AUTOCOMMIT)));
    assertThat(played.linked).containsExactly(DB1);
  }

  @Test
  void nextStatementWaitsForTheAnswer() {
    Played played = Played.loggedIn();
    played.query("SELECT 1");
    played.told();
    played.query("SELECT 2");
    assertThat(played.told()).isEmpty();
    played.ok(AUTOCOMMIT);

    assertThat(played.toldText()).isEqualTo("SELECT 2");
  }

  @Test
  void wrongPasswordIsToldAfterASecondLook() throws MalformedPacketException {
    Played played = new Played(0, primary(1, DB1));
    played.login("guess");
    assertThat(played.said()).isEmpty();
    assertThat(played.refreshes).isTrue();
    played.refreshed();

    assertThat(played.error())
        .isEqualTo(
            new Err(
                1045, "28000", "Access denied for user 'app'@'10.1.2.3' (using password: YES)"));
    assertThat(played.hungUp).isTrue();
    assertThat(played.linked).isEmpty();
  }

  @Test
  void newPasswordIsFoundAtTheSecondLook() {
    Played played = new Played(0, primary(1, DB1));
    played.accounts = Played.accounts("*0000000000000000000000000000000000000000");
    played.login("secret");
    played.accounts = Played.accounts("*14E65567ABDB5135D0CFD9A70B3032C179A49EE7");
    played.refreshed();

    assertThat(played.linked).containsExactly(DB1);
  }

  @Test
  void serversRefusalOfALoginIsTheAnswer() throws MalformedPacketException {
    Played played = new Played(0, primary(1, DB1));
    played.login("secret");
    played.greet();
    played.server(framed(2, new Err(1049, "42000", "Unknown database 'x'").encode()));

    assertThat(played.error().code()).isEqualTo(1049);
    assertThat(played.hungUp).isTrue();
  }

  @Test
  void statementWaitsForTheNewPrimaryAndFindsItsSession() {
    Played played = Played.loggedIn();
    played.query("SET sql_mode='', autocommit=1");
    // Variables and the database, as the server tells them.
    played.server(
        "00 00 00 0240 0000 00 25"
            + "00 0a 0873716c5f6d6f6465 00"
            + "00 10 0a6175746f636f6d6d6974 044f46 4627"
            + "01 05 0473686f70");
    played.told();
    played.route(held(1, DB1));
    played.query("INSERT INTO t VALUES (1)");
    assertThat(played.told()).isEmpty();
    played.pass(Duration.ofSeconds(5));
    played.route(primary(2, DB2));
    assertThat(played.linked).containsExactly(DB1, DB2);

    assertThat(played.serverLetsIn())
        .containsExactly(TELL_ALL, "SET @@session.sql_mode='',@@session.autocommit='OFF'''");
    assertThat(played.toldText()).isEqualTo("INSERT INTO t VALUES (1)");
  }

  /** It came back from a crash, and may lack what it had acknowledged. */
  @Test
  void primaryThatTakesNoWritesIsNotReadThoughNobodyHasLookedAtIt() {
    Played played = Played.loggedIn();
    played.loseServer();
    played.query("SELECT 1");
    assertThat(played.linked).containsExactly(DB1, DB1);
    played.serverIsClosed();
    assertThat(played.isLinked()).isFalse();
    assertThat(played.said()).isEmpty();

    played.pass(Patience.CLOSED);
    assertThat(played.linked).as("opened again by then, perhaps").containsExactly(DB1, DB1, DB1);
    played.route(primary(2, DB2));
    assertThat(played.linked).containsExactly(DB1, DB1, DB1, DB2);
    assertThat(Played.text(played.serverLetsInUpTo())).isEqualTo("SELECT 1");
  }

  @Test
  void primaryThatStaysClosedIsToldOnceTheHoldIsOver() throws MalformedPacketException {
    Played played = new Played(0, primary(1, DB1));
    played.login("secret");
    played.said();
    played.serverIsClosed();
    assertThat(played.said()).isEmpty();
    played.pass(Played.HOLD);

    assertThat(played.error().code()).isEqualTo(1836);
    assertThat(played.hungUp).isTrue();
  }

  @Test
  void holdThatIsOverIsToldAndTheSessionLives() throws MalformedPacketException {
    Played played = Played.loggedIn();
    played.route(held(1, DB1));
    played.query("INSERT INTO t VALUES (1)");
    played.pass(Played.HOLD.minusMillis(1));
    played.said();
    played.pass(Duration.ofMillis(2));

    Err error = played.error();
    assertThat(error.code()).isEqualTo(1836);
    assertThat(error.message()).contains("30.0 s").contains("was not executed");
    played.told();
    played.route(primary(1, DB1));
    played.query("INSERT INTO t VALUES (2)");
    assertThat(played.toldText()).isEqualTo("INSERT INTO t VALUES (2)");
  }

  @Test
  void undoneSwitchoverGoesOnWhereItWas() {
    Played played = Played.loggedIn();
    played.query("INSERT INTO t VALUES (1)");
    played.ok(IN_TRANSACTION);
    played.told();
    played.route(held(1, DB1));
    played.query("COMMIT");
    played.route(primary(1, DB1));

    assertThat(played.toldText()).isEqualTo("COMMIT");
    assertThat(played.linked).containsExactly(DB1);
  }

  @Test
  void olderEpochIsNotObeyed() {
    Played played = Played.loggedIn();
    played.route(primary(3, DB2));
    played.route(primary(2, DB1));
    played.query("SELECT 1");

    assertThat(played.linked).containsExactly(DB1, DB2);
  }

  @Test
  void nothingLeavesBeforeThereIsAPrimary() {
    Played played = new Played(0, RoutingTable.closed());
    played.login("secret");
    assertThat(played.linked).isEmpty();
    played.route(primary(1, DB1));

    assertThat(played.linked).containsExactly(DB1);
  }

  @Test
  void preparedStatementsTieUntilTheyAreClosed() {
    Played played = Played.loggedIn();
    played.client(framed(0, new PacketWriter().int1(0x16).text("SELECT 1").payload()));
    played.server("00 07000000 0000 0000 00 0000");
    played.client(framed(0, new PacketWriter().int1(0x19).int4(7).payload()));
    played.route(primary(2, DB2));
    played.query("SELECT 1");

    assertThat(played.linked).containsExactly(DB1, DB2);
    assertThat(played.hungUp).isFalse();
  }

  @Test
  void clientThatDoesNotTrackHearsNothingOfTheSession() {
    Played played = Played.loggedIn(Capability.DEPRECATE_EOF);
    played.query("USE shop");
    played.server("00 00 00 0240 0000 00 07 01 05 0473686f70");

    assertThat(played.said()).isEqualTo(new Script(1).hex("00 00 00 0200 0000 00").bytes());
  }

  @Test
  void positionOfTheLastTransactionIsNotRestored() {
    Played played = Played.loggedIn();
    played.query("INSERT INTO t VALUES (1)");
    played.server("00 01 00 0240 0000 00 13 00 11 09 6c6173745f67746964 06 302d312d3137");
    played.route(primary(2, DB2));
    played.query("SELECT 1");

    assertThat(played.serverLetsIn()).containsExactly(TELL_ALL);
  }

  @Test
  void whoChangesWhatServersTellIsOverruled() {
    Played played = Played.loggedIn();
    played.query("set autocommit=1, session_track_system_variables='autocommit'");
    played.told();
    played.ok(AUTOCOMMIT);
    assertThat(played.toldText()).isEqualTo(Memory.TELL_ALL);
    played.query("SELECT 1");
    assertThat(played.told()).isEmpty();
    played.ok(AUTOCOMMIT);

    assertThat(played.toldText()).isEqualTo("SELECT 1");
  }

  @Test
  void longStatementPassesInPieces() {
    Played played = Played.loggedIn();
    byte[] payload = new PacketWriter().int1(3).bytes(new byte[Session.WHOLE_MAX + 10]).payload();
    byte[] packet = framed(0, payload);
    int half = packet.length / 2;
    dev.regent.proxy.wire.Bytes all = dev.regent.proxy.wire.Bytes.of(packet);
    played.client(all.copy(0, half));
    assertThat(played.told()).hasSize(half);
    played.client(all.copy(half, packet.length));
    assertThat(played.told()).isEqualTo(all.copy(half, packet.length));
    played.ok(AUTOCOMMIT);

    assertThat(played.said()).isEqualTo(framed(1, Ok.encode(AUTOCOMMIT)));
  }

  @Test
  void fileGoesToTheServer() {
    Played played = Played.loggedIn();
    played.query("LOAD DATA LOCAL INFILE 'f' INTO TABLE t");
    played.told();
    played.server("fb 66");
    played.said();
    byte[] file = new Script(2).hex("310a").packet(new byte[0]).bytes();
    played.client(file);
    assertThat(played.told()).isEqualTo(file);
    played.server(framed(4, Ok.encode(AUTOCOMMIT)));

    assertThat(played.said()).isEqualTo(framed(4, Ok.encode(AUTOCOMMIT)));
    played.query("SELECT 1");
    assertThat(played.toldText()).isEqualTo("SELECT 1");
  }

  @Test
  void nonsenseEndsTheSessionWithTheRightError() throws MalformedPacketException {
    Played played = Played.loggedIn();
    played.client(Script.bytes("00000000 00"));

    assertThat(played.error().code()).isEqualTo(1835);
    assertThat(played.hungUp).isTrue();

    Played stranger = new Played(0, primary(1, DB1));
    stranger.said();
    stranger.client(Script.bytes("03000001 474554"));
    assertThat(stranger.error().code()).isEqualTo(1043);
    assertThat(stranger.hungUp).isTrue();
  }

  @Test
  void unknownCommandIsAnswered() throws MalformedPacketException {
    Played played = Played.loggedIn();
    played.client(framed(0, new byte[] {0x12}));

    assertThat(played.error().code()).isEqualTo(1047);
    assertThat(played.hungUp).isFalse();
  }

  @Test
  void serverThatCannotBeReachedIsTriedAgain() {
    Played played = new Played(0, primary(1, DB1));
    played.login("secret");
    played.loseServer();
    played.pass(Duration.ofMillis(100));

    assertThat(played.linked).containsExactly(DB1, DB1);
  }

  @Test
  void serverThatIsFullIsTriedAgain() {
    Played played = Played.loggedIn();
    played.route(primary(2, DB2));
    played.query("SELECT 1");
    played.server(framed(0, new Err(1040, "08004", "Too many connections").encode()));
    played.pass(Duration.ofMillis(100));

    assertThat(played.linked).containsExactly(DB1, DB2, DB2);
    assertThat(played.said()).isEmpty();
  }

  @Test
  void serverThatKnowsNoSuchUserIsNotAskedAgain() throws MalformedPacketException {
    Played played = Played.loggedIn();
    played.route(primary(2, DB2));
    played.query("SELECT 1");
    played.greet();
    played.server(framed(2, new Err(1045, "28000", "Access denied").encode()));

    assertThat(played.error().code()).isEqualTo(1927);
    assertThat(played.hungUp).isTrue();
  }

  @Test
  void whoSaysNothingDoesNotStay() {
    Played played = new Played(0, primary(1, DB1));
    played.pass(Entrance.LOGIN_MAX.minusMillis(1));
    assertThat(played.hungUp).isFalse();
    played.pass(Duration.ofMillis(1));

    assertThat(played.hungUp).isTrue();
  }

  @Test
  void changeOfUserIsAFreshLogin() {
    Played played = Played.loggedIn();
    played.query("SET @a=1");
    played.ok(AUTOCOMMIT);
    played.said();
    played.client(framed(0, played.changeUser("secret")));
    assertThat(played.linked).containsExactly(DB1, DB1);
    assertThat(played.serverLetsIn()).containsExactly(TELL_ALL);

    assertThat(played.said()).isEqualTo(framed(1, Ok.encode(AUTOCOMMIT)));
    played.route(primary(2, DB2));
    played.query("SELECT 1");
    assertThat(played.linked).as("no longer tied").containsExactly(DB1, DB1, DB2);
  }

  @Test
  void changeOfUserWithAWrongPasswordEndsTheSession() throws MalformedPacketException {
    Played played = Played.loggedIn();
    played.client(framed(0, played.changeUser("guess")));
    played.refreshed();

    assertThat(played.error().code()).isEqualTo(1045);
    assertThat(played.hungUp).isTrue();
  }

  @Test
  void quitEndsBoth() {
    Played played = Played.loggedIn();
    played.told();
    played.client(framed(0, new byte[] {1}));

    assertThat(played.told()).isEqualTo(framed(0, new byte[] {1}));
    assertThat(played.hungUp).isTrue();
    assertThat(played.isLinked()).isFalse();
  }
}
