package dev.regent.server.steps;

import dev.regent.server.connect.LinkException;
import dev.regent.server.connect.Quoted;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Other people's sessions on a server: not the server's own threads, not those that feed replicas,
 * not ours.
 */
public final class Sessions {
  private static final String SERVERS_OWN =
      "USER NOT IN ('system user', 'event_scheduler', 'unauthenticated user') AND COMMAND NOT IN"
          + " ('Binlog Dump', 'Binlog Dump GTID', 'Daemon', 'Slave_IO', 'Slave_SQL',"
          + " 'Slave_worker')";

  /** Who may write on a read-only server. Before 10.11 SUPER includes it. */
  private static final String PRIVILEGED =
      "SELECT DISTINCT SUBSTRING_INDEX(GRANTEE, '@', 1) FROM information_schema.USER_PRIVILEGES"
          + " WHERE PRIVILEGE_TYPE IN ('SUPER', 'READ ONLY ADMIN', 'READ_ONLY ADMIN')";

  private Sessions() {}

  /** A condition on {@code information_schema.PROCESSLIST}. */
  public static String foreign(Work work) {
    String ours =
        work.ourConnections().stream().map(String::valueOf).collect(Collectors.joining(", "));
    return SERVERS_OWN + " AND ID NOT IN (" + ours + ")";
  }

  /** Names of accounts that may write on a read-only server, quoted. */
  public static List<String> privileged(Work work) throws LinkException {
    return work.column(PRIVILEGED).stream()
        .map(quoted -> quoted.substring(1, quoted.length() - 1))
        .map(Quoted::text)
        .toList();
  }

  public static long count(String condition, Work work) throws LinkException {
    String sql = "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE " + condition;
    return Long.parseLong(work.value(sql).orElse("0"));
  }
}
