package dev.regent.sim.contract;

/** A statement, by what it does. The only table is one of rows that are nothing but a number. */
public sealed interface Operation {
  /** Which threads of a replica a statement is about. */
  enum Threads {
    BOTH,
    RECEIVING,
    APPLYING
  }

  /** How a replica finds its place in its source's log. */
  enum Place {
    /** {@code MASTER_USE_GTID=slave_pos}. */
    REPLICA_POS,
    /** {@code MASTER_USE_GTID=current_pos}. */
    CURRENT_POS,
    /** The same as REPLICA_POS after {@code MASTER_DEMOTE_TO_SLAVE=1}. */
    DEMOTED
  }

  record Insert(long row) implements Operation {}

  record Delete(long row) implements Operation {}

  record Begin() implements Operation {}

  record Commit() implements Operation {}

  /** {@code LOCK TABLES ... WRITE}. */
  record LockTable() implements Operation {}

  /** Ends both kinds of table lock. */
  record UnlockTables() implements Operation {}

  /** {@code FLUSH TABLES WITH READ LOCK}. */
  record LockEverything() implements Operation {}

  /** {@code FLUSH STATUS}: changes nothing, and is logged unless it says otherwise. */
  record FlushStatus(boolean logged) implements Operation {}

  record SetGlobal(Variable variable, String value) implements Operation {}

  /** {@code sql_log_bin} of this session. */
  record LogMyWrites(boolean logged) implements Operation {}

  /** {@code gtid_domain_id} of this session. */
  record UseDomain(int domain) implements Operation {}

  /** {@code gtid_seq_no} of this session's next transaction. */
  record UseSequence(long sequence) implements Operation {}

  /** Its value is 1 if the lock is ours now, 0 if somebody else has it. */
  record GetLock(String name, int seconds) implements Operation {}

  /** Its value is the session id of the holder, 0 if there is none. */
  record LockHolder(String name) implements Operation {}

  record KillQuery(long session) implements Operation {}

  record KillConnection(long session) implements Operation {}

  record StartReplication(String channel, Threads threads) implements Operation {}

  record StopReplication(String channel, Threads threads) implements Operation {}

  /** {@code CHANGE MASTER} to another server of this cluster. */
  record PointTo(String channel, int source, Place place, int retrySeconds, int heartbeatMillis)
      implements Operation {}

  /**
   * {@code CHANGE MASTER} to GTID off and to the place in the relay log where the applier stands,
   * so that a start of the applier takes up from there.
   */
  record PointToRelayLog() implements Operation {}

  /** {@code RESET SLAVE}, with ALL if the source is to be forgotten too. */
  record ResetReplica(String channel, boolean all) implements Operation {}

  /** {@code RESET MASTER}. */
  record ResetBinlog() implements Operation {}

  /** {@code MASTER_GTID_WAIT}: its value is 0, or -1 if the time ran out. */
  record AwaitApplied(String position, int seconds) implements Operation {}
}
