package dev.regent.core.model;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * One replication connection of a replica, from one row of {@code SHOW ALL SLAVES STATUS}.
 *
 * @param name connection name; empty for the default one
 * @param sourceServerId {@code Master_Server_Id}; 0 until the source was reached once
 * @param received {@code Gtid_IO_Pos}; empty after a restart of the replica, which means unknown,
 *     not none (DESIGN 7.3)
 * @param heartbeats {@code Slave_received_heartbeats}, a counter
 * @param heartbeatPeriod zero if heartbeats are off
 * @param readPosition {@code Read_Master_Log_Pos}; moves under load
 * @param relayLog current relay log file of the SQL thread, with {@code relayPosition} in it: where
 *     a relay-log rescue starts
 * @param lagSeconds {@code Seconds_Behind_Master}; empty if the server says NULL
 * @param sqlState {@code Slave_SQL_State}, the server's own words
 */
public record Channel(
    String name,
    Endpoint source,
    long sourceServerId,
    ThreadState io,
    boolean sqlRunning,
    GtidPosition received,
    boolean usesGtid,
    long heartbeats,
    Duration heartbeatPeriod,
    String sourceLog,
    long readPosition,
    String relayLog,
    long relayPosition,
    long executedPosition,
    OptionalLong lagSeconds,
    Problem ioProblem,
    Problem sqlProblem,
    Duration delay,
    String sqlState) {

  /** State of the receiving (IO) thread. */
  public enum ThreadState {
    /** Stopped by somebody, or by a fatal error. */
    NO,
    /** Running, without a connection to the source: trying. */
    CONNECTING,
    /** Connected. */
    YES
  }

  /** Last error of a replication thread; number 0 and empty text if there is none. */
  public record Problem(int number, String text) {
    public static final Problem NONE = new Problem(0, "");

    public boolean present() {
      return number != 0;
    }
  }

  public boolean running() {
    return io == ThreadState.YES && sqlRunning;
  }
}
