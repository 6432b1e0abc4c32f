package dev.regent.proxy.session;

import dev.regent.proxy.wire.Capability;
import dev.regent.proxy.wire.Command;
import dev.regent.proxy.wire.Err;
import dev.regent.proxy.wire.Ok;
import dev.regent.proxy.wire.PacketWriter;
import dev.regent.proxy.wire.Script;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** A server that answers what it is sent as one would, packet by packet, as if all of it worked. */
final class AutoServer {
  private static final String COLUMN =
      "03 646566 00 00 00 01 61 00 0c 3f00 0b000000 03 0000 00 0000";
  private static final String NEW_END = "fe 00 00 0200 0000";
  private static final String OLD_END = "fe 0000 0200";

  /** It has nothing of what is told in the other four bytes. */
  private static final long OFFERED = 0xffff_ffffL & ~Capability.MYSQL;

  private static final byte[] WISH_FOR_A_FILE =
      PacketWriter.frame(new PacketWriter().int1(0xfb).text("rows").payload(), 1);
  private static final byte[] UNKNOWN_COMMAND =
      PacketWriter.frame(new Err(1047, "08S01", "Unknown command").encode(), 1);

  private byte[] received = new byte[0];
  private boolean greeted;
  private boolean loggedIn;
  private boolean takesFile;

  /** Columns are not ended by a packet of their own. */
  private boolean newStyle;

  private int status = Played.AUTOCOMMIT;

  /** What it says next, if it has anything to say; more may follow. */
  Optional<byte[]> says(byte[] told) {
    received = joined(received, told);
    if (!greeted) {
      greeted = true;
      return Optional.of(PlayedServer.greeting(OFFERED));
    }
    while (received.length >= PacketWriter.HEADER) {
      int length = (received[0] & 0xff) | (received[1] & 0xff) << 8 | (received[2] & 0xff) << 16;
      int end = PacketWriter.HEADER + length;
      if (received.length < end) {
        return Optional.empty();
      }
      byte[] packet = Arrays.copyOfRange(received, PacketWriter.HEADER, end);
      int number = received[3] & 0xff;
      received = Arrays.copyOfRange(received, end, received.length);
      Optional<byte[]> answer = answer(packet, number);
      if (answer.isPresent()) {
        return answer;
      }
    }
    return Optional.empty();
  }

  private Optional<byte[]> answer(byte[] packet, int number) {
    if (!loggedIn) {
      loggedIn = true;
      newStyle = packet.length > 3 && (packet[3] & 1) != 0;
      return ok(number + 1);
    }
    if (takesFile) {
      takesFile = packet.length > 0;
      return takesFile ? Optional.empty() : ok(number + 1);
    }
    Optional<Command> command =
        packet.length == 0 ? Optional.empty() : Command.of(packet[0] & 0xff);
    if (command.isEmpty()) {
      return Optional.of(UNKNOWN_COMMAND);
    }
    return switch (command.get().shape()) {
      case NONE -> Optional.empty();
      case OK -> ok(1);
      case TEXT -> Optional.of(PacketWriter.frame("Uptime: 7".getBytes(StandardCharsets.UTF_8), 1));
      case RESULTS -> results(packet);
      case ROWS -> Optional.of(end(new Script(1)).bytes());
      case PREPARED ->
          Optional.of(columns(new Script(1).hex("00 07000000 0000 0100 00 0000")).bytes());
    };
  }

  private Optional<byte[]> results(byte[] packet) {
    String sql = new String(packet, 1, packet.length - 1, StandardCharsets.UTF_8);
    if (packet[0] != Command.QUERY.code()) {
      return ok(1);
    }
    if (sql.startsWith("LOAD DATA")) {
      takesFile = true;
      return Optional.of(WISH_FOR_A_FILE);
    }
    if (sql.startsWith("SELECT")) {
      return Optional.of(end(columns(new Script(1).hex("01")).hex("0131")).bytes());
    }
    if (sql.startsWith("BEGIN") || sql.startsWith("START")) {
      status = Played.IN_TRANSACTION;
    } else if (sql.startsWith("COMMIT") || sql.startsWith("ROLLBACK")) {
      status = Played.AUTOCOMMIT;
    }
    return ok(1);
  }

  private Script columns(Script script) {
    Script one = script.hex(COLUMN);
    return newStyle ? one : one.hex(OLD_END);
  }

  private Script end(Script script) {
    return script.hex(newStyle ? NEW_END : OLD_END);
  }

  private Optional<byte[]> ok(int number) {
    return Optional.of(PacketWriter.frame(Ok.encode(status), number));
  }

  static byte[] joined(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
