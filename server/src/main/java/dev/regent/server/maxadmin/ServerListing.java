package dev.regent.server.maxadmin;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * {@code show servers}, byte for byte as MaxScale 1.2 prints it: TABs after the labels, as many as
 * each has there, and the status behind blanks. Programs cut these lines apart.
 */
final class ServerListing {
  private ServerListing() {}

  static String of(List<ServerRow> rows) {
    return rows.stream().map(ServerListing::of).collect(Collectors.joining());
  }

  static String of(ServerRow row) {
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "Server 0x%x (%s)\n", row.handle(), row.name()));
    line(text, "Server:\t\t\t\t", row.address());
    line(text, "Status:               \t\t", row.status());
    line(text, "Protocol:\t\t\t", "MySQLBackend");
    line(text, "Port:\t\t\t\t", row.port());
    row.version().ifPresent(v -> line(text, "Server Version:\t\t\t", v));
    line(text, "Node Id:\t\t\t", row.nodeId());
    line(text, "Master Id:\t\t\t", row.sourceId());
    line(text, "Slave Ids:\t\t\t", ids(row.replicaIds()));
    line(text, "Repl Depth:\t\t\t", row.depth());
    row.delaySeconds().ifPresent(d -> line(text, "Slave delay:\t\t", d));
    line(text, "Number of connections:\t\t", row.connections().total());
    line(text, "Current no. of conns:\t\t", row.connections().now());
    line(text, "Current no. of operations:\t", row.connections().operations());
    return text.toString();
  }

  private static void line(StringBuilder text, String label, Object value) {
    text.append('\t').append(label).append(value).append('\n');
  }

  /** The first bare, each further one with a blank on both sides. */
  private static String ids(List<Long> ids) {
    StringBuilder text = new StringBuilder();
    for (Long id : ids) {
      text.append(text.isEmpty() ? "" + id : ", " + id + " ");
    }
    return text.toString();
  }
}
