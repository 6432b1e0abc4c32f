package dev.regent.core.plan;

import dev.regent.core.model.Endpoint;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.ServerFacts.Durability;
import dev.regent.core.model.ServerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Steps on a replica's threads and relay log.
 *
 * <p>In GTID mode MariaDB deletes the relay logs when both threads are stopped and one is started
 * (orchestrator.md 1.9). So no step here starts a thread whose sibling is stopped, except {@link
 * Rescue}, which leaves GTID mode first, and {@link Follow}, which is sent only to a server whose
 * relay log holds nothing that its new source lacks.
 */
public sealed interface Receiving extends Step {
  /**
   * Stopping a semi-sync replica's receiving thread, the server calls on its source to end the
   * connection there too, and waits as long as this for one that is frozen: 5 s by default (0 means
   * 30 s; measured on 11.4.5).
   */
  String QUICK_STOP = "SET GLOBAL rpl_semi_sync_slave_kill_conn_timeout=1";

  /** A reconnection takes milliseconds or does not happen now; others wait behind it. */
  Duration RECONNECT = Duration.ofSeconds(3);

  /** Revokes the old reign on one replica: stops only the IO thread, then reads its position. */
  record StopReceiving(ServerId server, String channel, Duration deadline) implements Receiving {
    @Override
    public String sentence() {
      return "stop receiving on " + server + " and read its position";
    }

    @Override
    public List<String> sql() {
      return List.of(
          QUICK_STOP,
          "STOP SLAVE" + Step.channel(channel) + " IO_THREAD",
          "SHOW ALL SLAVES STATUS");
    }
  }

  /** Reads where a server stands; changes nothing. */
  record Examine(ServerId server) implements Receiving {
    @Override
    public String sentence() {
      return "read the position of " + server;
    }

    @Override
    public List<String> sql() {
      return List.of(
          "SELECT @@gtid_binlog_pos, @@gtid_binlog_state, @@gtid_slave_pos",
          "SHOW ALL SLAVES STATUS");
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
   * Applies a relay log whose SQL thread is stopped, without losing it: out of GTID mode, at the
   * relay position the server itself remembers, SQL thread only and without parallel threads, until
   * all of it is read (orchestrator.md 1.9); {@link Evidence.Standing}. A last transaction that a
   * crash cut short is left out: nobody acknowledged it. {@link Evidence.Unappliable} if others are
   * missing before it; then nothing was changed.
   */
  record Rescue(ServerId server, String channel, Duration deadline) implements Receiving {
    @Override
    public String sentence() {
      return "apply the relay log of " + server + " without GTID mode, so that it is not purged";
    }

    @Override
    public List<String> sql() {
      String name = Step.channel(channel);
      return List.of(
          "STOP SLAVE" + name,
          "SET GLOBAL slave_parallel_mode=none",
          "CHANGE MASTER"
              + name
              + " TO MASTER_USE_GTID=no, RELAY_LOG_FILE=:relay_file, RELAY_LOG_POS=:relay_position",
          "START SLAVE" + name + " SQL_THREAD",
          "SHOW ALL SLAVES STATUS");
    }
  }

  /**
   * Fetches what is missing before a relay log that cannot be applied, from a server that executed
   * it, over a connection of its own: the one whose relay log it is stays as it is. {@link
   * Evidence.Standing} afterwards. The connection is removed; after a manager that died meanwhile
   * by the next rescue, {@link Follow}, start of replication or opening of this server.
   *
   * @param until what the source executed
   */
  record FetchMissing(
      ServerId server, ServerId source, Endpoint address, GtidPosition until, Duration deadline)
      implements Receiving {
    /** The connection's name; nobody else uses it. */
    public static final String CHANNEL = "regent_fetch";

    @Override
    public String sentence() {
      return "fetch from " + source + " what is missing before the relay log of " + server;
    }

    @Override
    public List<String> sql() {
      String name = Step.channel(CHANNEL);
      return List.of(
          // With semi-sync off the server silently skips its own old transactions (physics 5.3).
          "SET GLOBAL rpl_semi_sync_slave_enabled=1",
          "CHANGE MASTER"
              + name
              + " TO MASTER_HOST='"
              + address.host()
              + "', MASTER_PORT="
              + address.port()
              + ", MASTER_USER=:user, MASTER_PASSWORD=:password, MASTER_SSL=:tls"
              + ", MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=1",
          "START SLAVE" + name);
    }

    /** Removes the connection. */
    public static List<String> end() {
      String name = Step.channel(CHANNEL);
      return List.of("STOP SLAVE" + name, "RESET SLAVE" + name + " ALL");
    }
  }

  /**
   * Applies received transactions up to the target, watching the SQL thread in short slices; {@link
   * Evidence.Standing} at the end. Fails if that thread stops; unknown if the time is over.
   */
  record Drain(ServerId server, String channel, GtidPosition target, Duration deadline)
      implements Receiving {
    @Override
    public String sentence() {
      return "apply what " + server + " received, up to " + target;
    }

    @Override
    public List<String> sql() {
      return List.of("SELECT MASTER_GTID_WAIT('" + target + "', 0.1)", "SHOW ALL SLAVES STATUS");
    }

    @Override
    public boolean mutates() {
      return false;
    }
  }

  /** The original values are stored with the intent, so that any successor can restore them. */
  record RelaxDurability(ServerId server, Durability original) implements Receiving {
    @Override
    public String sentence() {
      return "relax durability on " + server + " for the drain";
    }

    @Override
    public List<String> sql() {
      return List.of(
          "SET GLOBAL sync_binlog=0",
          "SET GLOBAL innodb_flush_log_at_trx_commit=0",
          "SET GLOBAL relay_log_purge=0");
    }

    @Override
    public Duration deadline() {
      return QUICK;
    }
  }

  record RestoreDurability(ServerId server, Durability original) implements Receiving {
    @Override
    public String sentence() {
      return "restore durability on " + server + " and flush its logs";
    }

    @Override
    public List<String> sql() {
      return List.of(
          "SET GLOBAL sync_binlog=" + original.syncBinlog(),
          "SET GLOBAL innodb_flush_log_at_trx_commit=" + original.flushLog(),
          "SET GLOBAL relay_log_purge=1",
          "FLUSH NO_WRITE_TO_BINLOG BINARY LOGS",
          "FLUSH NO_WRITE_TO_BINLOG ENGINE LOGS");
    }

    @Override
    public Duration deadline() {
      return NORMAL;
    }
  }

  /** Stops both threads of a drained candidate. */
  record StopReplication(ServerId server, String channel) implements Receiving {
    @Override
    public String sentence() {
      return "stop replication on " + server;
    }

    @Override
    public List<String> sql() {
      return List.of("STOP SLAVE" + Step.channel(channel));
    }

    @Override
    public Duration deadline() {
      return NORMAL;
    }
  }

  /** Lets go: starts the IO thread again, only if the SQL thread runs; fails otherwise. */
  record StartReceiving(ServerId server, String channel) implements Receiving {
    @Override
    public String sentence() {
      return "start receiving again on " + server + " if its SQL thread runs";
    }

    @Override
    public List<String> sql() {
      return List.of("START SLAVE" + Step.channel(channel) + " IO_THREAD");
    }

    @Override
    public Duration deadline() {
      return NORMAL;
    }
  }

  /** Starts both threads of a replica whose relay log is fully applied; fails otherwise. */
  record StartReplication(ServerId server, String channel) implements Receiving {
    @Override
    public String sentence() {
      return "start replication on " + server;
    }

    @Override
    public List<String> sql() {
      return List.of("START SLAVE" + Step.channel(channel));
    }

    @Override
    public Duration deadline() {
      return NORMAL;
    }
  }

  /**
   * Reconnects a running replica now, instead of waiting for its retry grid (physics 2.3); {@link
   * Evidence.Found} tells whether it connected before the deadline.
   */
  record RestartReceiving(ServerId server, String channel) implements Receiving {
    @Override
    public String sentence() {
      return "reconnect " + server + " to its source";
    }

    @Override
    public List<String> sql() {
      String name = Step.channel(channel);
      return List.of("STOP SLAVE" + name + " IO_THREAD", "START SLAVE" + name + " IO_THREAD");
    }

    @Override
    public Duration deadline() {
      return RECONNECT;
    }
  }

  /**
   * Tests a silent primary through a caught-up witness: restarts its IO thread and looks whether it
   * connects. {@link Evidence.Found} true: the primary lives. After an attempt in vain the thread
   * stays stopped: its next one could not be stopped for as long as the usual time-out.
   */
  record TestPrimary(ServerId server, String channel, ServerId primary, Duration deadline)
      implements Receiving {
    @Override
    public String sentence() {
      return "let " + server + " reconnect to " + primary + ", to see whether it lives";
    }

    @Override
    public List<String> sql() {
      String name = Step.channel(channel);
      return List.of(
          "SET GLOBAL slave_net_timeout=1",
          QUICK_STOP,
          "STOP SLAVE" + name + " IO_THREAD",
          "START SLAVE" + name + " IO_THREAD",
          "SET GLOBAL slave_net_timeout=:usual",
          "SHOW ALL SLAVES STATUS");
    }
  }

  /**
   * Points a server at a source and starts it; {@link Evidence.Found} tells whether it connected
   * before the deadline. {@code :tls} stands for the configured encryption between servers.
   * Filters, delay and TLS settings of an existing channel are preserved by the server, since they
   * are not named.
   *
   * @param heartbeat zero leaves the server's default
   * @param demote the server was writable or has its own binary log tail: its own log position
   *     becomes its replication position
   * @param acknowledges semi-sync replica side on or off; set before the threads start. A demoted
   *     server has it on in any case, or it would skip its own old transactions (physics 5.3)
   */
  record Follow(
      ServerId server,
      String channel,
      ServerId source,
      Endpoint address,
      Duration heartbeat,
      int connectRetrySeconds,
      boolean demote,
      boolean acknowledges,
      Duration deadline)
      implements Receiving {
    @Override
    public String sentence() {
      return "let " + server + " follow " + source + (demote ? " from its own log position" : "");
    }

    @Override
    public List<String> sql() {
      String name = Step.channel(channel);
      List<String> sql = new ArrayList<>();
      sql.add("SET GLOBAL read_only=1");
      sql.add("STOP SLAVE" + name);
      sql.add(Promoting.SetSemiSyncPrimary.OFF);
      // With semi-sync off the server silently skips its own old transactions (physics 5.3).
      sql.add(
          "SET GLOBAL gtid_strict_mode=1, GLOBAL rpl_semi_sync_slave_enabled=1"
              + ", GLOBAL rpl_semi_sync_slave_kill_conn_timeout=1");
      if (demote) {
        sql.add("SET GLOBAL gtid_slave_pos=@@gtid_binlog_pos");
      }
      sql.add(
          "CHANGE MASTER"
              + name
              + " TO MASTER_HOST='"
              + address.host()
              + "', MASTER_PORT="
              + address.port()
              + ", MASTER_USER=:user, MASTER_PASSWORD=:password, MASTER_SSL=:tls"
              + ", MASTER_USE_GTID=slave_pos"
              + ", MASTER_CONNECT_RETRY="
              + connectRetrySeconds
              + (heartbeat.isZero() ? "" : ", MASTER_HEARTBEAT_PERIOD=" + seconds(heartbeat)));
      if (!acknowledges && !demote) {
        sql.add("SET GLOBAL rpl_semi_sync_slave_enabled=0");
      }
      sql.add("START SLAVE" + name);
      return sql;
    }

    private static String seconds(Duration duration) {
      long millis = duration.toMillis();
      return millis / 1000 + "." + Long.toString(1000 + millis % 1000).substring(1);
    }
  }
}
