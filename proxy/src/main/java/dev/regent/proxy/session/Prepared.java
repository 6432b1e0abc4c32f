package dev.regent.proxy.session;

import dev.regent.proxy.text.Statement;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The statements that a client has prepared. A server's number is good on one connection only, so
 * the client gets numbers of the proxy's own; each is prepared again where it is needed.
 */
final class Prepared {
  /** "The one that was prepared last", as MariaDB's clients say when they do not wait for it. */
  static final long LAST = 0xffff_ffffL;

  /** A server's {@code max_prepared_stmt_count} for all its connections together. */
  static final int COUNT_MAX = 16_382;

  /** All texts of one session; more than that is not kept, and ties it to its server. */
  static final long SIZE_MAX = 4 << 20;

  /**
   * @param packet the whole command that prepares it, framed
   */
  record One(long number, Packet packet, Statement statement, int parameters) {
    @Override
    public String toString() {
      return "prepared statement " + number;
    }
  }

  private final NavigableMap<Long, One> all = new TreeMap<>();
  private final Map<Long, byte[]> types = new TreeMap<>();

  /** Whose parameters were sent in part, ahead of the execution. */
  private final Set<Long> longData = new TreeSet<>();

  /** Whose rows a server keeps. */
  private final Set<Long> cursors = new TreeSet<>();

  private long size;
  private long given;
  private boolean lastFailed = true;

  One add(byte[] packet, Statement statement, int parameters) {
    One one = new One(++given, new Packet(packet), statement, parameters);
    all.put(one.number(), one);
    size += packet.length;
    lastFailed = false;
    return one;
  }

  /** The last attempt to prepare something failed, so there is no last one. */
  void failed() {
    lastFailed = true;
  }

  Optional<One> find(long number) {
    if (number == LAST) {
      return lastFailed ? Optional.empty() : Optional.ofNullable(all.get(given));
    }
    return Optional.ofNullable(all.get(number));
  }

  /** The ones that were prepared last. */
  List<One> latest(int most) {
    return all.descendingMap().values().stream().limit(most).toList();
  }

  boolean has(long number) {
    return all.containsKey(number);
  }

  void close(long number) {
    One gone = all.remove(number);
    if (gone != null) {
      size -= gone.packet().bytes().length;
      types.remove(number);
      longData.remove(number);
      cursors.remove(number);
    }
  }

  void clear() {
    all.clear();
    types.clear();
    longData.clear();
    cursors.clear();
    size = 0;
    lastFailed = true;
  }

  boolean isTooMuch() {
    return all.size() > COUNT_MAX || size > SIZE_MAX;
  }

  /** The types of its parameters as they were sent last: a server remembers them too. */
  Optional<byte[]> types(long number) {
    return Optional.ofNullable(types.get(number));
  }

  void typed(long number, byte[] kinds) {
    types.put(number, kinds);
  }

  void longData(long number) {
    longData.add(number);
  }

  void executed(long number, boolean cursor) {
    longData.remove(number);
    if (cursor) {
      cursors.add(number);
    } else {
      cursors.remove(number);
    }
  }

  boolean hasLongData() {
    return !longData.isEmpty();
  }

  boolean hasCursor() {
    return !cursors.isEmpty();
  }
}
