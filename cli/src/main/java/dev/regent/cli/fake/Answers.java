package dev.regent.cli.fake;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one pretended server says: a primary that everybody follows, or one of its replicas, for
 * ever healthy. Whatever would change something is answered with OK and forgotten.
 */
final class Answers {
  private static final String VERSION = "11.4.8-MariaDB-log";
  private static final Pattern VARIABLE = Pattern.compile("@@(?:global\\.|session\\.)?(\\w+)");
  private static final String POSITION = "0-1-1000";

  /** All columns of 11.4, because a real answer has to be read as a whole. */
  private static final List<String> CHANNEL =
      List.of(
          ("Connection_name Slave_SQL_State Slave_IO_State Master_Host Master_User Master_Port"
                  + " Connect_Retry Master_Log_File Read_Master_Log_Pos Relay_Log_File"
                  + " Relay_Log_Pos Relay_Master_Log_File Slave_IO_Running Slave_SQL_Running"
                  + " Replicate_Do_DB Replicate_Ignore_DB Replicate_Do_Table"
                  + " Replicate_Ignore_Table Replicate_Wild_Do_Table"
                  + " Replicate_Wild_Ignore_Table Last_Errno Last_Error Skip_Counter"
                  + " Exec_Master_Log_Pos Relay_Log_Space Until_Condition Until_Log_File"
                  + " Until_Log_Pos Master_SSL_Allowed Master_SSL_CA_File Master_SSL_CA_Path"
                  + " Master_SSL_Cert Master_SSL_Cipher Master_SSL_Key Seconds_Behind_Master"
                  + " Master_SSL_Verify_Server_Cert Last_IO_Errno Last_IO_Error Last_SQL_Errno"
                  + " Last_SQL_Error Replicate_Ignore_Server_Ids Master_Server_Id"
                  + " Master_SSL_Crl Master_SSL_Crlpath Using_Gtid Gtid_IO_Pos"
                  + " Replicate_Do_Domain_Ids Replicate_Ignore_Domain_Ids Parallel_Mode"
                  + " SQL_Delay SQL_Remaining_Delay Slave_SQL_Running_State Slave_DDL_Groups"
                  + " Slave_Non_Transactional_Groups Slave_Transactional_Groups"
                  + " Replicate_Rewrite_DB Retried_transactions Max_relay_log_size"
                  + " Executed_log_entries Slave_received_heartbeats Slave_heartbeat_period"
                  + " Gtid_Slave_Pos")
              .split(" "));

  private final Map<String, String> variables;
  private final Map<String, String> channel;
  private final AtomicLong heartbeats = new AtomicLong();
  private final AtomicLong probes;

  private Answers(Map<String, String> variables, Map<String, String> channel, AtomicLong probes) {
    this.variables = variables;
    this.channel = channel;
    this.probes = probes;
  }

  /** {@code probes} counts how often the state of replication was asked for. */
  static Answers primary(int serverId, AtomicLong probes) {
    return new Answers(variables(serverId, "0"), Map.of(), probes);
  }

  static Answers replica(int serverId, int primaryPort, AtomicLong probes) {
    Map<String, String> channel = new LinkedHashMap<>();
    CHANNEL.forEach(column -> channel.put(column, ""));
    channel.put("Master_Host", "127.0.0.1");
    channel.put("Master_User", "repl");
    channel.put("Master_Port", "" + primaryPort);
    channel.put("Connect_Retry", "1");
    channel.put("Master_Log_File", "binlog.000001");
    channel.put("Relay_Log_File", "relay.000002");
    channel.put("Read_Master_Log_Pos", "4711");
    channel.put("Exec_Master_Log_Pos", "4711");
    channel.put("Relay_Log_Pos", "1174");
    channel.put("Master_SSL_Allowed", "No");
    channel.put("Slave_IO_Running", "Yes");
    channel.put("Slave_SQL_Running", "Yes");
    channel.put("Slave_IO_State", "Waiting for master to send event");
    channel.put("Slave_SQL_State", "Slave has read all relay log; waiting for more updates");
    channel.put("Seconds_Behind_Master", "0");
    channel.put("Last_IO_Errno", "0");
    channel.put("Last_SQL_Errno", "0");
    channel.put("Master_Server_Id", "1");
    channel.put("Using_Gtid", "Slave_Pos");
    channel.put("Gtid_IO_Pos", POSITION);
    channel.put("Gtid_Slave_Pos", POSITION);
    channel.put("SQL_Delay", "0");
    channel.put("Slave_heartbeat_period", "0.500");
    return new Answers(variables(serverId, "1"), channel, probes);
  }

  /** The same replica, whose source refuses its connections. */
  Answers orphaned() {
    Map<String, String> lost = new LinkedHashMap<>(channel);
    lost.put("Slave_IO_Running", "Connecting");
    lost.put("Seconds_Behind_Master", "");
    lost.put("Last_IO_Errno", "2003");
    return new Answers(variables, lost, probes);
  }

  private static Map<String, String> variables(int serverId, String readOnly) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("server_id", "" + serverId);
    all.put("version", VERSION);
    all.put("read_only", readOnly);
    all.put("log_bin", "1");
    all.put("log_slave_updates", "1");
    all.put("gtid_strict_mode", "1");
    all.put("binlog_format", "ROW");
    all.put("binlog_row_image", "FULL");
    all.put("gtid_binlog_pos", POSITION);
    all.put("gtid_binlog_state", POSITION);
    all.put("gtid_slave_pos", readOnly.equals("1") ? POSITION : "");
    all.put("gtid_current_pos", POSITION);
    all.put("rpl_semi_sync_master_enabled", "0");
    all.put("rpl_semi_sync_slave_enabled", "0");
    all.put("rpl_semi_sync_master_timeout", "10000");
    all.put("rpl_semi_sync_master_wait_point", "AFTER_COMMIT");
    all.put("rpl_semi_sync_master_wait_no_slave", "1");
    all.put("sync_binlog", "1");
    all.put("innodb_flush_log_at_trx_commit", "1");
    all.put("event_scheduler", "OFF");
    all.put("slave_parallel_threads", "4");
    all.put("max_allowed_packet", "16777216");
    all.put("wait_timeout", "28800");
    return all;
  }

  static String version() {
    return VERSION;
  }

  byte[] to(String sql) {
    Wire wire = new Wire(1);
    String upper = sql.strip().toUpperCase(Locale.ROOT);
    if (upper.startsWith("SHOW ALL SLAVES STATUS")) {
      probes.incrementAndGet();
      return wire.rows(CHANNEL, channel.isEmpty() ? List.of() : List.of(channelNow())).toBytes();
    }
    if (upper.startsWith("SHOW GLOBAL VARIABLES")) {
      return wire.rows(List.of("Variable_name", "Value"), asked(sql)).toBytes();
    }
    if (upper.startsWith("SHOW GLOBAL STATUS LIKE 'UPTIME'")) {
      return wire.rows(List.of("Variable_name", "Value"), List.of(row("Uptime", "100"))).toBytes();
    }
    if (upper.startsWith("SELECT IS_USED_LOCK")) {
      return wire.rows(List.of("holder"), List.of(List.of(Optional.<String>empty()))).toBytes();
    }
    if (upper.startsWith("SELECT GET_LOCK") || upper.startsWith("SELECT (IS_USED_LOCK")) {
      return wire.rows(List.of("held"), List.of(row("1"))).toBytes();
    }
    if (upper.startsWith("SELECT @@")) {
      return selected(sql, wire).toBytes();
    }
    if (upper.startsWith("SELECT") || upper.startsWith("SHOW")) {
      return wire.rows(List.of("nothing"), List.of()).toBytes();
    }
    return wire.ok().toBytes();
  }

  private List<Optional<String>> channelNow() {
    Map<String, String> now = new LinkedHashMap<>(channel);
    now.put("Slave_received_heartbeats", "" + heartbeats.incrementAndGet());
    return row(now.values().toArray(String[]::new));
  }

  private List<List<Optional<String>>> asked(String sql) {
    List<List<Optional<String>>> rows = new ArrayList<>();
    variables.forEach((name, value) -> {
      if (sql.contains("'" + name + "'")) {
        rows.add(row(name, value));
      }
    });
    return rows;
  }

  private Wire selected(String sql, Wire wire) {
    List<String> columns = new ArrayList<>();
    List<Optional<String>> values = new ArrayList<>();
    Matcher variable = VARIABLE.matcher(sql);
    while (variable.find()) {
      columns.add(variable.group());
      values.add(Optional.ofNullable(variables.get(variable.group(1))));
    }
    return wire.rows(columns, List.of(values));
  }

  private static List<Optional<String>> row(String... values) {
    return List.of(values).stream().map(Optional::of).toList();
  }
}
