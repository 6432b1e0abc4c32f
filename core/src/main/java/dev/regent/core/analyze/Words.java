package dev.regent.core.analyze;

import dev.regent.core.model.Observation;
import dev.regent.core.model.ServerId;
import java.util.List;
import java.util.stream.Collectors;

/** Parts of the sentences that operators read. */
final class Words {
  private Words() {}

  /** Names joined as people write them. */
  static String join(List<ServerId> servers) {
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
  static String words(Observation.Kind kind) {
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
}
