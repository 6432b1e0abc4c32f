package dev.regent.proxy.session;

import static dev.regent.proxy.session.Played.AUTOCOMMIT;
import static dev.regent.proxy.session.Played.DB1;
import static dev.regent.proxy.session.Played.DB2;
import static dev.regent.proxy.session.Played.IN_TRANSACTION;
import static dev.regent.proxy.session.Played.framed;
import static dev.regent.proxy.session.Played.primary;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.proxy.wire.Capability;
import dev.regent.proxy.wire.Err;
import dev.regent.proxy.wire.MalformedPacketException;
import dev.regent.proxy.wire.Ok;
import dev.regent.proxy.wire.PacketWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A session that logs in to the server that is about to have the role. */
class StandbyTest {
  private static final String WRITE = "INSERT INTO t VALUES (1)";

  /** What a server keeps of the password "guess". */
  private static final String GUESS = "*852A9AD01BF1C5A598FD86F8762C2FD11A9B4B14";

  /** What a server answers that gave a row the number 7. */
  private static final String SEVEN = "00 01 07 0200 0000";

  /** What a server answers that was given {@code sql_mode=''}. */
  private static final String MODE_SET = "00 00 00 0240 0000 00 0c 00 0a 0873716c5f6d6f6465 00";

  /** Writes still go to db1, or wait; db2 is to have the role. */
  private static RoutingTable named(boolean held) {
    return new RoutingTable(
        1, held ? Optional.empty() : Optional.of(DB1), held, List.of(), Optional.of(DB2));
  }

  /** A session at work, and a link to db2 that is logged in. */
  private static Played standingBy() {
    Played played = atWork();
    played.route(named(false));
    played.at(DB2).serverLetsIn();
    return played;
  }

  private static Played atWork() {
    Played played = Played.loggedIn();
    write(played, DB1);
    return played;
  }

  private static void write(Played played, ServerId server) {
    played.query(WRITE);
    assertThat(played.at(server).toldText()).isEqualTo(WRITE);
    played.ok(AUTOCOMMIT);
    played.said();
  }

  @Test
  void waitsForNothingButTheTable() {
    Played played = standingBy();
    write(played, DB1);
    played.route(named(true));
    played.query(WRITE);
    assertThat(played.at(DB2).told()).as("sent while writes are held").isEmpty();
    played.route(primary(2, DB2));

    assertThat(played.at(DB2).toldText()).isEqualTo(WRITE);
    played.ok(AUTOCOMMIT);
    assertThat(played.said()).isEqualTo(framed(1, Ok.encode(AUTOCOMMIT)));
    assertThat(played.linked).containsExactly(DB1, DB2);
    assertThat(played.servers()).containsExactly(DB2);
    assertThat(played.session.place().orElseThrow().server()).isEqualTo(DB2);
    assertThat(played.session.place().orElseThrow().thread()).isEqualTo(7);
  }

  @Test
  void logsInWhileACommandIsUnderWay() {
    Played played = atWork();
    played.query(WRITE);
    played.route(named(false));
    played.at(DB2).greet();
    played.at(DB1).ok(AUTOCOMMIT);
    assertThat(played.said()).isEqualTo(framed(1, Ok.encode(AUTOCOMMIT)));
    played.at(DB2).server(framed(2, Ok.encode(AUTOCOMMIT)));
    played.told();
    played.ok(AUTOCOMMIT);
    played.route(primary(2, DB2));

    write(played, DB2);
    assertThat(played.linked).containsExactly(DB1, DB2);
  }

  @Test
  void loginThatIsNotOverGoesOn() {
    Played played = atWork();
    played.route(named(false));
    played.route(named(true));
    played.query(WRITE);
    played.at(DB2).greet();
    played.told();
    played.route(primary(2, DB2));
    assertThat(played.told()).isEmpty();
    played.server(framed(2, Ok.encode(AUTOCOMMIT)));
    assertThat(played.toldText()).startsWith("SET session_track");
    played.ok(AUTOCOMMIT);

    assertThat(played.toldText()).isEqualTo(WRITE);
    assertThat(played.linked).containsExactly(DB1, DB2);
  }

  @Test
  void idleSessionHasItsLinkWhenTheLoginIsOver() {
    Played played = atWork();
    played.route(named(true));
    played.route(primary(2, DB2));
    played.at(DB2).serverLetsIn();

    write(played, DB2);
    assertThat(played.linked).containsExactly(DB1, DB2);
  }

  @Test
  void whatWasSetSinceIsToldFirst() {
    Played played = standingBy();
    played.query("SET sql_mode=''");
    played.at(DB1).server(MODE_SET);
    played.route(primary(2, DB2));
    played.query(WRITE);

    assertThat(played.at(DB2).toldText()).isEqualTo("SET @@session.sql_mode=''");
    played.ok(AUTOCOMMIT);
    assertThat(played.toldText()).isEqualTo(WRITE);
  }

  @Test
  void lastNumberOfARowIsToldIfItIsAnotherOneNow() {
    Played played = standingBy();
    played.query(WRITE);
    played.at(DB1).server(SEVEN);
    played.route(primary(2, DB2));
    played.query("SELECT LAST_INSERT_ID()");

    assertThat(played.at(DB2).toldText()).isEqualTo("SET @@session.last_insert_id=7");
    played.ok(AUTOCOMMIT);
    assertThat(played.toldText()).isEqualTo("SELECT LAST_INSERT_ID()");
  }

  @Test
  void preparesAheadAndClosesWhatTheClientHasClosed() {
    Played played = atWork();
    long kept = prepare(played, "INSERT INTO t VALUES (2)", 11);
    long closed = prepare(played, "INSERT INTO t VALUES (3)", 12);
    played.route(named(false));
    played.at(DB2).serverLetsIn();
    // The last one first.
    played.server(prepared(21));
    assertThat(played.toldText()).isEqualTo("INSERT INTO t VALUES (2)");
    played.server(prepared(22));
    played.client(framed(0, new PacketWriter().int1(0x19).int4(closed).payload()));
    played.route(primary(2, DB2));
    played.client(framed(0, new PacketWriter().int1(0x17).int4(kept).int1(0).int4(1).payload()));

    assertThat(played.at(DB2).told())
        .isEqualTo(
            AutoServer.joined(
                framed(0, new PacketWriter().int1(0x19).int4(21).payload()),
                framed(0, new PacketWriter().int1(0x17).int4(22).int1(0).int4(1).payload())));
    assertThat(played.linked).containsExactly(DB1, DB2);
  }

  private static long prepare(Played played, String sql, int number) {
    played.client(framed(0, new PacketWriter().int1(0x16).text(sql).payload()));
    played.at(DB1).told();
    played.server(prepared(number));
    byte[] said = played.said();
    return said[5] & 0xff;
  }

  private static byte[] prepared(int number) {
    return framed(
        1, new PacketWriter().int1(0).int4(number).int2(0).int2(0).int1(0).int2(0).payload());
  }

  @Test
  void openTransactionIsRepeatedAtOnce() {
    Played played = atWork();
    played.query("BEGIN");
    played.ok(IN_TRANSACTION);
    played.query("UPDATE t SET a = 1");
    played.ok(IN_TRANSACTION);
    played.route(named(false));
    played.at(DB2).serverLetsIn();
    played.said();
    played.route(primary(2, DB2));
    played.query("COMMIT");

    for (String sql : List.of("BEGIN", "UPDATE t SET a = 1")) {
      assertThat(played.at(DB2).toldText()).isEqualTo(sql);
      played.ok(IN_TRANSACTION);
    }
    assertThat(played.toldText()).isEqualTo("COMMIT");
    assertThat(played.linked).containsExactly(DB1, DB2);
  }

  @Test
  void commitInDoubtIsLookedUpOnAFreshLink() {
    Played played = Played.deciding("regent.token");
    played.query("BEGIN");
    played.ok(IN_TRANSACTION);
    played.query(WRITE);
    played.ok(IN_TRANSACTION);
    played.route(named(false));
    played.at(DB2).serverLetsIn();
    played.query("COMMIT");
    assertThat(played.at(DB1).toldText()).contains("INSERT INTO `regent`");
    played.ok(IN_TRANSACTION);
    assertThat(played.toldText()).isEqualTo("COMMIT");
    played.route(named(true));
    played.at(DB1).loseServer();
    played.route(primary(2, DB2));

    assertThat(played.linked).containsExactly(DB1, DB2, DB2);
    assertThat(played.servers()).containsExactly(DB2);
    assertThat(played.serverLetsInUpTo()).asString().contains("SET TRANSACTION");
  }

  @Test
  void isLeftWhenTheRoleStays() {
    Played played = standingBy();
    played.route(primary(1, DB1));

    assertThat(played.servers()).containsExactly(DB1);
    write(played, DB1);
  }

  @Test
  void isTriedOnceForEachCandidate() {
    Played played = atWork();
    played.route(named(false));
    played.at(DB2).loseServer();
    played.route(named(true));
    assertThat(played.linked).containsExactly(DB1, DB2);
    played.route(primary(2, DB2));
    played.query(WRITE);

    assertThat(played.linked).containsExactly(DB1, DB2, DB2);
    assertThat(Played.text(played.serverLetsInUpTo())).isEqualTo(WRITE);
  }

  @Test
  void anotherCandidateIsAnotherLink() {
    Played played = standingBy();
    played.route(new RoutingTable(1, Optional.empty(), true, List.of(), Optional.of(Played.DB3)));
    assertThat(played.servers()).containsExactly(DB1, Played.DB3);
    played.at(Played.DB3).serverLetsIn();
    played.route(primary(2, Played.DB3));

    write(played, Played.DB3);
    assertThat(played.linked).containsExactly(DB1, DB2, Played.DB3);
  }

  /** What was asked too early, or is not needed, is no reason to end the session. */
  @Test
  void whatFailsOnALinkMadeAheadIsDoneAnew() {
    Played played = atWork();
    prepare(played, "INSERT INTO gone VALUES (2)", 11);
    played.route(named(true));
    played.query(WRITE);
    played.at(DB2).greet();
    played.server(framed(2, Ok.encode(AUTOCOMMIT)));
    played.ok(AUTOCOMMIT);
    played.route(primary(2, DB2));
    played.server(framed(1, new Err(1146, "42S02", "Table 'gone' doesn't exist").encode()));

    assertThat(played.linked).containsExactly(DB1, DB2, DB2);
    assertThat(Played.text(played.serverLetsInUpTo())).isEqualTo(WRITE);
    assertThat(played.said()).as("the client hears nothing of it").isEmpty();
  }

  @Test
  void stuckLoginIsNotWaitedFor() {
    Played played = atWork();
    played.route(named(true));
    played.query(WRITE);
    played.pass(Duration.ofSeconds(3));
    played.route(primary(2, DB2));

    assertThat(played.linked).containsExactly(DB1, DB2, DB2);
    assertThat(Played.text(played.serverLetsInUpTo())).isEqualTo(WRITE);
  }

  /** The new password is asked for where the session goes on, if it has to. */
  @Test
  void passwordThatExpiredSinceDoesNotTieTheSession() {
    Played played = atWork();
    played.route(named(false));
    played.at(DB2).greet();
    played.server(framed(2, Ok.encode(AUTOCOMMIT)));
    played.server(framed(1, new Err(1820, "HY000", "You must SET PASSWORD").encode()));
    assertThat(played.servers()).containsExactly(DB1);
    write(played, DB1);
    played.route(primary(2, DB2));
    played.query(WRITE);

    assertThat(played.linked).as("it moves").containsExactly(DB1, DB2, DB2);
    assertThat(played.hungUp).isFalse();
  }

  /** The link would be the former user's. */
  @Test
  void userThatIsChangingHasNone() {
    Played played = atWork();
    played.client(framed(0, played.changeUser("guess")));
    assertThat(played.refreshes).isTrue();
    played.route(named(false));
    assertThat(played.linked).as("nobody is logged in").containsExactly(DB1);
    played.accounts = Played.accounts(GUESS);
    played.refreshed();
    played.serverLetsIn();
    assertThat(played.said()).isEqualTo(framed(1, Ok.encode(AUTOCOMMIT)));
    played.route(primary(2, DB2));
    played.query(WRITE);

    assertThat(played.linked).containsExactly(DB1, DB1, DB2);
  }

  @Test
  void refusedOneIsLeft() throws MalformedPacketException {
    Played played = atWork();
    played.route(named(false));
    played.at(DB2).server(framed(0, new Err(1040, "08004", "Too many connections").encode()));
    assertThat(played.servers()).containsExactly(DB1);
    write(played, DB1);
    played.route(primary(2, DB2));
    played.query(WRITE);
    played.serverLetsIn();

    assertThat(played.said()).as("the client hears nothing of it").isEmpty();
  }

  @Test
  void nonsenseEndsOnlyTheLink() {
    Played played = atWork();
    played.route(named(false));
    played.at(DB2).server(framed(0, new byte[] {1, 2, 3}));

    assertThat(played.servers()).containsExactly(DB1);
    write(played, DB1);
  }

  @Test
  void tiedSessionHasNone() {
    Played played = atWork();
    played.query("SELECT GET_LOCK('a', 1)");
    played.ok(AUTOCOMMIT);
    played.route(named(false));

    assertThat(played.linked).containsExactly(DB1);
  }

  @Test
  void sessionThatWasTiedSinceDoesNotMove() throws MalformedPacketException {
    Played played = standingBy();
    played.query("CREATE TEMPORARY TABLE x (a INT)");
    played.at(DB1).ok(AUTOCOMMIT);
    played.said();
    played.route(primary(2, DB2));
    played.query(WRITE);

    assertThat(played.error().message()).contains("temporary table");
    assertThat(played.hungUp).isTrue();
  }

  @Test
  void idleSessionHasNoneBeforeItsClientWantsSomething() {
    Played played = atWork();
    played.pass(Duration.ofSeconds(10));
    played.route(named(true));
    assertThat(played.linked).containsExactly(DB1);
    played.query(WRITE);

    assertThat(played.linked).containsExactly(DB1, DB2);
  }

  @Test
  void resetSessionBeginsAnew() {
    Played played = standingBy();
    played.client(framed(0, new byte[] {0x1f}));
    played.at(DB1).ok(AUTOCOMMIT);

    assertThat(played.servers()).containsExactly(DB1);
  }

  @Test
  void endsWithItsSession() {
    Played played = standingBy();
    played.clientLeaves();

    assertThat(played.servers()).isEmpty();
  }

  // --- a reader that becomes the writer

  private static Played reading() {
    Played played =
        new Played(
            Capability.DEPRECATE_EOF | Capability.SESSION_TRACK,
            Settings.Kind.READ_WRITE_SPLIT,
            Settings.Reads.USUAL,
            Played.table(1, DB1, DB2));
    played.login("secret");
    played.serverLetsIn();
    played.said();
    played.query("SELECT 1");
    played.at(DB2).serverLetsIn();
    played.ok(AUTOCOMMIT);
    write(played, DB1);
    return played;
  }

  @Test
  void readersLinkBecomesTheWriters() {
    Played played = reading();
    played.route(new RoutingTable(1, Optional.of(DB1), false, List.of(DB2), Optional.of(DB2)));
    assertThat(played.linked).as("one is there").containsExactly(DB1, DB2);
    played.route(Played.table(2, DB2, DB1));

    write(played, DB2);
    assertThat(played.linked).containsExactly(DB1, DB2);
    played.query("SELECT 2");
    assertThat(played.linked).as("reads go elsewhere").containsExactly(DB1, DB2, DB1);
  }

  @Test
  void readUnderWayIsAnsweredFirst() {
    Played played = reading();
    played.query("SELECT 2");
    played.route(Played.table(2, DB2, DB1));
    assertThat(played.at(DB2).toldText()).isEqualTo("SELECT 2");
    played.ok(AUTOCOMMIT);
    assertThat(played.said()).isEqualTo(framed(1, Ok.encode(AUTOCOMMIT)));

    write(played, DB2);
    assertThat(played.linked).containsExactly(DB1, DB2);
  }
}
