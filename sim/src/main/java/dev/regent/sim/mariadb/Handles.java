package dev.regent.sim.mariadb;

import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.Err;
import dev.regent.proxy.wire.MalformedPacketException;
import dev.regent.proxy.wire.PacketReader;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The statements that the client has prepared; each of them has two whole numbers to be given. */
final class Handles {
  private static final int UNKNOWN = 1243;
  private static final int NO_TYPES = 1210;

  /** Command, number, flags, iterations, which are NULL; then whether types follow. */
  private static final int BEFORE_TYPES = 11;

  private static final int TYPES = 4;
  private final SortedMap<Long, String> texts = new TreeMap<>();

  /** The server remembers the types that the last execution brought. */
  private final Set<Long> typed = new TreeSet<>();

  private long last;

  long prepare(String text) {
    texts.put(++last, text);
    return last;
  }

  void close(Bytes packet) throws MalformedPacketException {
    texts.remove(number(packet));
    typed.remove(number(packet));
  }

  void clear() {
    texts.clear();
    typed.clear();
  }

  private static long number(Bytes packet) throws MalformedPacketException {
    PacketReader in = new PacketReader(packet);
    in.skip(1);
    return in.int4();
  }

  /** What is wrong with an execution, if anything is. */
  Optional<Err> wrong(Bytes packet) throws MalformedPacketException {
    long number = number(packet);
    if (!texts.containsKey(number)) {
      return Optional.of(
          new Err(UNKNOWN, "HY000", "Unknown prepared statement handler (" + number + ")"));
    }
    if (packet.at(BEFORE_TYPES) == 1) {
      typed.add(number);
    }
    return typed.contains(number)
        ? Optional.empty()
        : Optional.of(new Err(NO_TYPES, "HY000", "Incorrect arguments to mysqld_stmt_execute"));
  }

  /** The statement with its numbers. */
  String text(Bytes packet) throws MalformedPacketException {
    PacketReader in = new PacketReader(packet);
    in.skip(BEFORE_TYPES);
    in.skip(in.int1() == 1 ? TYPES : 0);
    String text = Objects.requireNonNull(texts.get(number(packet)));
    return text.replaceFirst("[?]", "" + in.int8()).replaceFirst("[?]", "" + in.int8());
  }
}
