package dev.regent.server.connect;

/** A server's threads that feed replicas. */
public final class DumpThreads {
  /**
   * Finds one that wants to end and cannot, for the reader of acknowledgements has not taken note.
   * For a moment that is usual; while it stays so, no replica is heard, and none that comes back is
   * served (11.4.5).
   *
   * <p>Asked only over a connection that may hang: just then the process list may.
   */
  public static final String LEAVING =
      "SELECT 1 FROM information_schema.PROCESSLIST"
          + " WHERE COMMAND IN ('Killed', 'Binlog Dump')"
          + " AND STATE='Waiting to finalize termination' LIMIT 1";

  private DumpThreads() {}
}
