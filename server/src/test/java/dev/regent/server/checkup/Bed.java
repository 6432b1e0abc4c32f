package dev.regent.server.checkup;

import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.Policy;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** A primary db1 and its replica db2, well until somebody changes the replica or the primary. */
final class Bed {
  static final ServerId PRIMARY = new ServerId("db1");
  static final ServerId REPLICA = new ServerId("db2");
  private static final String TOKENS = "shop.token";

  private final Profile profile;
  private final Map<ServerId, Map<String, String>> variables = new LinkedHashMap<>();
  private final Map<ServerId, Map<String, String>> starts = new LinkedHashMap<>();
  private final Map<ServerId, List<String>> grants = new LinkedHashMap<>();
  private final Map<String, String> channel = new LinkedHashMap<>();
  private Optional<List<String>> replicationPrivileges = Optional.of(List.of("REPLICATION SLAVE"));
  private Duration clockAhead = Duration.ZERO;
  private final TreeMap<String, String> tokenColumns =
      new TreeMap<>(
          Map.of("session", "char(40)", "number", "bigint(20) unsigned", "at", "timestamp"));
  private final List<String> demanding = new ArrayList<>(List.of("session", "number"));
  private String tokenEngine = "InnoDB";
  private boolean tokenTransactions = true;
  private boolean tokenKey = true;
  private boolean hasTokens = true;

  Bed(Profile profile) {
    this.profile = profile;
    for (ServerId id : List.of(PRIMARY, REPLICA)) {
      variables.put(id, new LinkedHashMap<>(healthy(id.equals(PRIMARY))));
      starts.put(id, new LinkedHashMap<>(Map.of("read_only", "CONFIG")));
      grants.put(
          id, new ArrayList<>(List.of("GRANT ALL PRIVILEGES ON *.* TO `regent`@`%` WITH GRANT")));
    }
    // The primary was opened since, so nobody knows what its start file says.
    starts.put(PRIMARY, new LinkedHashMap<>(Map.of("read_only", "SQL")));
    channel.putAll(
        Map.of(
            "Connection_name", "",
            "Master_Host", "db1",
            "Master_Port", "3306",
            "Using_Gtid", "Slave_Pos",
            "Slave_SQL_Running", "Yes",
            "Slave_heartbeat_period", "0.500",
            "Connect_Retry", "1"));
  }

  private Map<String, String> healthy(boolean primary) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("version", "10.11.19-MariaDB-log");
    all.put("server_id", primary ? "1" : "2");
    for (String on : List.of("log_bin", "log_slave_updates", "gtid_strict_mode")) {
      all.put(on, "ON");
    }
    all.put("binlog_format", "ROW");
    all.put("binlog_row_image", "FULL");
    all.put("sync_binlog", "1");
    all.put("innodb_flush_log_at_trx_commit", "1");
    all.put("slave_exec_mode", "STRICT");
    all.put("read_only", primary ? "OFF" : "ON");
    all.put("slave_net_timeout", "10");
    all.put("slave_parallel_threads", "4");
    all.put("report_host", "db");
    all.put("slave_skip_errors", "OFF");
    all.put("relay_log_recovery", "OFF");
    all.put("sync_relay_log", "1");
    all.put("rpl_semi_sync_master_enabled", primary && profile != Profile.ASYNC ? "ON" : "OFF");
    all.put("rpl_semi_sync_master_wait_point", "AFTER_SYNC");
    all.put("rpl_semi_sync_master_wait_no_slave", "ON");
    all.put("rpl_semi_sync_master_timeout", "18446744073709551615");
    all.put("rpl_semi_sync_slave_enabled", primary ? "OFF" : "ON");
    all.put("rpl_semi_sync_slave_kill_conn_timeout", "1");
    return all;
  }

  Bed set(ServerId server, String variable, String value) {
    variables.getOrDefault(server, Map.of()).put(variable, value);
    return this;
  }

  Bed replica(String variable, String value) {
    return set(REPLICA, variable, value);
  }

  Bed primary(String variable, String value) {
    return set(PRIMARY, variable, value);
  }

  Bed start(String variable, String origin) {
    starts.getOrDefault(REPLICA, Map.of()).put(variable, origin);
    return this;
  }

  Bed channel(String column, String value) {
    channel.put(column, value);
    return this;
  }

  Bed grants(String... lines) {
    grants.put(REPLICA, List.of(lines));
    return this;
  }

  Bed replication(String... privileges) {
    replicationPrivileges = Optional.of(List.of(privileges));
    return this;
  }

  Bed replicationUnknown() {
    replicationPrivileges = Optional.empty();
    return this;
  }

  Bed ahead(Duration time) {
    clockAhead = time;
    return this;
  }

  Bed withoutTokens() {
    hasTokens = false;
    return this;
  }

  Bed tokens(String engine, boolean transactional, boolean keyed) {
    tokenEngine = engine;
    tokenTransactions = transactional;
    tokenKey = keyed;
    return this;
  }

  Bed token(String column, String type) {
    tokenColumns.put(column, type);
    return this;
  }

  Bed demanding(String column) {
    demanding.add(column);
    return this;
  }

  private Map<String, TokenTable> tokenTables() {
    TokenTable table =
        new TokenTable(tokenEngine, tokenTransactions, tokenColumns, demanding, tokenKey);
    return hasTokens ? Map.of(TOKENS, table) : Map.of();
  }

  private Facts facts(ServerId id) {
    Map<String, String> all = variables.getOrDefault(id, Map.of());
    boolean replica = id.equals(REPLICA);
    return new Facts(
        Release.parse(all.getOrDefault("version", "")),
        "regent@%",
        all,
        starts.getOrDefault(id, Map.of()),
        grants.getOrDefault(id, List.of()),
        replica ? List.of(channel) : List.of(),
        replica ? replicationPrivileges : Optional.of(List.of("REPLICATION SLAVE")),
        tokenTables(),
        replica ? clockAhead : Duration.ZERO);
  }

  ClusterSpec spec() {
    return new ClusterSpec(
        "shop",
        List.of(server(PRIMARY), server(REPLICA)),
        Policy.of(profile),
        ClusterSpec.Hooks.NONE);
  }

  private static ClusterSpec.Server server(ServerId id) {
    Endpoint address = new Endpoint(id.name(), 3306);
    return new ClusterSpec.Server(
        id, address, address, ClusterSpec.Preference.NEUTRAL, 0, "", true);
  }

  List<Finding> findings() {
    TreeMap<ServerId, Facts> all = new TreeMap<>();
    all.put(PRIMARY, facts(PRIMARY));
    all.put(REPLICA, facts(REPLICA));
    return Checkup.findings(
        new Ward(spec(), "repl", new TreeSet<>(List.of(TOKENS)), all), new TreeMap<>());
  }
}
