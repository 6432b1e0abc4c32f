package dev.regent.proxy.session;

import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.Command;
import dev.regent.proxy.wire.MalformedPacketException;
import dev.regent.proxy.wire.PacketReader;
import dev.regent.proxy.wire.PacketWriter;
import java.util.Arrays;
import java.util.Optional;

/**
 * Commands that name a prepared statement. Their first bytes are the command and the statement's
 * number (4). COM_STMT_EXECUTE goes on with flags (1), iterations (4), a bit for each parameter
 * that is null, 1 if types follow, the types (2 each), the values; COM_STMT_BULK_EXECUTE (MariaDB)
 * with flags (2), the types if a flag says so, the values.
 */
final class Execution {
  private static final int NUMBER = 1;
  private static final int BEFORE_NULLS = 10;
  private static final int EXECUTE_FLAGS = 5;
  private static final int BULK_FLAGS = 5;
  private static final int BULK_TYPES = 7;
  private static final int BULK_SENDS_TYPES = 0x80;

  private Execution() {}

  static boolean names(Command command) {
    return switch (command) {
      case EXECUTE, BULK_EXECUTE, LONG_DATA, CLOSE, RESET, FETCH -> true;
      default -> false;
    };
  }

  private static long number(byte[] framed) {
    long number = 0;
    for (int i = 0; i < 4; i++) {
      number |= (framed[PacketWriter.HEADER + NUMBER + i] & 0xffL) << (8 * i);
    }
    return number;
  }

  static long number(Bytes packet) throws MalformedPacketException {
    PacketReader in = new PacketReader(packet);
    in.skip(NUMBER);
    return in.int4();
  }

  /** So many bytes of the packet are needed to know its types, or all of it if it is shorter. */
  static int needed(Command command, int parameters) {
    return switch (command) {
      case EXECUTE -> BEFORE_NULLS + nulls(parameters) + 1 + 2 * parameters;
      case BULK_EXECUTE -> BULK_TYPES + 2 * parameters;
      default -> NUMBER + 4;
    };
  }

  /** The types that it brings; empty if it relies on earlier ones, or has no parameters. */
  static Optional<byte[]> types(Command command, int parameters, Bytes packet)
      throws MalformedPacketException {
    if (parameters == 0 || !needsTypes(command)) {
      return Optional.empty();
    }
    PacketReader in = new PacketReader(packet);
    if (command == Command.EXECUTE) {
      in.skip(BEFORE_NULLS + nulls(parameters));
      return in.int1() == 1 ? Optional.of(in.bytes(2 * parameters)) : Optional.empty();
    }
    in.skip(BULK_FLAGS);
    boolean sent = (in.int2() & BULK_SENDS_TYPES) != 0;
    return sent ? Optional.of(in.bytes(2 * parameters)) : Optional.empty();
  }

  static boolean wantsCursor(Bytes packet) {
    return packet.length() > EXECUTE_FLAGS && packet.at(EXECUTE_FLAGS) != 0;
  }

  static boolean needsTypes(Command command) {
    return command == Command.EXECUTE || command == Command.BULK_EXECUTE;
  }

  /**
   * The same whole packet, framed, for a server that may know the statement by another number: the
   * very same if it does not.
   */
  static byte[] renumbered(byte[] framed, long number) {
    if (number(framed) == number) {
      return framed;
    }
    byte[] other = framed.clone();
    for (int i = 0; i < 4; i++) {
      other[PacketWriter.HEADER + NUMBER + i] = (byte) (number >> (8 * i));
    }
    return other;
  }

  /**
   * The same whole packet, framed, with the types that it relies on.
   *
   * @param framed no longer than {@link Session#WHOLE_MAX}, so that one packet takes it
   */
  static byte[] typed(Command command, byte[] framed, byte[] types) {
    int flag = PacketWriter.HEADER + BEFORE_NULLS + nulls(types.length / 2);
    boolean single = command == Command.EXECUTE;
    int at = single ? flag + 1 : PacketWriter.HEADER + BULK_TYPES;
    byte[] whole = Arrays.copyOf(framed, framed.length + types.length);
    System.arraycopy(types, 0, whole, at, types.length);
    System.arraycopy(framed, at, whole, at + types.length, framed.length - at);
    if (single) {
      whole[flag] = 1;
    } else {
      whole[PacketWriter.HEADER + BULK_FLAGS] |= (byte) BULK_SENDS_TYPES;
    }
    PacketWriter.measure(whole);
    return whole;
  }

  private static int nulls(int parameters) {
    return (parameters + 7) / 8;
  }
}
