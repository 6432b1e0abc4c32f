package dev.regent.proxy.session;

import static dev.regent.proxy.session.Played.AUTOCOMMIT;
import static dev.regent.proxy.session.Played.DB1;
import static dev.regent.proxy.session.Played.DB2;
import static dev.regent.proxy.session.Played.IN_TRANSACTION;
import static dev.regent.proxy.session.Played.framed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.model.RoutingTable;
import dev.regent.proxy.seen.Neighbours;
import dev.regent.proxy.session.Settings.Kind;
import dev.regent.proxy.wire.AuthSwitch;
import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.Capability;
import dev.regent.proxy.wire.ChangeUser;
import dev.regent.proxy.wire.Err;
import dev.regent.proxy.wire.MalformedPacketException;
import dev.regent.proxy.wire.Ok;
import dev.regent.proxy.wire.PacketWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Links that sessions leave to others, and take from them. */
class PoolingTest {
  private static final long THREAD = 42;
  private static final RoutingTable TABLE = Played.table(1, DB1, DB2);
  private static final byte[] QUIT = framed(0, new byte[] {1});
  private static final byte[] LOST_LOCK =
      framed(1, new Err(1045, "28000", "Access denied for user 'app'").encode());

  private final Played played = pooled(Kind.PRIMARY, TABLE);

  /** A session whose client has proved itself, on a listener whose links go round. */
  private static Played pooled(Kind kind, RoutingTable table) {
    Played played =
        new Played(
            Capability.DEPRECATE_EOF | Capability.SESSION_TRACK,
            kind,
            Settings.Reads.USUAL,
            table,
            Door.PLAIN,
            Played.accounts(Played.SECRET),
            Neighbours.NONE,
            Optional.empty(),
            new Pooling(true, true));
    played.login("secret");
    return played;
  }

  // --- leaving

  @Test
  void linkAtRestIsLeftToOthersWhenItsClientGoes() {
    played.serverLetsIn();
    played.client(QUIT);

    assertThat(played.hungUp).isTrue();
    assertThat(played.parked).hasSize(1);
    Effect.Park left = played.parked.getFirst();
    assertThat(left.number()).isEqualTo(played.wanted.getFirst().number());
    assertThat(left.terms()).isEqualTo(played.wanted.getFirst().reuse().orElseThrow());
    assertThat(left.thread()).isEqualTo(7);
    assertThat(left.terms().capabilities() & Capability.SESSION_TRACK).isNotZero();
  }

  @Test
  void soIsOneWhoseClientGoesWithoutAWordOrInATransaction() {
    played.serverLetsIn();
    played.query("BEGIN");
    played.ok(IN_TRANSACTION);
    played.clientGone();
    assertThat(played.parked).hasSize(1);
  }

  @Test
  void bothLinksOfASessionThatReadsElsewhereAreLeft() {
    Played split = pooled(Kind.READ_WRITE_SPLIT, TABLE);
    split.fleet.lags(DB2, 0);
    split.serverLetsIn();
    split.query("SELECT a FROM t");
    split.at(DB2).serverLetsIn();
    split.server(ROWS);
    split.client(QUIT);
    assertThat(split.parked).hasSize(2);
    assertThat(split.servers()).isEmpty();
  }

  private static final byte[] ROWS =
      new dev.regent.proxy.wire.Script(1)
          .hex("01")
          .hex("03 646566 00 00 00 01 61 00 0c 3f00 0b000000 03 0000 00 0000")
          .hex("0131")
          .hex("fe 00 00 0200 0000")
          .bytes();

  @Test
  void linkWhoseServerHasYetToAnswerIsClosed() {
    played.serverLetsIn();
    played.query("SELECT SLEEP(9)");
    played.clientGone();
    assertThat(played.parked).isEmpty();
    assertThat(played.isLinked()).isFalse();
  }

  @Test
  void linkInTheMiddleOfItsLoginIsClosed() {
    played.clientGone();
    assertThat(played.parked).isEmpty();
    assertThat(played.isLinked()).isFalse();
  }

  @Test
  void linkThatAnswersAnErrandIsClosed() {
    played.serverLetsInUpTo();
    Played again = pooled(Kind.PRIMARY, TABLE);
    again.greet();
    again.server(framed(2, Ok.encode(AUTOCOMMIT)));
    again.clientGone();
    assertThat(again.parked).isEmpty();
  }

  @Test
  void whatAServerIsNotSureToForgetIsNotLeft() {
    played.serverLetsIn();
    played.query("XA START 'a'");
    played.ok(IN_TRANSACTION);
    played.client(QUIT);
    assertThat(played.parked).isEmpty();
    assertThat(played.isLinked()).isFalse();
  }

  @Test
  void optionOfTheConnectionStaysWithItSoNobodyElseGetsIt() {
    played.serverLetsIn();
    played.client(framed(0, new PacketWriter().int1(0x1b).int2(1).payload()));
    played.ok(AUTOCOMMIT);
    played.client(QUIT);
    assertThat(played.parked).isEmpty();
  }

  @Test
  void linkToAServerThatLosesTheRoleIsClosed() {
    played.serverLetsIn();
    played.route(Played.held(2, DB1));
    played.client(QUIT);
    assertThat(played.parked).isEmpty();

    Played moved = pooled(Kind.PRIMARY, TABLE);
    moved.serverLetsIn();
    moved.route(Played.primary(2, DB2));
    assertThat(moved.parked).isEmpty();
    assertThat(moved.isLinked()).isFalse();
  }

  @Test
  void otherListenersLeaveNothingAndWantNothing() {
    Played alone = Played.loggedIn();
    alone.client(QUIT);
    assertThat(alone.parked).isEmpty();
    assertThat(alone.wanted.getFirst().reuse()).isEmpty();
  }

  // --- taking

  @Test
  void serverIsAskedToTakeTheClientAsIfItHadJustCome() throws MalformedPacketException {
    played.told();
    played.reuse(THREAD);
    byte[] said = played.told();
    ChangeUser change =
        ChangeUser.decode(
            Bytes.of(said).part(4, said.length),
            Capability.PLUGIN_AUTH | Capability.CONNECT_ATTRS,
            0);
    assertThat(said[3]).isZero();
    assertThat(change.user()).isEqualTo("app");
    assertThat(change.charset()).isEqualTo(45);
    assertThat(change.plugin()).isEqualTo("mysql_native_password");
    played.server(challenge());
    assertThat(played.told()).hasSize(4 + 20).startsWith(20, 0, 0, 2);
    assertThat(played.said()).isEmpty();
    played.server(framed(3, Ok.encode(AUTOCOMMIT)));
    String errand = played.toldText();
    assertThat(errand)
        .isEqualTo(Memory.tellAll(true, true, 0))
        .contains("@@global.init_connect='' AND CAST(@@global.read_only AS CHAR)");
    played.ok(AUTOCOMMIT);

    assertThat(played.said()).isEqualTo(framed(2, Ok.encode(AUTOCOMMIT)));
    assertThat(played.session.place().orElseThrow().thread()).isEqualTo(THREAD);
  }

  @Test
  void whatAServerDoesForFreshClientsIsDoneForThisOne() {
    assertThat(Memory.tellAll(true, true, Capability.IGNORE_SPACE | Capability.INTERACTIVE))
        .contains("'IGNORE_SPACE'", "wait_timeout=@@global.interactive_timeout");
    assertThat(Memory.tellAll(true, true, ~(Capability.IGNORE_SPACE | Capability.INTERACTIVE)))
        .endsWith("sql_mode=@@sql_mode")
        .doesNotContain("IGNORE_SPACE", "interactive");
  }

  private static byte[] challenge() {
    return framed(
        1,
        new PacketWriter()
            .int1(AuthSwitch.FIRST_BYTE)
            .textToZero("mysql_native_password")
            .bytes("12345678901234567890".getBytes(StandardCharsets.US_ASCII))
            .int1(0)
            .payload());
  }

  private void taken() {
    played.told();
    played.reuse(THREAD);
    played.told();
    played.server(challenge());
    played.server(framed(3, Ok.encode(AUTOCOMMIT)));
    played.ok(AUTOCOMMIT);
  }

  @Test
  void takenLinkIsLeftAgainUnderItsOwnNumber() {
    taken();
    played.client(QUIT);
    assertThat(played.parked).hasSize(1);
    assertThat(played.parked.getFirst().thread()).isEqualTo(THREAD);
    assertThat(played.session.place()).isEmpty();
  }

  @Test
  void refusalOfALinkThatWasTakenIsAFreshLinksToTell() throws MalformedPacketException {
    played.reuse(THREAD);
    played.server(LOST_LOCK);

    assertThat(played.said()).isEmpty();
    assertThat(played.wanted).hasSize(2);
    assertThat(played.wanted.getLast().reuse()).isEmpty();
    played.greet();
    played.server(framed(2, new Err(1045, "28000", "The server's own words").encode()));
    assertThat(played.error().message()).isEqualTo("The server's own words");
    assertThat(played.hungUp).isTrue();
    assertThat(played.parked).isEmpty();
  }

  /** Whatever that OK answers, nobody was asked for a password yet. */
  @Test
  void serverThatTakesOverWithoutAskingIsLeft() {
    played.reuse(THREAD);
    played.server(framed(1, Ok.encode(AUTOCOMMIT)));
    assertThat(played.said()).isEmpty();
    freshLinkServes();
  }

  @Test
  void serverThatGreetsFreshClientsInAWayOfItsOwnGetsAFreshOne() {
    played.reuse(THREAD);
    played.server(challenge());
    played.server(framed(3, Ok.encode(AUTOCOMMIT)));
    played.server(framed(1, new Err(1231, "42000", "can't be set to 'NULL'").encode()));
    freshLinkServes();
  }

  @Test
  void expiredPasswordIsMendedOnAFreshLink() {
    played.reuse(THREAD);
    played.server(challenge());
    played.server(framed(3, Ok.encode(AUTOCOMMIT)));
    played.server(framed(1, new Err(1820, "HY000", "You must SET PASSWORD").encode()));
    freshLinkServes();
  }

  @Test
  void deadLinkCostsNothingButTheAttempt() {
    played.reuse(THREAD);
    played.loseServer();
    freshLinkServes();
  }

  @Test
  void linkOfAServerThatSaysNothingIsGivenUpSoon() {
    played.reuse(THREAD);
    played.pass(Duration.ofSeconds(3));
    assertThat(played.wanted).hasSize(2);
    freshLinkServes();
  }

  /** A transaction may be among it: it has as much time as over a fresh link, and no more. */
  @Test
  void whatComesAfterTheTakeoverIsNotGivenUpSoonButIsInTheEnd() throws MalformedPacketException {
    played.serverLetsIn();
    played.query("SET sql_mode=''");
    played.server("00 00 00 0240 0000 00 0c 00 0a 0873716c5f6d6f6465 00");
    played.said();
    played.loseServer();
    played.query("INSERT INTO t VALUES (1)");
    taken();
    assertThat(played.toldText()).endsWith("SET @@session.sql_mode=''");
    played.pass(Duration.ofSeconds(3));
    assertThat(played.wanted).hasSize(2);
    assertThat(played.said()).isEmpty();
    played.pass(Duration.ofMinutes(1));
    assertThat(played.error().message()).contains("Regent");
  }

  @Test
  void linkThatTalksNonsenseIsReplaced() {
    played.reuse(THREAD);
    played.server(framed(1, new byte[] {77, 1, 2, 3}));
    freshLinkServes();
  }

  private void freshLinkServes() {
    assertThat(played.said()).isEmpty();
    assertThat(played.wanted).hasSize(2);
    assertThat(played.wanted.getLast().reuse()).isEmpty();
    played.serverLetsIn();
    assertThat(played.said()).isEqualTo(framed(2, Ok.encode(AUTOCOMMIT)));
  }

  @Test
  void afterAFreshLinkTheNextMayBeAnyAgain() {
    played.reuse(THREAD);
    played.loseServer();
    played.serverLetsIn();
    played.loseServer();
    played.query("SELECT 1");
    assertThat(played.wanted).hasSize(3);
    assertThat(played.wanted.getLast().reuse()).isPresent();
  }

  @Test
  void readThatFindsADeadLinkStaysAtItsReplica() {
    Played split = pooled(Kind.READ_WRITE_SPLIT, TABLE);
    split.fleet.lags(DB2, 0);
    split.serverLetsIn();
    split.query("SELECT a FROM t");
    assertThat(split.wanted.getLast().reuse()).isPresent();
    split.reuse(THREAD);
    split.loseServer();
    assertThat(split.linked).containsExactly(DB1, DB2, DB2);
  }

  @Test
  void sessionThatMovesIsRestoredOnTheLinkThatItTakes() {
    played.serverLetsIn();
    played.query("SELECT 1");
    played.ok(AUTOCOMMIT);
    played.route(Played.primary(2, DB2));
    played.said();
    played.query("INSERT INTO t VALUES (1)");
    assertThat(played.linked).containsExactly(DB1, DB2);
    played.reuse(THREAD);
    played.told();
    played.server(challenge());
    played.told();
    played.server(framed(3, Ok.encode(AUTOCOMMIT)));
    assertThat(played.toldText()).isEqualTo(Memory.tellAll(true, true, 0));
    played.ok(AUTOCOMMIT);
    assertThat(played.toldText()).isEqualTo("INSERT INTO t VALUES (1)");
  }

  // --- room

  @Test
  void parkedLinksMakeRoomForWhoIsOneTooMany() {
    played.greet();
    played.server(framed(2, new Err(1040, "08004", "Too many connections").encode()));
    assertThat(played.crowded).containsExactly(DB1);
    assertThat(played.said()).isEmpty();

    played.pass(Duration.ofMillis(60));
    assertThat(played.wanted).hasSize(2);
    played.serverLetsIn();
    assertThat(played.said()).isEqualTo(framed(2, Ok.encode(AUTOCOMMIT)));
  }

  /** What is parked does not count for the one that had it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1226 User 'app' has exceeded the 'max_user_connections' resource (current value: 2)",
        "1226 User 'app' has exceeded the 'max_queries_per_hour' resource (current value: 2)",
        "1203 User app already has more than 'max_user_connections' active connections"
      })
  void limitsOfUsersAreToldAtOnce(String words) throws MalformedPacketException {
    int code = Integer.parseInt(words.substring(0, 4));
    played.greet();
    played.server(framed(2, new Err(code, "42000", words.substring(5)).encode()));
    assertThat(played.error().code()).isEqualTo(code);
    assertThat(played.crowded).isEmpty();
  }
}
