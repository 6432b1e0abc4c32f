package dev.regent.core.model;

import java.util.List;
import java.util.Optional;

/**
 * Where writes and reads go. A reader obeys only the newest epoch it has seen.
 *
 * @param primary empty while nobody may take writes
 * @param writesHeld clients wait: a role change is under way
 * @param replicas running replicas that are not in maintenance, in configured order
 * @param candidate who will have the role if the change that is under way succeeds: clients may log
 *     in there ahead, and send nothing of their own; empty while nobody is chosen
 */
public record RoutingTable(
    long epoch,
    Optional<ServerId> primary,
    boolean writesHeld,
    List<ServerId> replicas,
    Optional<ServerId> candidate) {
  public RoutingTable {
    replicas = List.copyOf(replicas);
  }

  /** While no change is under way. */
  public RoutingTable(
      long epoch, Optional<ServerId> primary, boolean writesHeld, List<ServerId> replicas) {
    this(epoch, primary, writesHeld, replicas, Optional.empty());
  }

  public static RoutingTable closed() {
    return new RoutingTable(0, Optional.empty(), false, List.of());
  }
}
