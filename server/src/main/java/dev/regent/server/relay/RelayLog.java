package dev.regent.server.relay;

import dev.regent.core.model.Channel;
import dev.regent.core.model.Gtid;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.plan.Step;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.LinkException;
import dev.regent.server.connect.Quoted;
import dev.regent.server.steps.Work;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Looks into a relay log, whether its threads run or not.
 *
 * <p>The server's own note of how far the log is applied is no proof after a crash. It may lie
 * behind, and what is applied twice is wrong or an error; or before it lies what a recovery took
 * back that cut off the end of the server's own log. What was executed stands in {@code
 * gtid_slave_pos}, which is part of each transaction. So the log is read up to the first
 * transaction that was not executed: from the noted place on, and if that leaves a doubt after a
 * restart, from a file on before which everything was executed. Where a file begins with a new
 * connection to the source, its first events tell what was received before (measured on 11.4.5);
 * files are deleted when they were applied.
 */
final class RelayLog {
  private static final Pattern GTID = Pattern.compile("\\d+-\\d+-\\d+");
  private static final int PAGE = 500;
  private static final int PAGES_MAX = 100_000;
  private static final int NO_FILE = 1220;

  /** What comes before the first transaction of a file. */
  private static final int HEAD = 10;

  private static final int FILES_BACK_MAX = 1000;
  private static final Duration RESERVE = Duration.ofMillis(500);
  private static final String LIST = "Gtid_list";
  private static final String TRANSACTION = "Gtid";
  private static final Set<String> NAMED = Set.of(LIST, TRANSACTION);

  /** The first event of a file. */
  private static final long FIRST = 4;

  private final Channel channel;
  private final GtidPosition applied;
  private final Work work;
  private final Deadline until;

  /** Per domain, the last executed transaction that was seen in the log. */
  private final Map<Long, Long> executed = new TreeMap<>();

  /** All that was seen, and what was executed before. */
  private GtidPosition held;

  private RelayLog(Channel channel, GtidPosition applied, Work work, Deadline until) {
    this.channel = channel;
    this.applied = applied;
    this.work = work;
    this.until = until;
    this.held = applied;
  }

  /**
   * Where a transaction begins.
   *
   * @param gap what is wrong with going on here, in words: between the last transaction that was
   *     executed and this one others are missing
   */
  record Place(String file, long position, Optional<String> gap) {}

  private record Start(String file, long position) {}

  private record Event(long position, String type, String info) {
    /** What was received before it. */
    boolean isList() {
      return type.equals(LIST);
    }

    boolean isTransaction() {
      return type.equals(TRANSACTION);
    }

    /** The transactions that it names; of a list, the last one of each domain. */
    List<Gtid> gtids() {
      return isList() || isTransaction()
          ? GTID.matcher(info).results().map(found -> Gtid.parse(found.group())).toList()
          : List.of();
    }
  }

  /** {@code readable}: false if an event cannot be read; {@code exists}: the file does. */
  private record Page(List<Event> events, boolean readable, boolean exists) {}

  /** It could not be read to its end: too long, or the server deleted a file meanwhile. */
  static final class UnreadException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadException(String message) {
      super(message);
    }
  }

  /** The first transaction in the log that is not executed yet. */
  static Optional<Place> firstUnapplied(Channel channel, Work work)
      throws LinkException, UnreadException {
    return firstUnapplied(channel, work, limit(work));
  }

  /** So that it can be said that it was too long. */
  private static Deadline limit(Work work) {
    return work.deadline().before(RESERVE);
  }

  /**
   * The same.
   *
   * @param limit no page is read after it
   */
  static Optional<Place> firstUnapplied(Channel channel, Work work, Deadline limit)
      throws LinkException, UnreadException {
    GtidPosition applied = Standings.applied(work).position();
    RelayLog rest = new RelayLog(channel, applied, work, limit);
    Optional<Place> found = rest.scan(rest.noted());
    boolean gap = found.flatMap(Place::gap).isPresent();
    boolean joins = found.isPresent() && applied.gtids().size() == 1;
    if (!rest.forgot() || (!gap && (joins || rest.sawLast()))) {
      return found;
    }
    RelayLog whole = new RelayLog(channel, applied, work, limit);
    return whole.scan(whole.beginning());
  }

  /** A server that restarted does not know what it received until it connects. */
  private boolean forgot() {
    return channel.received().isEmpty();
  }

  /** Nothing can be missing before what was read: the last that was executed was in it. */
  private boolean sawLast() {
    return !applied.isEmpty()
        && applied.gtids().stream()
            .allMatch(last -> executed.getOrDefault(last.domain(), 0L) == last.sequence());
  }

  private Start noted() {
    return new Start(channel.relayLog(), Math.max(FIRST, channel.relayPosition()));
  }

  private Start beginning() throws LinkException {
    String file = channel.relayLog();
    for (int i = 0; i < FILES_BACK_MAX && !beginsWithExecuted(file); i++) {
      Optional<String> earlier = neighbour(file, -1);
      if (earlier.isEmpty() || !read(earlier.get(), FIRST, 1).exists()) {
        break;
      }
      file = earlier.get();
    }
    return new Start(file, FIRST);
  }

  /**
   * Whether it tells what was received before, and that was executed. Of two lists the first is of
   * the source's own file (10.11.5), and if it stands alone at the end, the other did not come.
   */
  private boolean beginsWithExecuted(String file) throws LinkException {
    List<Event> head = read(file, FIRST, HEAD).events();
    List<Event> lists =
        head.stream().takeWhile(e -> !e.isTransaction()).filter(Event::isList).toList();
    boolean complete = lists.size() > 1 || head.stream().anyMatch(Event::isTransaction);
    return complete && !lists.isEmpty() && lists.stream().noneMatch(this::unapplied);
  }

  /** Everything the server executed or received, a last transaction that was cut short included. */
  static GtidPosition end(Channel channel, Work work) throws LinkException, UnreadException {
    GtidPosition applied = Standings.applied(work).position();
    RelayLog log = new RelayLog(channel, applied, work, limit(work));
    log.walk(log.forgot() ? log.beginning() : log.noted(), event -> false);
    return log.held;
  }

  /** Whether a file after the one being applied holds a transaction that is not executed yet. */
  static boolean hasMoreFiles(Channel channel, Work work) throws LinkException, UnreadException {
    Optional<String> next = neighbour(channel.relayLog(), 1);
    GtidPosition applied = Standings.applied(work).position();
    return next.isPresent()
        && new RelayLog(channel, applied, work, limit(work))
            .scan(new Start(next.get(), FIRST))
            .isPresent();
  }

  private Optional<Place> scan(Start start) throws LinkException, UnreadException {
    return walk(start, this::unapplied);
  }

  /** Reads on until an event is the one looked for, or to the end. */
  private Optional<Place> walk(Start start, Predicate<Event> wanted)
      throws LinkException, UnreadException {
    Optional<String> file = Optional.of(start.file());
    long position = start.position();
    boolean head = position == FIRST;
    boolean begun = false;
    int limit = PAGE;
    for (int i = 0; i < PAGES_MAX && file.isPresent(); i++) {
      if (until.passed()) {
        throw new UnreadException("its relay log could not be read in time, up to " + file.get());
      }
      Page page = read(file.get(), position, limit);
      if (!page.exists() && begun) {
        throw new UnreadException(file.get() + " was deleted while it was read");
      }
      if (!page.exists()) {
        return Optional.empty();
      }
      begun = true;
      List<Event> telling = telling(page.events(), head);
      Optional<Event> found = telling.stream().filter(wanted).findFirst();
      note(telling);
      if (found.isPresent()) {
        return Optional.of(new Place(file.get(), found.get().position(), gap(found.get())));
      }
      head &= page.events().stream().noneMatch(Event::isTransaction);
      if (!page.readable() && limit > 1) {
        // Somewhere in this page the log is torn: come closer.
        limit = Math.max(1, limit / 2);
      } else if (page.readable() && page.events().size() == limit && limit > 1) {
        position = page.events().getLast().position();
      } else {
        file = neighbour(file.get(), 1);
        position = FIRST;
        head = true;
        begun = false;
        limit = PAGE;
      }
    }
    if (file.isPresent()) {
      throw new UnreadException("its relay log is too long to be read, from " + file.get() + " on");
    }
    return Optional.empty();
  }

  /**
   * The transactions; and while nobody else tells what was received, the lists at a file's
   * beginning. Those further on are of what the server filtered out.
   */
  private List<Event> telling(List<Event> events, boolean head) {
    int first = 0;
    while (first < events.size() && !events.get(first).isTransaction()) {
      first++;
    }
    int heads = head && forgot() ? first : 0;
    List<Event> telling = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      Event event = events.get(i);
      if (event.isTransaction() || (event.isList() && i < heads)) {
        telling.add(event);
      }
    }
    return telling;
  }

  private void note(List<Event> events) {
    for (Event event : events) {
      for (Gtid gtid : event.gtids()) {
        held = held.merge(new GtidPosition(List.of(gtid)));
      }
    }
    events.stream()
        .takeWhile(e -> !unapplied(e))
        .flatMap(e -> e.gtids().stream())
        .forEach(g -> executed.merge(g.domain(), g.sequence(), Math::max));
  }

  /**
   * A recovery that cut off the end of the server's own log, or a crash with relaxed durability,
   * takes {@code gtid_slave_pos} back, perhaps to before the beginning of the relay log.
   */
  private Optional<String> gap(Event found) {
    if (found.isList()) {
      return Optional.of(
          "it goes on after " + found.info() + ", but only " + applied + " was executed");
    }
    Gtid next = found.gtids().getFirst();
    long last = applied.sequence(next.domain());
    boolean joins = next.sequence() == last + 1 || executed.getOrDefault(next.domain(), 0L) == last;
    return joins
        ? Optional.empty()
        : Optional.of("it goes on with " + next + ", but only " + applied + " was executed");
  }

  /** Of a list, domains that were never executed may be the source's alone. */
  private boolean unapplied(Event event) {
    return event.gtids().stream()
        .filter(g -> event.isTransaction() || applied.sequence(g.domain()) > 0)
        .anyMatch(g -> applied.sequence(g.domain()) < g.sequence());
  }

  private Page read(String file, long position, int limit) throws LinkException {
    String sql =
        "SHOW RELAYLOG%s EVENTS IN %s FROM %d LIMIT %d"
            .formatted(Step.channel(channel.name()), Quoted.text(file), position, limit);
    try {
      return new Page(work.stream(sql, RelayLog::events), true, true);
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
      String type = rows.getString("Event_type");
      // That of others may be a statement of any length.
      String info = NAMED.contains(type) ? rows.getString("Info") : "";
      events.add(new Event(rows.getLong("Pos"), type, info));
    }
    return events;
  }

  /** {@code relay.000009} → {@code relay.000010}; empty for a name without a number. */
  private static Optional<String> neighbour(String file, int step) {
    int dot = file.lastIndexOf('.');
    String digits = file.substring(dot + 1);
    if (dot < 0 || digits.isEmpty() || !digits.chars().allMatch(Character::isDigit)) {
      return Optional.empty();
    }
    String number = Long.toString(Math.max(0, Long.parseLong(digits) + step));
    String padding = "0".repeat(Math.max(0, digits.length() - number.length()));
    return Optional.of(file.substring(0, dot + 1) + padding + number);
  }
}
