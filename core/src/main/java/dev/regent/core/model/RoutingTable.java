package dev.regent.core.model;

import java.util.List;
import java.util.Optional;

/**
 * Where writes and reads go. A reader obeys only the newest epoch it has seen.
 *
 * @param primary empty while nobody may take writes
 * @param writesHeld clients wait: a role change is under way
 * @param replicas running replicas that are not in maintenance, in configured order
 */
public record RoutingTable(
    long epoch, Optional<ServerId> primary, boolean writesHeld, List<ServerId> replicas) {
  public RoutingTable {
    replicas = List.copyOf(replicas);
  }

  public static RoutingTable closed() {
    return new RoutingTable(0, Optional.empty(), false, List.of());
  }
}
