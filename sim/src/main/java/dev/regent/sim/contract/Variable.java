package dev.regent.sim.contract;

/** A system or status variable. GTID lists read sorted by domain and server id. */
public enum Variable {
  READ_ONLY("read_only"),
  SEMI_SYNC_PRIMARY("rpl_semi_sync_master_enabled"),
  SEMI_SYNC_REPLICA("rpl_semi_sync_slave_enabled"),
  /** Milliseconds. */
  SEMI_SYNC_TIMEOUT("rpl_semi_sync_master_timeout"),
  WAIT_POINT("rpl_semi_sync_master_wait_point"),
  WAIT_NO_REPLICA("rpl_semi_sync_master_wait_no_slave"),
  /** Seconds that a semi-sync replica gives its source to let go of it. */
  KILL_SOURCE_TIMEOUT("rpl_semi_sync_slave_kill_conn_timeout"),
  GTID_STRICT("gtid_strict_mode"),
  /** Seconds. */
  NET_TIMEOUT("slave_net_timeout"),
  PARALLEL_THREADS("slave_parallel_threads"),
  MAX_CONNECTIONS("max_connections"),
  FLUSH_LOG_AT_COMMIT("innodb_flush_log_at_trx_commit"),
  SYNC_BINLOG("sync_binlog"),
  GTID_REPLICA_POS("gtid_slave_pos"),
  GTID_BINLOG_POS("gtid_binlog_pos"),
  GTID_CURRENT_POS("gtid_current_pos"),
  GTID_BINLOG_STATE("gtid_binlog_state"),
  /** ON while the primary waits for acknowledgements. */
  SEMI_SYNC_PRIMARY_STATUS("Rpl_semi_sync_master_status"),
  /** How many replicas the primary believes to acknowledge. */
  SEMI_SYNC_CLIENTS("Rpl_semi_sync_master_clients"),
  /** ON while the replica acknowledges. */
  SEMI_SYNC_REPLICA_STATUS("Rpl_semi_sync_slave_status");

  private final String sqlName;

  Variable(String sqlName) {
    this.sqlName = sqlName;
  }

  public String sqlName() {
    return sqlName;
  }

  /** Whether {@code SHOW GLOBAL STATUS} has it, instead of {@code @@GLOBAL}. */
  public boolean isStatus() {
    return Character.isUpperCase(sqlName.charAt(0));
  }

  public boolean isGtidList() {
    return sqlName.startsWith("gtid_") && this != GTID_STRICT;
  }
}
