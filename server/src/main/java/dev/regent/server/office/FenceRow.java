package dev.regent.server.office;

import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Link;
import dev.regent.server.connect.LinkException;
import dev.regent.server.connect.Quoted;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** The row on a server that tells who took office there last. It is never replicated. */
record FenceRow(long epoch, long incarnation, String manager, long connection) {
  private static final int NO_DATABASE = 1049;
  private static final int NO_TABLE = 1146;

  private static final String DATABASE = "CREATE DATABASE IF NOT EXISTS regent_local";
  private static final String TABLE =
      """
      CREATE TABLE IF NOT EXISTS regent_local.fence (
        cluster VARCHAR(64) NOT NULL PRIMARY KEY,
        epoch BIGINT UNSIGNED NOT NULL,
        incarnation BIGINT UNSIGNED NOT NULL,
        manager VARCHAR(255) NOT NULL,
        connection BIGINT UNSIGNED NOT NULL,
        since TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)) ENGINE=InnoDB\
      """;

  static Optional<FenceRow> read(Link link, Mandate mandate, Deadline deadline)
      throws LinkException {
    String sql =
        "SELECT epoch, incarnation, manager, connection FROM regent_local.fence WHERE cluster="
            + Quoted.text(mandate.cluster());
    try {
      return link.read(sql, deadline, FenceRow::first);
    } catch (LinkException e) {
      if (e.code() == NO_DATABASE || e.code() == NO_TABLE) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static Optional<FenceRow> first(ResultSet rows) throws SQLException {
    return rows.next()
        ? Optional.of(
            new FenceRow(rows.getLong(1), rows.getLong(2), rows.getString(3), rows.getLong(4)))
        : Optional.empty();
  }

  /** Writes us in; the epoch never goes back, for a restored backup may carry an older row. */
  static void write(Link link, Mandate mandate, Deadline deadline) throws LinkException {
    String sql =
        """
        INSERT INTO regent_local.fence (cluster, epoch, incarnation, manager, connection)
        VALUES (%s, %d, %d, %s, %d)
        ON DUPLICATE KEY UPDATE epoch=GREATEST(epoch, VALUES(epoch)),
          incarnation=VALUES(incarnation), manager=VALUES(manager),
          connection=VALUES(connection), since=CURRENT_TIMESTAMP(3)\
        """
            .formatted(
                Quoted.text(mandate.cluster()),
                mandate.epoch(),
                mandate.incarnation(),
                Quoted.text(mandate.manager()),
                link.id());
    try {
      link.run(sql, deadline);
    } catch (LinkException e) {
      if (e.code() != NO_DATABASE && e.code() != NO_TABLE) {
        throw e;
      }
      link.run(DATABASE, deadline);
      link.run(TABLE, deadline);
      link.run(sql, deadline);
    }
  }

  /** Whether it was written by somebody who may not be deposed by us. */
  boolean outranks(Mandate mandate) {
    if (epoch != mandate.epoch()) {
      return epoch > mandate.epoch();
    }
    return incarnation > mandate.incarnation()
        || (incarnation == mandate.incarnation() && !manager.equals(mandate.manager()));
  }

  String words() {
    return "manager " + manager + " (epoch " + epoch + ", incarnation " + incarnation + ")";
  }
}
