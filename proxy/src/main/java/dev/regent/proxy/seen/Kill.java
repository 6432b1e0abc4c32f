package dev.regent.proxy.seen;

import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.Command;
import dev.regent.proxy.wire.MalformedPacketException;
import dev.regent.proxy.wire.PacketReader;
import dev.regent.proxy.wire.PacketWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command that kills a connection, or what it executes, by its number.
 *
 * @param connection the connection itself, not only its statement
 */
public record Kill(long number, boolean connection, String before, String after) {
  /** Nobody writes it longer. */
  private static final int LENGTH_MAX = 256;

  private static final long NUMBERS = 0xffff_ffffL;

  /** Some drivers know numbers above 2^31 as negative ones. {@code QUERY ID} is another number. */
  private static final Pattern TEXT =
      Pattern.compile(
          "(\\s*(?:/\\*[^!M].*?\\*/\\s*)?KILL\\s+(?:(?:HARD|SOFT)\\s+)?(?:(CONNECTION|QUERY)\\s+)?)"
              + "(-?\\d{1,20})(\\s*;?\\s*)",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /**
   * @param command with its first byte, without the packet's header
   */
  public static Optional<Kill> in(Command kind, Bytes command) {
    return switch (kind) {
      case QUERY -> inText(command);
      case PROCESS_KILL -> inCommand(command);
      default -> Optional.empty();
    };
  }

  private static Optional<Kill> inText(Bytes command) {
    if (command.length() > LENGTH_MAX || !mayKill(command)) {
      return Optional.empty();
    }
    String text = new String(command.copy(1, command.length()), StandardCharsets.ISO_8859_1);
    Matcher found = TEXT.matcher(text);
    if (!found.matches()) {
      return Optional.empty();
    }
    boolean query = "QUERY".equalsIgnoreCase(found.group(2));
    String digits = found.group(3);
    // Twenty digits may be more than a long is; such a number is nobody's.
    long number = digits.length() > 18 ? 0 : Long.parseLong(digits) & NUMBERS;
    return Optional.of(new Kill(number, !query, found.group(1), found.group(4)));
  }

  /** Most statements begin with another letter, and are not looked at any further. */
  private static boolean mayKill(Bytes command) {
    for (int i = 1; i < command.length(); i++) {
      int c = command.at(i);
      if (c > ' ') {
        return c == 'K' || c == 'k' || c == '/';
      }
    }
    return false;
  }

  private static Optional<Kill> inCommand(Bytes command) {
    try {
      PacketReader in = new PacketReader(command);
      in.skip(1);
      return Optional.of(new Kill(in.int4(), true, "", ""));
    } catch (MalformedPacketException e) {
      // The server will say so.
      return Optional.empty();
    }
  }

  /** The same for another number, as a whole packet. */
  public byte[] of(Command kind, long thread) {
    PacketWriter out = new PacketWriter().int1(kind.code());
    if (kind == Command.PROCESS_KILL) {
      return out.int4(thread).packet(0);
    }
    return out.bytes((before + thread + after).getBytes(StandardCharsets.ISO_8859_1)).packet(0);
  }
}
