package dev.regent.lab.check;

import dev.regent.core.model.GtidState;
import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.cluster.Sql;
import dev.regent.lab.machine.LabException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads from the servers what they are when all is over and nobody writes any more. */
public final class Inspector {
  /** What is replicated: everything but the server's own and what the manager keeps local. */
  private static final String TABLES =
      """
      SELECT CONCAT(table_schema, '.', table_name) AS name FROM information_schema.tables
       WHERE table_type = 'BASE TABLE' AND table_schema NOT IN
         ('mysql', 'sys', 'information_schema', 'performance_schema', 'regent_local')
       ORDER BY 1\
      """;

  private final LabCluster cluster;
  private final LabServer primary;
  private final Map<String, List<String>> heldOut;

  /**
   * @param heldOut the transactions for which the manager holds a server out, by server
   */
  public Inspector(LabCluster cluster, LabServer primary, Map<String, List<String>> heldOut) {
    this.cluster = cluster;
    this.primary = primary;
    this.heldOut = new TreeMap<>(heldOut);
  }

  /**
   * Every server, once the replicas have applied what the primary has.
   *
   * @throws LabException if one does not get there, or does not answer
   */
  public List<Standing> standings() {
    return cluster.servers().stream().map(this::standing).toList();
  }

  private Standing standing(LabServer server) {
    Optional<List<String>> out = Optional.ofNullable(heldOut.get(server.name()));
    boolean isPrimary = server.name().equals(primary.name());
    if (!isPrimary && out.isEmpty()) {
      cluster.awaitCaughtUp(server, primary);
    }
    try (Connection connection = server.connect(server.accounts().root())) {
      return new Standing(
          server.name(),
          Sql.value(connection, "SELECT @@global.read_only").equals("0"),
          GtidState.parse(Sql.value(connection, "SELECT @@global.gtid_binlog_state")),
          checksums(connection),
          isPrimary || out.isPresent() ? rows(connection) : Set.of(),
          out);
    } catch (SQLException e) {
      throw new LabException("Cannot inspect %s: %s".formatted(server.name(), e.getMessage()), e);
    }
  }

  private static Map<String, String> checksums(Connection connection) throws SQLException {
    Map<String, String> sums = new TreeMap<>();
    List<String> tables =
        Sql.rows(connection, TABLES).stream().map(r -> r.getOrDefault("name", "")).toList();
    if (!tables.isEmpty()) {
      for (var row : Sql.rows(connection, "CHECKSUM TABLE " + String.join(", ", tables))) {
        sums.put(row.getOrDefault("Table", ""), row.getOrDefault("Checksum", ""));
      }
    }
    return sums;
  }

  private static Set<Long> rows(Connection connection) throws SQLException {
    Set<Long> rows = new HashSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT id FROM shop.orders")) {
      while (result.next()) {
        rows.add(result.getLong(1));
      }
    }
    return rows;
  }

  /** The last primary's own table of reigns. */
  public List<Reign> reigns() {
    return primary.rows("SELECT epoch, server FROM regent.reign ORDER BY epoch").stream()
        .map(r ->
            new Reign(Long.parseLong(r.getOrDefault("epoch", "-1")), r.getOrDefault("server", "")))
        .toList();
  }
}
