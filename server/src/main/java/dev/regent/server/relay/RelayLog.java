package dev.regent.server.relay;

import dev.regent.core.model.Channel;
import dev.regent.core.model.Gtid;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.plan.Step;
import dev.regent.server.connect.LinkException;
import dev.regent.server.connect.Quoted;
import dev.regent.server.steps.Work;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks into a relay log, whether its threads run or not.
 *
 * <p>The server's own note of how far the log is applied is no proof after a crash: it may lie
 * behind, and what is applied twice is wrong or an error. What was executed stands in {@code
 * gtid_slave_pos}, which is part of each transaction. So the log is read from the noted place on,
 * up to the first transaction that was not executed.
 */
final class RelayLog {
  private static final Pattern GTID = Pattern.compile("GTID (\\d+-\\d+-\\d+)");
  private static final int PAGE = 500;
  private static final int PAGES_MAX = 100_000;
  private static final int NO_FILE = 1220;

  /** The first event of a file. */
  private static final long FIRST = 4;

  private final Channel channel;
  private final GtidPosition applied;
  private final Work work;

  /** Per domain, the last executed transaction that was seen in the log. */
  private final Map<Long, Long> executed = new TreeMap<>();

  /** All that was seen, and what was executed before. */
  private GtidPosition held;

  private RelayLog(Channel channel, GtidPosition applied, Work work) {
    this.channel = channel;
    this.applied = applied;
    this.work = work;
    this.held = applied;
  }

  /**
   * Where a transaction begins.
   *
   * @param gap what is wrong with going on here, in words: between the last transaction that was
   *     executed and this one others are missing
   */
  record Place(String file, long position, Optional<String> gap) {}

  private record Event(long position, String type, String info) {
    /** What begins here, if it is a transaction. */
    Optional<Gtid> gtid() {
      Matcher matcher = GTID.matcher(info);
      return type.equals("Gtid") && matcher.find()
          ? Optional.of(Gtid.parse(matcher.group(1)))
          : Optional.empty();
    }
  }

  /** {@code readable}: false if an event cannot be read; {@code exists}: the file does. */
  private record Page(List<Event> events, boolean readable, boolean exists) {}

  /** The first transaction in the log that is not executed yet. */
  static Optional<Place> firstUnapplied(Channel channel, Work work) throws LinkException {
    GtidPosition applied = Standings.applied(work).position();
    return new RelayLog(channel, applied, work)
        .scan(channel.relayLog(), Math.max(FIRST, channel.relayPosition()));
  }

  /** Everything the server executed or received, a last transaction that was cut short included. */
  static GtidPosition end(Channel channel, Work work) throws LinkException {
    GtidPosition applied = Standings.applied(work).position();
    RelayLog log = new RelayLog(channel, applied, work);
    log.walk(channel.relayLog(), Math.max(FIRST, channel.relayPosition()), event -> false);
    return log.held;
  }

  /** Whether a file after the one being applied holds a transaction that is not executed yet. */
  static boolean hasMoreFiles(Channel channel, Work work) throws LinkException {
    Optional<String> next = next(channel.relayLog());
    GtidPosition applied = Standings.applied(work).position();
    return next.isPresent()
        && new RelayLog(channel, applied, work).scan(next.get(), FIRST).isPresent();
  }

  private Optional<Place> scan(String first, long from) throws LinkException {
    return walk(first, from, this::unapplied);
  }

  /** Reads on until an event is the one looked for, or to the end. */
  private Optional<Place> walk(String first, long from, Predicate<Event> wanted)
      throws LinkException {
    Optional<String> file = Optional.of(first);
    long position = from;
    int limit = PAGE;
    for (int i = 0; i < PAGES_MAX && file.isPresent(); i++) {
      Page page = read(file.get(), position, limit);
      if (!page.exists()) {
        return Optional.empty();
      }
      Optional<Event> found = page.events().stream().filter(wanted).findFirst();
      note(page.events());
      if (found.isPresent()) {
        return Optional.of(new Place(file.get(), found.get().position(), gap(found.get())));
      }
      if (!page.readable() && limit > 1) {
        // Somewhere in this page the log is torn: come closer.
        limit = Math.max(1, limit / 2);
      } else if (page.readable() && page.events().size() == limit && limit > 1) {
        position = page.events().getLast().position();
      } else {
        file = next(file.get());
        position = FIRST;
        limit = PAGE;
      }
    }
    return Optional.empty();
  }

  private void note(List<Event> events) {
    for (Event event : events) {
      event.gtid().ifPresent(g -> held = held.merge(new GtidPosition(List.of(g))));
    }
    events.stream()
        .takeWhile(e -> !unapplied(e))
        .flatMap(e -> e.gtid().stream())
        .forEach(g -> executed.merge(g.domain(), g.sequence(), Math::max));
  }

  /**
   * A recovery that cut off the end of the server's own log, or a crash with relaxed durability,
   * takes {@code gtid_slave_pos} back, perhaps to before the beginning of the relay log.
   */
  private Optional<String> gap(Event found) {
    Gtid next = found.gtid().orElseThrow();
    long last = applied.sequence(next.domain());
    boolean joins = next.sequence() == last + 1 || executed.getOrDefault(next.domain(), 0L) == last;
    return joins
        ? Optional.empty()
        : Optional.of("it goes on with " + next + ", but only " + applied + " was executed");
  }

  private boolean unapplied(Event event) {
    return event.gtid().filter(g -> applied.sequence(g.domain()) < g.sequence()).isPresent();
  }

  private Page read(String file, long position, int limit) throws LinkException {
    String sql =
        "SHOW RELAYLOG%s EVENTS IN %s FROM %d LIMIT %d"
            .formatted(Step.channel(channel.name()), Quoted.text(file), position, limit);
    try {
      return new Page(work.read(sql, RelayLog::events), true, true);
    } catch (LinkException e) {
      if (e.code() != NO_FILE) {
        throw e;
      }
      boolean missing = String.valueOf(e.getMessage()).contains("Could not find target log");
      return new Page(List.of(), false, !missing);
    }
  }

  private static List<Event> events(ResultSet rows) throws SQLException {
    List<Event> events = new ArrayList<>();
    while (rows.next()) {
      events.add(
          new Event(rows.getLong("Pos"), rows.getString("Event_type"), rows.getString("Info")));
    }
    return events;
  }

  /** {@code relay.000009} → {@code relay.000010}; empty for a name without a number. */
  private static Optional<String> next(String file) {
    int dot = file.lastIndexOf('.');
    String digits = file.substring(dot + 1);
    if (dot < 0 || digits.isEmpty() || !digits.chars().allMatch(Character::isDigit)) {
      return Optional.empty();
    }
    String number = Long.toString(Long.parseLong(digits) + 1);
    String padding = "0".repeat(Math.max(0, digits.length() - number.length()));
    return Optional.of(file.substring(0, dot + 1) + padding + number);
  }
}
