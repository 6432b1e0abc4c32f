package dev.regent.core.plan;

import dev.regent.core.analyze.Receipt;
import dev.regent.core.model.GtidState;
import dev.regent.core.model.ServerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Steps that keep or bring back order: returned servers, the sync set, evidence files. */
public sealed interface Keeping extends Step {

  /**
   * First contact with a returned server that is not the primary: read-only, before looking, and
   * receiving stopped if it follows another server than the primary. Commits that wait there for an
   * acknowledgement are ended with their connections.
   *
   * @param channels connections whose IO thread must stop
   */
  record FenceReturned(ServerId server, List<String> channels) implements Keeping {
    public FenceReturned {
      channels = List.copyOf(channels);
    }

    @Override
    public String sentence() {
      return "fence returned server "
          + server
          + ": read-only"
          + (channels.isEmpty() ? "" : ", receiving stopped");
    }

    @Override
    public List<String> sql() {
      List<String> sql = new ArrayList<>();
      channels.forEach(c -> sql.add("STOP SLAVE" + Step.channel(c) + " IO_THREAD"));
      sql.add("KILL CONNECTION :waiting");
      sql.add("SET GLOBAL read_only=1");
      return sql;
    }

    @Override
    public Duration deadline() {
      return NORMAL;
    }
  }

  /** Saves transactions that only this server has to a file beside the audit trail. */
  record SaveErrant(ServerId server, List<GtidState.Range> ranges) implements Keeping {
    public SaveErrant {
      ranges = List.copyOf(ranges);
    }

    @Override
    public String sentence() {
      return "save the transactions that only " + server + " has";
    }

    @Override
    public List<String> sql() {
      return List.of();
    }

    @Override
    public Duration deadline() {
      return Duration.ofMinutes(5);
    }

    @Override
    public boolean mutates() {
      return false;
    }
  }

  /** The replica's side of semi-sync; takes effect when its IO thread restarts. */
  record SetSemiSyncReplica(ServerId server, boolean on) implements Keeping {
    @Override
    public String sentence() {
      return (on ? "let " + server + " acknowledge" : "let " + server + " acknowledge no more");
    }

    @Override
    public List<String> sql() {
      return List.of(
          Receiving.QUICK_STOP, "SET GLOBAL rpl_semi_sync_slave_enabled=" + (on ? 1 : 0));
    }

    @Override
    public Duration deadline() {
      return QUICK;
    }
  }

  /** Waits until the replica is connected as one that acknowledges. */
  record ConfirmAcknowledging(ServerId server) implements Keeping {
    @Override
    public String sentence() {
      return "confirm that " + server + " acknowledges";
    }

    @Override
    public List<String> sql() {
      return List.of("SHOW GLOBAL STATUS LIKE 'Rpl_semi_sync_slave_status'");
    }

    @Override
    public Duration deadline() {
      return NORMAL;
    }

    @Override
    public boolean mutates() {
      return false;
    }
  }

  /**
   * Acknowledges in a member's name, on the primary, what that member is known to have received:
   * what a lost packet would have said. The server is asked first what its log holds up to that
   * place; whatever stands behind it goes on waiting.
   *
   * <p>A server takes the place from which a replica asks for its log as acknowledged. So it is
   * asked for the log from there, by a connection that says it acknowledges; nobody is killed.
   */
  record PassOnReceipt(ServerId server, Receipt receipt) implements Keeping {
    /** Said before the log is asked for, by a replica that acknowledges. */
    public static final String ACKNOWLEDGES =
        "SET @rpl_semi_sync_slave=1, @mariadb_slave_capability=4,"
            + " @master_binlog_checksum=@@GLOBAL.binlog_checksum";

    @Override
    public String sentence() {
      return "tell "
          + server
          + " that "
          + receipt.member()
          + " has received its log up to "
          + receipt.place()
          + " ("
          + receipt.received()
          + ")";
    }

    /** What the server's log holds up to the place, as a position. */
    public String question() {
      String file = receipt.log().replace("\\", "\\\\").replace("'", "''");
      return "SELECT BINLOG_GTID_POS('" + file + "', " + receipt.position() + ")";
    }

    @Override
    public List<String> sql() {
      return List.of(question(), ACKNOWLEDGES, "-- COM_BINLOG_DUMP from " + receipt.place());
    }

    @Override
    public Duration deadline() {
      return NORMAL;
    }
  }

  /** Waits until the primary sends this replica nothing as a semi-sync replica any more. */
  record ConfirmDumpRenewed(ServerId server, ServerId replica, long replicaServerId)
      implements Keeping {
    @Override
    public String sentence() {
      return "confirm on " + server + " that the old connection of " + replica + " is gone";
    }

    @Override
    public List<String> sql() {
      return List.of(
          "SHOW SLAVE HOSTS",
          "SELECT ID, TIME FROM information_schema.PROCESSLIST WHERE COMMAND='Binlog Dump'");
    }

    @Override
    public Duration deadline() {
      return NORMAL;
    }

    @Override
    public boolean mutates() {
      return false;
    }
  }

  /**
   * Closes a server that takes writes and is not the primary. Commits that wait there for an
   * acknowledgement are ended with their connections, as on a returned one.
   */
  record CloseForWrites(ServerId server) implements Keeping {
    @Override
    public String sentence() {
      return "close " + server + " for writes";
    }

    @Override
    public List<String> sql() {
      return List.of("KILL CONNECTION :waiting", "SET GLOBAL read_only=1");
    }

    @Override
    public Duration deadline() {
      return NORMAL;
    }
  }
}
