package dev.regent.core.plan;

import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.ServerId;
import java.time.Duration;
import java.util.List;

/** Steps on the old primary of a switchover. All of them can be undone by {@link Unfreeze}. */
public sealed interface Freezing extends Step {

  /** Looks for reasons not to switch over now; {@link Evidence.Objections}. Changes nothing. */
  record CheckPrimary(ServerId server, Duration longTransaction) implements Freezing {
    @Override
    public String sentence() {
      return "look for long transactions and table locks on " + server;
    }

    @Override
    public List<String> sql() {
      return List.of(
          "SELECT trx_mysql_thread_id, TIMESTAMPDIFF(SECOND, trx_started, NOW()) FROM"
              + " information_schema.INNODB_TRX",
          "SELECT ID, USER, HOST, COMMAND, TIME, STATE FROM information_schema.PROCESSLIST");
    }

    @Override
    public Duration deadline() {
      return QUICK;
    }

    @Override
    public boolean mutates() {
      return false;
    }
  }

  /**
   * Freezes writes and reads one position ({@link Evidence.Position}): event scheduler off, {@code
   * FLUSH TABLES WITH READ LOCK} under a watchdog, foreign sessions killed from another connection,
   * {@code read_only} on under the lock, position read, and only then {@code UNLOCK TABLES}. On any
   * trouble it undoes itself and fails.
   */
  record Freeze(ServerId server, Duration deadline) implements Freezing {
    @Override
    public String sentence() {
      return "freeze writes on " + server + " and read its last position";
    }

    @Override
    public List<String> sql() {
      return List.of(
          "SET GLOBAL event_scheduler=OFF",
          "SET STATEMENT max_statement_time="
              + Math.max(1, deadline.toSeconds())
              + " FOR FLUSH TABLES WITH READ LOCK",
          "KILL CONNECTION :foreign",
          "SET GLOBAL read_only=1",
          "SELECT @@gtid_binlog_pos, @@gtid_binlog_state",
          "UNLOCK TABLES");
    }
  }

  /**
   * Checks that the frozen server is still closed and its position has not moved; {@link
   * Evidence.Found}, or fails with what is different.
   */
  record CheckFrozen(ServerId server, GtidPosition position) implements Freezing {
    @Override
    public String sentence() {
      return "check that " + server + " is still frozen at " + position;
    }

    @Override
    public List<String> sql() {
      return List.of("SELECT @@read_only, @@gtid_binlog_pos");
    }

    @Override
    public Duration deadline() {
      return QUICK;
    }

    @Override
    public boolean mutates() {
      return false;
    }
  }

  /**
   * Opens a frozen primary again; refuses if it restarted meanwhile. What its recovery cut off may
   * have been acknowledged, and after a restart its commits wait for nobody: then the most advanced
   * server must get the role.
   *
   * @param holding what it held when it was frozen, as far as that is known
   * @param acknowledged its commits must wait for an acknowledgement, as they did before
   */
  record Unfreeze(
      ServerId server, boolean eventScheduler, GtidPosition holding, boolean acknowledged)
      implements Freezing {
    @Override
    public String sentence() {
      return "open " + server + " for writes again";
    }

    @Override
    public List<String> sql() {
      String look = "SELECT @@global.gtid_binlog_pos, @@global.rpl_semi_sync_master_enabled";
      return eventScheduler
          ? List.of(look, "SET GLOBAL read_only=0", "SET GLOBAL event_scheduler=ON")
          : List.of(look, "SET GLOBAL read_only=0");
    }

    @Override
    public Duration deadline() {
      return NORMAL;
    }
  }
}
