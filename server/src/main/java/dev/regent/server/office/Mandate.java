package dev.regent.server.office;

import dev.regent.core.model.Check;

/**
 * In whose name this process acts: the cluster, the manager, its incarnation and the newest epoch
 * it knows. Managers are ordered by (epoch, incarnation); the later one deposes the earlier.
 */
public final class Mandate {
  /** Before the cluster's name, in the name of the lock that whoever is in office holds. */
  static final String LOCK_PREFIX = "regent/";

  /** {@code GET_LOCK} takes names of 64 characters; ours has a prefix. */
  private static final int CLUSTER_LENGTH_MAX = 56;

  /**
   * At the end of the name of a manager that leaves failovers to a script, so that a tool which the
   * script calls finds on the servers themselves that it may act.
   */
  public static final String LEAVES_FAILOVER = ", failover by script";

  private final String cluster;
  private final String manager;
  private final long incarnation;
  private volatile long epoch;

  /**
   * @param manager names this process and no other one, e.g. host, process id and start time: two
   *     managers with equal numbers must not take each other for themselves
   */
  public Mandate(String cluster, String manager, long incarnation, long epoch) {
    Check.argument(
        cluster.length() <= CLUSTER_LENGTH_MAX,
        "cluster name '" + cluster + "' is longer than " + CLUSTER_LENGTH_MAX + " characters");
    this.cluster = cluster;
    this.manager = manager;
    this.incarnation = incarnation;
    this.epoch = epoch;
  }

  /** A reign began. Never goes back. */
  public synchronized void raise(long newer) {
    epoch = Math.max(epoch, newer);
  }

  public String cluster() {
    return cluster;
  }

  public String manager() {
    return manager;
  }

  public long incarnation() {
    return incarnation;
  }

  public long epoch() {
    return epoch;
  }

  String lock() {
    return LOCK_PREFIX + cluster;
  }
}
