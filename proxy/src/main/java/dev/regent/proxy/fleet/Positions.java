package dev.regent.proxy.fleet;

import java.util.Collection;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The last transaction of each domain that somebody wants to see, as one text. */
public record Positions(String text) {
  public static final Positions NONE = new Positions("");

  static Positions of(Collection<Position> each) {
    return new Positions(
        each.stream()
            .sorted(Comparator.comparing(Position::domain))
            .map(Position::toString)
            .collect(Collectors.joining(",")));
  }

  public boolean isEmpty() {
    return text.isEmpty();
  }

  /** With one more; the newest of its domain stays. */
  public Positions with(Position one) {
    return with(new Positions(one.toString()));
  }

  /** Both. */
  public Positions with(Positions other) {
    if (isEmpty() || other.isEmpty() || text.equals(other.text)) {
      return isEmpty() ? other : this;
    }
    SortedMap<String, Position> all = new TreeMap<>();
    for (String part : (text + "," + other.text).split(",")) {
      Position.parse(part).ifPresent(p -> all.merge(p.domain(), p, Position::newer));
    }
    return of(all.values());
  }
}
