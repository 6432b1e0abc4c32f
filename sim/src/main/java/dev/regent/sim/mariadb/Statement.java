package dev.regent.sim.mariadb;

import dev.regent.core.model.Endpoint;
import dev.regent.core.model.GtidPosition;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** What changes a server, or waits on it. What only looks is a function of the server. */
public sealed interface Statement {

  // --- replication

  record StopReplica(String channel, boolean io, boolean sql) implements Statement {}

  record StartReplica(String channel, boolean io, boolean sql) implements Statement {}

  record ResetReplica(String channel, boolean all) implements Statement {}

  /** {@code CHANGE MASTER}; what is empty stays as it was. Nanoseconds. */
  record ChangeSource(
      String channel,
      Optional<Endpoint> source,
      Optional<String> user,
      Optional<Boolean> gtid,
      Optional<String> relayFile,
      OptionalLong relayPosition,
      OptionalLong retry,
      OptionalLong heartbeat,
      OptionalLong delay)
      implements Statement {}

  record SetReplicated(GtidPosition position) implements Statement {}

  /** {@code MASTER_GTID_WAIT}; done with whether it was reached. */
  record WaitReplicated(GtidPosition position, long nanos) implements Statement {}

  /** {@code RESET MASTER}. */
  record ResetLog() implements Statement {}

  /**
   * {@code COM_BINLOG_DUMP} from there, by somebody who says that he acknowledges; he reads to the
   * end. Code 1236 if there is no such place.
   */
  record AcknowledgeLog(String file, long place) implements Statement {}

  // --- settings and locks

  record SetGlobal(List<Setting> settings) implements Statement {
    public SetGlobal {
      settings = List.copyOf(settings);
    }
  }

  record Setting(String name, String value) {}

  /**
   * Of the session: {@code sql_log_bin}, {@code lock_wait_timeout}, {@code gtid_seq_no}; others
   * mean nothing here.
   */
  record SetSession(String name, String value) implements Statement {}

  /** {@code FLUSH TABLES WITH READ LOCK}, given up after this long. */
  record LockAll(long nanos) implements Statement {}

  record LockTables() implements Statement {}

  record UnlockTables() implements Statement {}

  /** {@code GET_LOCK}; done with whether it was free, or became free in time. */
  record TakeLock(String name, long nanos) implements Statement {
    public TakeLock(String name) {
      this(name, 0);
    }
  }

  /** {@code hard} is not told apart. Code 1094 if there is no such connection. */
  record Kill(long session, boolean connection) implements Statement {}

  /** Kills the connections for which this holds, those that it finds. */
  record KillAll(Predicate<Session> which) implements Statement {}

  /** {@code FLUSH ... }, an entry in the log unless it says otherwise (physics 5.6). */
  record Flush(boolean logged) implements Statement {}

  // --- data

  record Write(long row, long domain) implements Statement {}

  /** A transaction of its own. */
  record Delete(long row, long domain) implements Statement {}

  record Begin() implements Statement {}

  record Commit() implements Statement {}

  record Rollback() implements Statement {}

  /** Changes a table's definition. */
  record Alter(long domain) implements Statement {}

  record CreateReigns() implements Statement {}

  record InsertReign(long epoch, String server) implements Statement {}

  /** Into a table that is never replicated: {@code regent_local}. */
  record WriteLocal(Runnable change) implements Statement {}

  /** Does nothing, in particular no harm. */
  record Nothing() implements Statement {}

  // --- compound

  /**
   * {@code BEGIN NOT ATOMIC IF NOT ... THEN SIGNAL ...; END IF; statement; END}: code 1644 if the
   * condition does not hold.
   */
  record Guarded(Predicate<Session> condition, Statement statement) implements Statement {}

  /** Some in a row; the first that is refused ends it. */
  record Several(List<Statement> statements) implements Statement {
    public Several {
      statements = List.copyOf(statements);
    }
  }
}
