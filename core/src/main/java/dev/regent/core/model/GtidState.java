package dev.regent.core.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The last GTID of each (domain, server id) in a server's binary log: {@code @@gtid_binlog_state}.
 *
 * <p>It survives a purge of the log and is the only exact test for errant transactions (physics
 * 5.2): a server is errant against another one if for some (domain, server id) its sequence number
 * is higher.
 */
public record GtidState(List<Gtid> gtids) {
  public static final GtidState EMPTY = new GtidState(List.of());

  /** Sequence numbers {@code from..to} of one server id in one domain, both included. */
  public record Range(long domain, long server, long from, long to) {
    public long count() {
      return to - from + 1;
    }

    @Override
    public String toString() {
      String first = domain + "-" + server + "-" + from;
      return from == to ? first : first + ".." + to;
    }
  }

  public GtidState {
    gtids =
        gtids.stream()
            .sorted(Comparator.comparingLong(Gtid::domain).thenComparingLong(Gtid::server))
            .toList();
  }

  public static GtidState parse(String text) {
    return new GtidState(GtidPosition.parseList(text));
  }

  /** The last sequence number of this server id in the domain, 0 if there is none. */
  public long sequence(long domain, long server) {
    for (Gtid gtid : gtids) {
      if (gtid.domain() == domain && gtid.server() == server) {
        return gtid.sequence();
      }
    }
    return 0;
  }

  /** The highest GTID of each domain. */
  public GtidPosition position() {
    Map<Long, Gtid> last = new TreeMap<>();
    for (Gtid gtid : gtids) {
      last.merge(gtid.domain(), gtid, (a, b) -> a.sequence() >= b.sequence() ? a : b);
    }
    return new GtidPosition(List.copyOf(last.values()));
  }

  /** The later of the two per (domain, server id). */
  public GtidState merge(GtidState other) {
    List<Gtid> merged = new ArrayList<>(gtids);
    for (Gtid gtid : other.gtids) {
      if (gtid.sequence() > sequence(gtid.domain(), gtid.server())) {
        merged.removeIf(g -> g.domain() == gtid.domain() && g.server() == gtid.server());
        merged.add(gtid);
      }
    }
    return new GtidState(merged);
  }

  /**
   * The transactions in this log that the reference does not have. A range starts after the last
   * transaction of its domain that both logs share, because sequence numbers of a domain are dealt
   * out to all servers in turn.
   */
  public List<Range> beyond(GtidState reference) {
    List<Range> ranges = new ArrayList<>();
    for (Gtid gtid : gtids) {
      long known = reference.sequence(gtid.domain(), gtid.server());
      if (gtid.sequence() > known) {
        long shared = Math.max(known, lastShared(gtid, reference));
        ranges.add(new Range(gtid.domain(), gtid.server(), shared + 1, gtid.sequence()));
      }
    }
    return ranges;
  }

  /**
   * The transactions of the reference that this log should hold and does not. The log of a server
   * that was made from a copy begins after it: what is older than its beginning is not missed.
   */
  public List<Range> lacks(GtidState reference) {
    return reference.beyond(this).stream().filter(this::beginsBefore).toList();
  }

  /**
   * What the server with this id wrote itself, lost, and passed over when it came back to it
   * (physics 5.3).
   *
   * @param executed what replication says that it has executed
   */
  public List<Range> skippedOwn(long server, GtidPosition executed, GtidState reference) {
    return lacks(reference).stream()
        .filter(r -> r.server() == server && executed.sequence(r.domain()) >= r.to())
        .toList();
  }

  private boolean beginsBefore(Range missing) {
    return gtids.stream()
        .anyMatch(g -> g.domain() == missing.domain() && g.sequence() < missing.to());
  }

  /** Of each server both logs have what it wrote up to the lower of the two last numbers. */
  private long lastShared(Gtid errant, GtidState reference) {
    long shared = 0;
    for (Gtid mine : gtids) {
      long both = Math.min(mine.sequence(), reference.sequence(mine.domain(), mine.server()));
      if (mine.domain() == errant.domain() && both < errant.sequence()) {
        shared = Math.max(shared, both);
      }
    }
    return shared;
  }

  /**
   * How many transactions of one log these ranges are. A log has each number of a domain once, so
   * where the ranges of two servers overlap, a number is one transaction, by one of the two.
   */
  public static long count(List<Range> ranges) {
    List<Range> sorted =
        ranges.stream()
            .sorted(Comparator.comparingLong(Range::domain).thenComparingLong(Range::from))
            .toList();
    long count = 0;
    long domain = -1;
    long counted = 0;
    for (Range range : sorted) {
      counted = range.domain() == domain ? counted : 0;
      domain = range.domain();
      count += Math.max(0, range.to() - Math.max(range.from() - 1, counted));
      counted = Math.max(counted, range.to());
    }
    return count;
  }

  /**
   * How many transactions of these ranges, which this log has beyond another one, it has for
   * certain. Where it goes on behind a range with what both logs have, numbers were not dealt out
   * in turn: only the last one of the range is known then, and those below may be anybody's.
   */
  public long certain(List<Range> beyond) {
    return count(
        beyond.stream()
            .map(r -> isPassed(r, beyond) ? new Range(r.domain(), r.server(), r.to(), r.to()) : r)
            .toList());
  }

  private boolean isPassed(Range range, List<Range> beyond) {
    return gtids.stream()
        .filter(g -> g.domain() == range.domain() && g.sequence() >= range.to())
        .anyMatch(g ->
            beyond.stream().noneMatch(r -> r.domain() == g.domain() && r.server() == g.server()));
  }

  @Override
  public String toString() {
    return gtids.stream().map(Gtid::toString).collect(Collectors.joining(","));
  }
}
