package dev.regent.core.analyze;

import dev.regent.core.model.GtidState;
import dev.regent.core.model.Observation;
import dev.regent.core.model.ServerId;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Parts of the sentences that operators read. */
public final class Words {
  private Words() {}

  /** Names joined as people write them. */
  public static String join(List<ServerId> servers) {
    return switch (servers.size()) {
      case 0 -> "nobody";
      case 1 -> servers.getFirst().name();
      default ->
          servers.subList(0, servers.size() - 1).stream()
                  .map(ServerId::name)
                  .collect(Collectors.joining(", "))
              + " and "
              + servers.getLast().name();
    };
  }

  /** A miss in words. */
  public static String words(Observation.Kind kind) {
    return switch (kind) {
      case REFUSED -> "connection refused";
      case RESET -> "connection cut";
      case TIMEOUT -> "no answer in time";
      case AUTH -> "access denied";
      case TOO_MANY_CONNECTIONS -> "too many connections";
      case PROTOCOL -> "unexpected answer";
      case TLS -> "TLS failed";
    };
  }

  /** How long something has lasted, in the unit in which people would say it. */
  public static String time(Duration time) {
    if (time.compareTo(Duration.ofSeconds(1)) < 0) {
      return time.toMillis() + " ms";
    }
    if (time.compareTo(Duration.ofMinutes(10)) < 0) {
      return time.toSeconds() + " s";
    }
    return time.compareTo(Duration.ofHours(10)) < 0
        ? time.toMinutes() + " min"
        : time.toHours() + " h";
  }

  /** Ranges of transactions, comma separated. */
  static String ranges(List<GtidState.Range> ranges) {
    return ranges.stream().map(GtidState.Range::toString).collect(Collectors.joining(", "));
  }

  /** "1 transaction", "2 transactions". */
  static String transactions(List<GtidState.Range> ranges) {
    long count = GtidState.count(ranges);
    return count + " transaction" + (count == 1 ? "" : "s");
  }
}
