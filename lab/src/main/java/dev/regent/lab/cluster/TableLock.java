package dev.regent.lab.cluster;

import dev.regent.lab.machine.LabException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** A table of one server that nobody else reads or changes, its appliers included, until closed. */
public final class TableLock implements AutoCloseable {
  private static final int LOCK_WAIT_TIMEOUT = 1205;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Connection holder;

  private TableLock(Connection holder) {
    this.holder = holder;
  }

  /**
   * Tries for a second at a time, for a replica with {@code slave_parallel_threads} can come to a
   * stand against who waits for such a lock (MariaDB 11.4.5, 20 of 60 tries under full load): one
   * transaction has used the table and waits to commit after an earlier one, which wants the table
   * behind the lock that waits for the former. No deadlock is found there, somebody must give way.
   *
   * @throws LabException if it was not to be had
   */
  public static TableLock take(LabServer server, String table) {
    long start = System.nanoTime();
    try {
      Connection holder = server.connect(server.accounts().root());
      TableLock lock = new TableLock(holder);
      try {
        Sql.execute(holder, "SET SESSION lock_wait_timeout=1");
        while (!tried(holder, table)) {
          if (System.nanoTime() - start > PATIENCE.toNanos()) {
            throw new SQLException("others had it for " + PATIENCE.toSeconds() + " s");
          }
        }
        return lock;
      } catch (SQLException e) {
        lock.close();
        throw e;
      }
    } catch (SQLException e) {
      throw new LabException(
          "cannot lock " + table + " of " + server.name() + ": " + e.getMessage(), e);
    }
  }

  private static boolean tried(Connection holder, String table) throws SQLException {
    try {
      Sql.execute(holder, "LOCK TABLES " + table + " WRITE");
      return true;
    } catch (SQLException e) {
      if (e.getErrorCode() != LOCK_WAIT_TIMEOUT) {
        throw e;
      }
      return false;
    }
  }

  @Override
  public void close() {
    try {
      holder.close();
    } catch (SQLException e) {
      // The server is gone, and its locks with it.
    }
  }
}
