package dev.regent.server.office;

import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Link;
import dev.regent.server.connect.LinkException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Who manages a server, as its fence tells to somebody who has no part in it.
 *
 * @param cluster the name by which that manager knows the cluster
 * @param held it holds office now; otherwise it did when it was last here
 */
public record Office(String cluster, long epoch, long incarnation, String manager, boolean held) {
  private static final int NO_DATABASE = 1049;
  private static final int NO_TABLE = 1146;

  private static final String SQL =
      "SELECT cluster, epoch, incarnation, manager,"
          + " IS_USED_LOCK(CONCAT('"
          + Mandate.LOCK_PREFIX
          + "', cluster)) IS NOT NULL FROM regent_local.fence ORDER BY cluster";

  /** All that ever took office on this server and whose rows nobody removed; changes nothing. */
  public static List<Office> on(Link link, Deadline deadline) throws LinkException {
    try {
      return link.read(SQL, deadline, Office::all);
    } catch (LinkException e) {
      if (e.code() == NO_DATABASE || e.code() == NO_TABLE) {
        return List.of();
      }
      throw e;
    }
  }

  private static List<Office> all(ResultSet rows) throws SQLException {
    List<Office> offices = new ArrayList<>();
    while (rows.next()) {
      offices.add(
          new Office(
              rows.getString(1),
              rows.getLong(2),
              rows.getLong(3),
              rows.getString(4),
              rows.getInt(5) == 1));
    }
    return offices;
  }
}
