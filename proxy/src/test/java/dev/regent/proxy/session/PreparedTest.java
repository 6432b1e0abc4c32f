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

import dev.regent.proxy.wire.MalformedPacketException;
import dev.regent.proxy.wire.Ok;
import dev.regent.proxy.wire.PacketWriter;
import dev.regent.proxy.wire.Script;
import org.junit.jupiter.api.Test;

/** Prepared statements keep their numbers, wherever they are executed. */
class PreparedTest {
  private static final String PARAMETER =
      "03 646566 00 00 00 01 3f 00 0c 3f00 00000000 06 8000 00 0000";

  /** With one parameter, and known to its server as 7. */
  private static Played prepared() {
    Played played = Played.loggedIn();
    prepare(played, "INSERT INTO t VALUES (?)");
    played.server(answer(7));
    assertThat(played.said()).isEqualTo(answer(1));
    played.told();
    return played;
  }

  private static void prepare(Played played, String sql) {
    played.client(framed(0, new PacketWriter().int1(0x16).text(sql).payload()));
  }

  private static byte[] answer(int number) {
    String first = String.format("00 %02x000000 0000 0100 00 0000", number);
    return new Script(1).hex(first).hex(PARAMETER).bytes();
  }

  private static byte[] execution(long number, boolean types, int value) {
    PacketWriter packet = new PacketWriter().int1(0x17).int4(number).int1(0).int4(1).int1(0);
    packet.int1(types ? 1 : 0);
    if (types) {
      packet.int1(3).int1(0);
    }
    return framed(0, packet.int4(value).payload());
  }

  @Test
  void serverIsToldItsOwnNumber() {
    Played played = prepared();
    played.client(execution(1, true, 5));
    assertThat(played.told()).isEqualTo(execution(7, true, 5));
  }

  @Test
  void typesThatTheOldServerKnewAreSentToTheNewOne() {
    Played played = prepared();
    played.client(execution(1, true, 5));
    played.ok(AUTOCOMMIT);
    played.said();
    played.route(primary(2, DB2));
    played.client(execution(1, false, 6));
    byte[] next = played.serverLetsInUpTo();
    assertThat(text(next)).isEqualTo("INSERT INTO t VALUES (?)");
    played.server(answer(9));

    assertThat(played.told()).isEqualTo(execution(9, true, 6));
    assertThat(played.said()).isEmpty();
    played.ok(AUTOCOMMIT);
    assertThat(played.said()).isEqualTo(framed(1, Ok.encode(AUTOCOMMIT)));
  }

  /** A driver sends them once. */
  @Test
  void typesOfAnExecutionThatIsRefusedAreKeptForTheNext() throws MalformedPacketException {
    Played played = prepared();
    played.route(held(1, DB1));
    played.client(execution(1, true, 5));
    played.pass(Played.HOLD.plusMillis(1));
    assertThat(played.error().code()).isEqualTo(1836);
    played.told();
    played.route(primary(1, DB1));

    played.client(execution(1, false, 6));

    assertThat(played.told()).isEqualTo(execution(7, true, 6));
  }

  @Test
  void executionsAreRepeatedWithTheirTransaction() {
    Played played = prepared();
    played.query("BEGIN");
    played.ok(IN_TRANSACTION);
    played.client(execution(1, true, 5));
    played.ok(IN_TRANSACTION);
    played.said();
    played.loseServer();
    played.route(primary(2, DB2));
    played.query("COMMIT");
    assertThat(text(played.serverLetsInUpTo())).isEqualTo("INSERT INTO t VALUES (?)");
    played.server(answer(3));
    assertThat(played.toldText()).isEqualTo("BEGIN");
    played.ok(IN_TRANSACTION);

    assertThat(played.told()).isEqualTo(execution(3, true, 5));
    played.ok(IN_TRANSACTION);
    assertThat(played.toldText()).isEqualTo("COMMIT");
  }

  @Test
  void lastOneMayBeMeantWithoutItsNumber() throws MalformedPacketException {
    Played played = prepared();
    played.client(execution(0xffff_ffffL, true, 5));
    assertThat(played.told()).isEqualTo(execution(7, true, 5));
    played.ok(AUTOCOMMIT);
    played.said();
    prepare(played, "nonsense");
    played.server("ff 2804 23 3432303030 6e6f");
    played.said();
    played.told();
    played.client(execution(0xffff_ffffL, true, 5));

    assertThat(played.error().code()).isEqualTo(1243);
    assertThat(played.told()).isEmpty();
  }

  @Test
  void unknownNumberIsRefusedAsAServerWould() throws MalformedPacketException {
    Played played = prepared();
    played.client(execution(7, true, 5));

    assertThat(played.error().message())
        .isEqualTo("Unknown prepared statement handler (7) given to mysqld_stmt_execute");
    assertThat(played.told()).isEmpty();
  }

  @Test
  void closedOneIsClosedAtItsServer() {
    Played played = prepared();
    played.client(framed(0, new PacketWriter().int1(0x19).int4(1).payload()));
    assertThat(played.told()).isEqualTo(framed(0, new PacketWriter().int1(0x19).int4(7).payload()));
  }

  @Test
  void openCursorTies() throws MalformedPacketException {
    Played played = prepared();
    played.client(execution(1, true, 5));
    played.server(
        new Script(1)
            .hex("01")
            .hex("03 646566 00 00 00 01 61 00 0c 3f00 0b000000 03 0000 00 0000")
            .hex("fe 00 00 4200 0000")
            .bytes());
    played.said();
    played.loseServer();
    played.route(primary(2, DB2));
    played.query("SELECT 1");

    assertThat(played.error().message()).contains("an open cursor");
  }

  @Test
  void parametersSentAheadTieUntilTheExecution() throws MalformedPacketException {
    Played played = prepared();
    played.client(framed(0, new PacketWriter().int1(0x18).int4(1).int2(0).text("abc").payload()));
    assertThat(played.told())
        .isEqualTo(framed(0, new PacketWriter().int1(0x18).int4(7).int2(0).text("abc").payload()));
    played.route(primary(2, DB2));
    played.client(execution(1, true, 5));

    assertThat(played.error().message()).contains("parameters sent ahead");
  }
}
