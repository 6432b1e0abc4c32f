package dev.regent.core.plan;

import dev.regent.core.model.ClusterRecord.Reign;
import dev.regent.core.model.ServerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Steps that take the role from one server and give it to another. */
public sealed interface Promoting extends Step {

  /**
   * Closes the old primary if any path reaches it, on an auxiliary connection: {@code read_only}
   * hangs behind commits that wait for an acknowledgement. Nobody is killed (physics 4.3).
   */
  record FenceReadOnly(ServerId server, Duration deadline) implements Promoting {
    @Override
    public String sentence() {
      return "close " + server + " for writes if any path reaches it";
    }

    @Override
    public List<String> sql() {
      return List.of("SET GLOBAL read_only=1");
    }
  }

  /** Runs a configured hook on the manager's host; {@code server} is what it is about. */
  record RunHook(Hook hook, ServerId server, ServerId oldPrimary, long epoch, Duration deadline)
      implements Promoting {

    public enum Hook {
      FENCE,
      PRE_PROMOTE,
      POST_PROMOTE
    }

    @Override
    public String sentence() {
      return switch (hook) {
        case FENCE -> "run the fence hook against " + oldPrimary;
        case PRE_PROMOTE -> "run the pre_promote hook for " + server;
        case POST_PROMOTE -> "run the post_promote hook for " + server;
      };
    }

    @Override
    public List<String> sql() {
      return List.of();
    }
  }

  /**
   * Sets the primary's side of semi-sync.
   *
   * <p>The order matters: while semi-sync is off and {@code wait_no_slave} is off too, the server
   * crashes when its last semi-sync replica leaves (measured: 11.4.5, a null pointer in {@code
   * Repl_semi_sync_master::remove_slave}). So {@code wait_no_slave} is switched off only after
   * semi-sync is on, and on before semi-sync is off. The server sets what one statement names in
   * its order.
   *
   * @param timeoutMillis unsigned; {@code -1} is the server's largest value
   */
  record SetSemiSyncPrimary(ServerId server, boolean on, long timeoutMillis, boolean waitNoReplica)
      implements Promoting {
    /** Also a part of pointing a server at a source. */
    public static final String OFF =
        "SET GLOBAL rpl_semi_sync_master_wait_no_slave=1, GLOBAL rpl_semi_sync_master_enabled=0";

    @Override
    public String sentence() {
      return (on ? "require acknowledgements on " : "require no acknowledgements on ") + server;
    }

    @Override
    public List<String> sql() {
      String settings =
          "SET GLOBAL rpl_semi_sync_master_wait_point=AFTER_SYNC"
              + ", GLOBAL rpl_semi_sync_master_timeout="
              + Long.toUnsignedString(timeoutMillis);
      String wait = ", GLOBAL rpl_semi_sync_master_wait_no_slave=";
      String enable = ", GLOBAL rpl_semi_sync_master_enabled=1";
      return List.of(
          !on ? OFF : settings + (waitNoReplica ? wait + 1 + enable : enable + wait + 0));
    }

    @Override
    public Duration deadline() {
      return QUICK;
    }
  }

  /**
   * Writes the reign row: the first transaction of the new reign, replicated. In profile safe its
   * acknowledgement proves the new quorum. Sending it is the point of no return. Refused if the
   * server restarted since it was chosen: its recovery may have cut off what it was chosen for, and
   * its commits wait for nobody.
   *
   * @param acknowledged its commits must wait for an acknowledgement
   */
  record WriteReign(
      ServerId server, String cluster, Reign reign, boolean acknowledged, Duration deadline)
      implements Promoting {
    @Override
    public String sentence() {
      return "write the reign row of epoch " + reign.epoch() + " on " + server;
    }

    @Override
    public List<String> sql() {
      return List.of(
          "CREATE DATABASE IF NOT EXISTS regent",
          """
          CREATE TABLE IF NOT EXISTS regent.reign (
            cluster VARCHAR(64) NOT NULL,
            epoch BIGINT UNSIGNED NOT NULL,
            server VARCHAR(255) NOT NULL,
            gtid_before TEXT NOT NULL,
            began TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
            PRIMARY KEY (cluster, epoch)) ENGINE=InnoDB\
          """,
          "INSERT INTO regent.reign (cluster, epoch, server, gtid_before) VALUES ('"
              + cluster
              + "', "
              + reign.epoch()
              + ", '"
              + reign.primary()
              + "', '"
              + reign.before()
              + "')");
    }
  }

  /**
   * Looks whether the reign row is there; changes nothing. Unknown while a commit waits for its
   * acknowledgement: nobody can see the row then, and whoever lets it go commits it.
   */
  record LookForReign(ServerId server, String cluster, long epoch) implements Promoting {
    @Override
    public String sentence() {
      return "look for the reign row of epoch " + epoch + " on " + server;
    }

    @Override
    public List<String> sql() {
      return List.of(
          "SELECT server FROM regent.reign WHERE cluster='" + cluster + "' AND epoch=" + epoch,
          "SELECT COUNT(*) FROM information_schema.PROCESSLIST"
              + " WHERE STATE LIKE 'Waiting for semi-sync ACK%'");
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
   * Reads the newest reign of the server's own table, for an adoption: a manager that has lost its
   * store must not begin with an epoch that was there before. {@link Evidence.LastReign}.
   */
  record ReadLastReign(ServerId server, String cluster) implements Promoting {
    @Override
    public String sentence() {
      return "read the newest reign that " + server + " knows";
    }

    @Override
    public List<String> sql() {
      return List.of(
          "SELECT epoch, server FROM regent.reign WHERE cluster='"
              + cluster
              + "' ORDER BY epoch DESC LIMIT 1");
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
   * @param channel the connection inside this cluster, which must be stopped; others may go on
   * @param acknowledged its commits must wait for an acknowledgement
   */
  record OpenForWrites(ServerId server, String channel, long epoch, boolean acknowledged)
      implements Promoting {
    @Override
    public String sentence() {
      return "open " + server + " for writes (epoch " + epoch + ")";
    }

    @Override
    public List<String> sql() {
      return List.of("SET GLOBAL read_only=0");
    }

    @Override
    public Duration deadline() {
      return QUICK;
    }
  }

  /** Makes a promoted server forget whom it followed. */
  record ForgetSource(ServerId server, String channel) implements Promoting {
    @Override
    public String sentence() {
      return "let " + server + " forget its old source";
    }

    @Override
    public List<String> sql() {
      return List.of(
          channel.isEmpty() ? "RESET SLAVE ALL" : "RESET SLAVE" + Step.channel(channel) + " ALL");
    }

    @Override
    public Duration deadline() {
      return NORMAL;
    }
  }

  /** Enables the events that replication had disabled on this server, and the scheduler. */
  record EnableEvents(ServerId server, boolean scheduler) implements Promoting {
    @Override
    public String sentence() {
      return "enable scheduled events on " + server;
    }

    @Override
    public List<String> sql() {
      List<String> sql = new ArrayList<>();
      sql.add(
          "SELECT EVENT_SCHEMA, EVENT_NAME FROM information_schema.EVENTS WHERE"
              + " STATUS='SLAVESIDE_DISABLED'");
      sql.add("ALTER DEFINER=:definer EVENT :event ENABLE");
      if (scheduler) {
        sql.add("SET GLOBAL event_scheduler=ON");
      }
      return sql;
    }

    @Override
    public Duration deadline() {
      return NORMAL;
    }
  }

  /** Disables a demoted server's own events, without writing to its binary log. */
  record DisableEvents(ServerId server) implements Promoting {
    @Override
    public String sentence() {
      return "disable scheduled events on " + server;
    }

    @Override
    public List<String> sql() {
      return List.of(
          "SELECT EVENT_SCHEMA, EVENT_NAME FROM information_schema.EVENTS WHERE STATUS='ENABLED'",
          "ALTER DEFINER=:definer EVENT :event DISABLE ON SLAVE");
    }

    @Override
    public Duration deadline() {
      return NORMAL;
    }
  }
}
