package dev.regent.lab.command;

import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.cluster.Sql;
import dev.regent.lab.machine.ServerProcess;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * What one server of a lab looks like now. Text that is not known is empty.
 *
 * @param process running, frozen or gone
 * @param access writable, read-only, or why it did not answer
 * @param follows address of the server it replicates from
 */
record ServerStatus(
    String name,
    String address,
    long pid,
    String process,
    String access,
    String gtid,
    String follows,
    String ioThread,
    String sqlThread,
    String error) {

  /** A status is to be quick also when a server is silent. */
  private static final int PATIENCE_MILLIS = 1_000;

  static ServerStatus read(LabServer server) {
    ServerProcess.State state = server.state();
    if (state != ServerProcess.State.RUNNING) {
      return silent(server, state, "");
    }
    try (Connection connection =
        server.connect(server.accounts().regent(), PATIENCE_MILLIS, PATIENCE_MILLIS)) {
      return answered(server, connection);
    } catch (SQLException e) {
      return silent(server, state, String.valueOf(e.getMessage()));
    }
  }

  private static ServerStatus silent(LabServer server, ServerProcess.State state, String error) {
    return new ServerStatus(
        server.name(),
        server.address(),
        server.pid().orElse(0L),
        state.text(),
        error.isEmpty() ? "" : "no answer",
        "",
        "",
        "",
        "",
        error);
  }

  private static ServerStatus answered(LabServer server, Connection connection)
      throws SQLException {
    Map<String, String> own =
        Sql.rows(connection, "SELECT @@read_only AS ro, @@gtid_current_pos AS gtid").getFirst();
    List<Map<String, String>> all = Sql.rows(connection, "SHOW ALL SLAVES STATUS");
    Map<String, String> replica = all.isEmpty() ? Map.of() : all.getFirst();
    return new ServerStatus(
        server.name(),
        server.address(),
        server.pid().orElse(0L),
        ServerProcess.State.RUNNING.text(),
        isWritable(own.getOrDefault("ro", "")) ? "writable" : "read-only",
        own.getOrDefault("gtid", ""),
        replica.isEmpty() ? "" : replica.get("Master_Host") + ":" + replica.get("Master_Port"),
        replica.getOrDefault("Slave_IO_Running", ""),
        replica.getOrDefault("Slave_SQL_Running", ""),
        replica.getOrDefault("Last_IO_Error", "") + replica.getOrDefault("Last_SQL_Error", ""));
  }

  /** From 12.0 on the variable answers words; everything else is some kind of read-only. */
  private static boolean isWritable(String readOnly) {
    return readOnly.equals("0") || readOnly.equals("OFF");
  }
}
