package dev.regent.lab.execute;

import dev.regent.lab.cluster.LabServer;
import java.util.Map;

/** Rows of the lab's table, and what a replica says about itself. */
final class Orders {
  private Orders() {}

  /** Writes one row per transaction, with these ids. */
  static void write(LabServer server, int first, int last) {
    String[] statements = new String[last - first + 1];
    for (int id = first; id <= last; id++) {
      statements[id - first] = "INSERT INTO shop.orders VALUES (" + id + ", 1, " + id + ", 'x')";
    }
    server.execute(statements);
  }

  static long count(LabServer server) {
    return Long.parseLong(server.value("SELECT COUNT(*) FROM shop.orders"));
  }

  static Map<String, String> status(LabServer replica) {
    return replica.rows("SHOW ALL SLAVES STATUS").getFirst();
  }

  static String status(LabServer replica, String column) {
    return status(replica).getOrDefault(column, "");
  }

  /** Whether the replica has in its relay log what the primary has in its binary log. */
  static boolean received(LabServer replica, LabServer primary) {
    return status(replica, "Gtid_IO_Pos").equals(primary.value("SELECT @@gtid_binlog_pos"));
  }
}
