package dev.regent.server.observe;

import dev.regent.core.model.ServerFacts;
import dev.regent.server.connect.Channels;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Link;
import dev.regent.server.connect.LinkException;
import dev.regent.server.connect.Quoted;
import dev.regent.server.office.Office;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * One look at a server by somebody who does not stay: what a probe reads, and who manages it.
 *
 * @param plain it receives from its source without encryption
 */
public record Glance(
    ServerFacts facts, List<Office> offices, Optional<LastReign> reign, boolean plain) {
  private static final int NO_DATABASE = 1049;
  private static final int NO_TABLE = 1146;

  public Glance {
    offices = List.copyOf(offices);
  }

  /** The newest row of the server's reign table for one cluster. */
  public record LastReign(long epoch, String primary, long secondsAgo) {}

  /** Changes nothing. {@code cluster} says whose reigns count. */
  public static Glance at(Link link, String cluster, Deadline deadline) throws LinkException {
    FactsReader.Extras none = new FactsReader.Extras(Optional.empty(), Optional.empty());
    ServerFacts facts = FactsReader.on(link, deadline).read(deadline, none);
    boolean plain =
        !facts.channels().isEmpty() && link.read(Channels.SQL, deadline, Glance::receivesPlain);
    return new Glance(facts, Office.on(link, deadline), lastReign(link, cluster, deadline), plain);
  }

  private static boolean receivesPlain(ResultSet rows) throws SQLException {
    while (rows.next()) {
      if (!rows.getString("Master_SSL_Allowed").equals("No")) {
        return false;
      }
    }
    return true;
  }

  private static Optional<LastReign> lastReign(Link link, String cluster, Deadline deadline)
      throws LinkException {
    String sql =
        "SELECT epoch, server, TIMESTAMPDIFF(SECOND, began, NOW()) FROM regent.reign"
            + " WHERE cluster="
            + Quoted.text(cluster)
            + " ORDER BY epoch DESC LIMIT 1";
    try {
      return link.read(
          sql,
          deadline,
          rows ->
              rows.next()
                  ? Optional.of(new LastReign(rows.getLong(1), rows.getString(2), rows.getLong(3)))
                  : Optional.empty());
    } catch (LinkException e) {
      if (e.code() == NO_DATABASE || e.code() == NO_TABLE) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
