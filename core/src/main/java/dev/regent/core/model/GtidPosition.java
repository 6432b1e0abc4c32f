package dev.regent.core.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A position: the last GTID of each domain, as in {@code gtid_slave_pos} or {@code Gtid_IO_Pos}.
 *
 * <p>With {@code gtid_strict_mode} the sequence numbers of a domain only grow, so inside one
 * history a position stands for every transaction up to it. Whether two servers share one history
 * is not answered here: see {@link GtidState}.
 */
public record GtidPosition(List<Gtid> gtids) {
  public static final GtidPosition EMPTY = new GtidPosition(List.of());

  public GtidPosition {
    gtids = gtids.stream().sorted(Comparator.comparingLong(Gtid::domain)).toList();
    for (int i = 1; i < gtids.size(); i++) {
      Check.argument(
          gtids.get(i).domain() != gtids.get(i - 1).domain(), "two GTIDs of one domain: " + gtids);
    }
  }

  /** Parses a comma separated list; the empty text is the empty position. */
  public static GtidPosition parse(String text) {
    return new GtidPosition(parseList(text));
  }

  static List<Gtid> parseList(String text) {
    List<Gtid> gtids = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      if (!part.isBlank()) {
        gtids.add(Gtid.parse(part));
      }
    }
    return gtids;
  }

  public boolean isEmpty() {
    return gtids.isEmpty();
  }

  /** The domain's sequence number, 0 if the domain is absent. */
  public long sequence(long domain) {
    for (Gtid gtid : gtids) {
      if (gtid.domain() == domain) {
        return gtid.sequence();
      }
    }
    return 0;
  }

  /** Whether every domain of the other position is reached here. */
  public boolean covers(GtidPosition other) {
    return other.beyond(this) == 0;
  }

  /** How many sequence numbers, over all domains, this position is ahead of the other one. */
  public long beyond(GtidPosition other) {
    long ahead = 0;
    for (Gtid gtid : gtids) {
      ahead += Math.max(0, gtid.sequence() - other.sequence(gtid.domain()));
    }
    return ahead;
  }

  /** The further of the two in every domain. */
  public GtidPosition merge(GtidPosition other) {
    Map<Long, Gtid> furthest = new TreeMap<>();
    for (GtidPosition position : List.of(this, other)) {
      for (Gtid gtid : position.gtids) {
        furthest.merge(gtid.domain(), gtid, (a, b) -> a.sequence() >= b.sequence() ? a : b);
      }
    }
    return new GtidPosition(List.copyOf(furthest.values()));
  }

  @Override
  public String toString() {
    return gtids.stream().map(Gtid::toString).collect(Collectors.joining(","));
  }
}
