package dev.regent.core.model;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one successful probe read from a server.
 *
 * @param startedMillis wall clock of the server's start, as far as its uptime tells; read once per
 *     connection (a restart loses the connection)
 * @param readOnly any value of {@code @@read_only} but 0/OFF (physics 3.3)
 * @param binlogPosition {@code @@gtid_binlog_pos}
 * @param appliedPosition {@code @@gtid_slave_pos}
 * @param channels in the order of their names; empty on a server that never was a replica
 * @param semiSyncStatus read on the primary only and seldom, because it is dear (physics 6)
 * @param cannotWrite why the write probe failed, if one is configured and it did (disk full, stuck)
 */
public record ServerFacts(
    long serverId,
    String version,
    long startedMillis,
    boolean readOnly,
    BinaryLog binaryLog,
    GtidPosition binlogPosition,
    GtidState binlogState,
    GtidPosition appliedPosition,
    SemiSync semiSync,
    Durability durability,
    boolean eventScheduler,
    int parallelThreads,
    List<Channel> channels,
    Optional<SemiSyncStatus> semiSyncStatus,
    Optional<String> cannotWrite) {

  /** Settings of the binary log that a candidate needs. */
  public record BinaryLog(
      boolean enabled,
      boolean logsReplicaUpdates,
      boolean strict,
      String format,
      String rowImage) {}

  /** {@code rpl_semi_sync_*} settings; the timeout is in milliseconds, unsigned. */
  public record SemiSync(
      boolean primaryEnabled,
      boolean replicaEnabled,
      long timeoutMillis,
      String waitPoint,
      boolean waitNoReplica) {

    /** {@code 18446744073709551615}, the server's largest: an endless wait (physics 4.3). */
    public static final long ENDLESS = -1L;

    /** Whether a commit on this server is acknowledged only after a replica has it. */
    public boolean endlessAfterSync() {
      return primaryEnabled
          && Long.compareUnsigned(timeoutMillis, 86_400_000L) >= 0
          && waitPoint.equals("AFTER_SYNC")
          && waitNoReplica;
    }
  }

  /** {@code sync_binlog} and {@code innodb_flush_log_at_trx_commit}. */
  public record Durability(long syncBinlog, long flushLog) {
    public static final Durability FULL = new Durability(1, 1);
    public static final Durability RELAXED = new Durability(0, 0);

    public boolean full() {
      return equals(FULL);
    }
  }

  /**
   * @param clients stale while the primary is idle (physics 1): never evidence of reachability
   * @param waiting commits that wait for an acknowledgement now
   * @param deaf threads that served replicas cannot end, and let no new ones begin: nobody hears
   *     acknowledgements until somebody else asks for the log (11.4.5)
   */
  public record SemiSyncStatus(
      boolean active,
      int clients,
      int waiting,
      long acknowledged,
      long unacknowledged,
      boolean deaf) {}

  public ServerFacts {
    channels = List.copyOf(channels);
  }

  /** The channel that follows any source, if there is exactly one. */
  public Optional<Channel> soleChannel() {
    return channels.size() == 1 ? Optional.of(channels.getFirst()) : Optional.empty();
  }

  /** Everything this server holds applied: its own log and what replication applied. */
  public GtidPosition applied() {
    return binlogPosition.merge(appliedPosition);
  }

  /** Everything this server holds, applied or in a relay log, as far as it tells. */
  public GtidPosition held() {
    GtidPosition held = applied();
    for (Channel channel : channels) {
      held = held.merge(channel.received());
    }
    return held;
  }

  /** Largest replication lag the server reports; empty if it reports none. */
  public OptionalLong lagSeconds() {
    return channels.stream()
        .filter(c -> c.lagSeconds().isPresent())
        .mapToLong(c -> c.lagSeconds().getAsLong())
        .max();
  }
}
