package dev.regent.server.observe;

import dev.regent.core.model.Channel;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.GtidState;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerFacts.BinaryLog;
import dev.regent.core.model.ServerFacts.Durability;
import dev.regent.core.model.ServerFacts.SemiSync;
import dev.regent.core.model.ServerFacts.SemiSyncStatus;
import dev.regent.server.connect.Channels;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Link;
import dev.regent.server.connect.LinkException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a server's facts over one link, in two round trips; a third one on a primary, seldom. */
final class FactsReader {
  private static final List<String> NAMES =
      List.of(
          "server_id",
          "version",
          "read_only",
          "log_bin",
          "log_slave_updates",
          "gtid_strict_mode",
          "binlog_format",
          "binlog_row_image",
          "gtid_binlog_pos",
          "gtid_binlog_state",
          "gtid_slave_pos",
          "rpl_semi_sync_master_enabled",
          "rpl_semi_sync_slave_enabled",
          "rpl_semi_sync_master_timeout",
          "rpl_semi_sync_master_wait_point",
          "rpl_semi_sync_master_wait_no_slave",
          "sync_binlog",
          "innodb_flush_log_at_trx_commit",
          "event_scheduler",
          "slave_parallel_threads");

  private static final String UPTIME = "SHOW GLOBAL STATUS LIKE 'Uptime'";
  private static final String SEMI_SYNC = "SHOW GLOBAL STATUS LIKE 'Rpl_semi_sync_master%'";

  private final Link link;
  private final long startedMillis;
  private final Channels channels = new Channels();

  private @Nullable Variables known;

  private FactsReader(Link link, long startedMillis) {
    this.link = link;
    this.startedMillis = startedMillis;
  }

  /** What is asked seldom, or elsewhere, and told with the rest. */
  record Extras(Optional<SemiSyncStatus> semiSync, Optional<String> cannotWrite) {}

  /** Asks what stays the same as long as the connection lives. */
  static FactsReader on(Link link, Deadline deadline) throws LinkException {
    long uptimeSeconds =
        link.read(UPTIME, deadline, r -> r.next() ? Long.parseLong(r.getString(2)) : 0L);
    return new FactsReader(link, System.currentTimeMillis() - uptimeSeconds * 1000);
  }

  Link link() {
    return link;
  }

  ServerFacts read(Deadline deadline, Extras extras) throws LinkException {
    List<Channel> all = link.read(Channels.SQL, deadline, channels);
    Variables variables = known == null ? Variables.known(NAMES, link, deadline) : known;
    // Forgotten until it has worked: a plugin may have gone, and its variables with it.
    known = null;
    ServerFacts facts =
        link.read(variables.sql(), deadline, row -> facts(variables, row, all, extras));
    known = variables;
    return facts;
  }

  private ServerFacts facts(Variables variables, ResultSet row, List<Channel> all, Extras extras)
      throws SQLException {
    row.next();
    return new ServerFacts(
        variables.number(row, "server_id"),
        variables.text(row, "version"),
        startedMillis,
        readOnly(variables.text(row, "read_only")),
        binaryLog(variables, row),
        GtidPosition.parse(variables.text(row, "gtid_binlog_pos")),
        GtidState.parse(variables.text(row, "gtid_binlog_state")),
        GtidPosition.parse(variables.text(row, "gtid_slave_pos")),
        semiSync(variables, row),
        new Durability(
            variables.number(row, "sync_binlog"),
            variables.number(row, "innodb_flush_log_at_trx_commit")),
        variables.on(row, "event_scheduler"),
        (int) variables.number(row, "slave_parallel_threads"),
        all,
        extras.semiSync(),
        extras.cannotWrite());
  }

  /** From 12.0.1 the server answers in words, and only one of them is no (physics 3.3). */
  private static boolean readOnly(String value) {
    return !value.equals("0") && !value.equalsIgnoreCase("OFF");
  }

  private BinaryLog binaryLog(Variables variables, ResultSet row) throws SQLException {
    return new BinaryLog(
        variables.on(row, "log_bin"),
        variables.on(row, "log_slave_updates"),
        variables.on(row, "gtid_strict_mode"),
        variables.text(row, "binlog_format"),
        variables.text(row, "binlog_row_image"));
  }

  private SemiSync semiSync(Variables variables, ResultSet row) throws SQLException {
    return new SemiSync(
        variables.on(row, "rpl_semi_sync_master_enabled"),
        variables.on(row, "rpl_semi_sync_slave_enabled"),
        variables.number(row, "rpl_semi_sync_master_timeout"),
        variables.text(row, "rpl_semi_sync_master_wait_point"),
        variables.on(row, "rpl_semi_sync_master_wait_no_slave"));
  }

  /**
   * Costs the server five times as much as the rest (physics 6).
   *
   * @param deaf as was heard elsewhere: the process list may hang, and nothing here may
   */
  SemiSyncStatus semiSyncStatus(boolean deaf, Deadline deadline) throws LinkException {
    Map<String, String> status = link.read(SEMI_SYNC, deadline, FactsReader::pairs);
    int waiting = (int) number(status, "Rpl_semi_sync_master_wait_sessions");
    return new SemiSyncStatus(
        status.getOrDefault("Rpl_semi_sync_master_status", "").equals("ON"),
        (int) number(status, "Rpl_semi_sync_master_clients"),
        waiting,
        number(status, "Rpl_semi_sync_master_yes_tx"),
        number(status, "Rpl_semi_sync_master_no_tx"),
        deaf && waiting > 0);
  }

  private static Map<String, String> pairs(ResultSet rows) throws SQLException {
    Map<String, String> pairs = new HashMap<>();
    while (rows.next()) {
      pairs.put(rows.getString(1), rows.getString(2));
    }
    return pairs;
  }

  private static long number(Map<String, String> status, String name) {
    return Long.parseUnsignedLong(status.getOrDefault(name, "0"));
  }
}
