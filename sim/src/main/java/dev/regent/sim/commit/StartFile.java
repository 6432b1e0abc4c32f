package dev.regent.sim.commit;

/**
 * What a server's start file says: how it is after every restart.
 *
 * @param skipReplicaStart {@code skip_slave_start}
 * @param roleReplica {@code init-rpl-role=SLAVE}: cut off at start what was not committed
 * @param semiSyncReplica {@code rpl_semi_sync_slave_enabled}
 * @param netTimeout {@code slave_net_timeout}, in nanoseconds
 */
public record StartFile(
    boolean readOnly,
    boolean skipReplicaStart,
    boolean roleReplica,
    boolean semiSyncReplica,
    boolean strict,
    boolean logsUpdates,
    boolean binaryLog,
    String format,
    int parallelThreads,
    int connectionsMax,
    long netTimeout) {
  private static final long SECOND = 1_000_000_000L;

  /** As ha.md 5.5 recommends, but for the role: closed, and nothing replicates. */
  public static final StartFile CLOSED =
      new StartFile(true, true, false, false, true, true, true, "ROW", 4, 151, 60 * SECOND);

  /** Open, and replicating, as soon as it is up; at least nothing is cut off before. */
  public StartFile careless() {
    return with(false, false, false);
  }

  /** Cuts off what it had not committed. */
  public StartFile truncating() {
    return with(readOnly, skipReplicaStart, true);
  }

  private StartFile with(boolean closed, boolean skip, boolean role) {
    return new StartFile(
        closed,
        skip,
        role,
        semiSyncReplica,
        strict,
        logsUpdates,
        binaryLog,
        format,
        parallelThreads,
        connectionsMax,
        netTimeout);
  }

  /** With this many workers in its applier. */
  public StartFile workers(int threads) {
    return new StartFile(
        readOnly,
        skipReplicaStart,
        roleReplica,
        semiSyncReplica,
        strict,
        logsUpdates,
        binaryLog,
        format,
        threads,
        connectionsMax,
        netTimeout);
  }

  public StartFile netTimeout(long nanos) {
    return new StartFile(
        readOnly,
        skipReplicaStart,
        roleReplica,
        semiSyncReplica,
        strict,
        logsUpdates,
        binaryLog,
        format,
        parallelThreads,
        connectionsMax,
        nanos);
  }
}
