package dev.regent.lab.fault;

import dev.regent.lab.cluster.LabServer;

/** Somebody changes a setting that safety rests on, at run time and behind everybody's back. */
public final class Tamper implements AutoCloseable {

  /** What is changed, to what; on which server it hurts. */
  public enum Setting {
    /** On the primary: nobody waits for acknowledgements any more. */
    SEMI_SYNC_OFF("rpl_semi_sync_master_enabled", "0"),
    /** On a replica: it acknowledges nothing more once it has reconnected. */
    ACKNOWLEDGING_OFF("rpl_semi_sync_slave_enabled", "0"),
    /** On a replica: it takes writes. */
    WRITABLE("read_only", "0"),
    /** On the primary: it refuses writes. */
    READ_ONLY("read_only", "1"),
    /** On any server: histories may part unnoticed. */
    STRICT_MODE_OFF("gtid_strict_mode", "0"),
    /** On any server: what was committed may be lost in a crash of the machine. */
    LOG_NOT_SYNCED("sync_binlog", "0"),
    /** Likewise, for the engine. */
    ENGINE_NOT_SYNCED("innodb_flush_log_at_trx_commit", "2");

    private final String variable;
    private final String value;

    Setting(String variable, String value) {
      this.variable = variable;
      this.value = value;
    }
  }

  private final LabServer server;
  private final Setting setting;
  private final String before;
  private final long moment;

  private Tamper(LabServer server, Setting setting) {
    this.server = server;
    this.setting = setting;
    this.before = now();
    this.moment = set(setting.value);
  }

  /** Changes it now. */
  public static Tamper with(LabServer server, Setting setting) {
    return new Tamper(server, setting);
  }

  /** When it was changed, by {@link System#nanoTime}. */
  public long moment() {
    return moment;
  }

  /** Whether the setting is still as we left it; a good manager sets it right. */
  public boolean holds() {
    return now().equals(setting.value);
  }

  /** Sets it to what it was before. */
  public long undo() {
    return set(before);
  }

  private String now() {
    return server.value("SELECT @@GLOBAL." + setting.variable);
  }

  private long set(String value) {
    long instant = System.nanoTime();
    server.execute("SET GLOBAL %s=%s".formatted(setting.variable, value));
    return instant;
  }

  @Override
  public void close() {
    undo();
  }
}
