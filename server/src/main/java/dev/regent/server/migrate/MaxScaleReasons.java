package dev.regent.server.migrate;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Why a key of a {@code maxscale.cnf} has no place in a {@code regent.toml}. */
final class MaxScaleReasons {
  private static final String OTHERWISE = "Regent has nothing like it";
  private static final String ALWAYS = "Regent always does so";
  private static final String PROXY = "it is about MaxScale's proxy";
  private static final String NOTICED =
      "Regent notices a crash by its connections and asks the replicas, instead of counting"
          + " misses; see [detect]";

  private static final Map<String, String> MONITOR = new LinkedHashMap<>();

  static {
    MONITOR.put("monitor_interval", NOTICED);
    MONITOR.put("failcount", NOTICED);
    MONITOR.put("verify_master_failure", ALWAYS);
    MONITOR.put("master_failure_timeout", NOTICED);
    MONITOR.put("backend_connect_timeout", "a probe has one deadline: [detect] probe_timeout");
    MONITOR.put("backend_read_timeout", "a probe has one deadline: [detect] probe_timeout");
    MONITOR.put("backend_write_timeout", "a probe has one deadline: [detect] probe_timeout");
    MONITOR.put("backend_connect_attempts", NOTICED);
    MONITOR.put("failover_timeout", "each step has its own limit; see [failover] drain_budget");
    MONITOR.put("switchover_timeout", "see [switchover] freeze and catch_up");
    MONITOR.put("enforce_read_only_slaves", ALWAYS);
    MONITOR.put("enforce_read_only_servers", ALWAYS);
    MONITOR.put("enforce_writable_master", "a primary is opened by its promotion only");
    MONITOR.put("handle_events", ALWAYS);
    MONITOR.put("assume_unique_hostnames", "servers are known by replication_address");
    MONITOR.put("cooperative_monitoring_locks", "every server has a fence that admits one manager");
    MONITOR.put("replication_custom_options", "connection settings of a replica are kept");
    String hook = "Regent calls such a script as well: copy it to [events] by hand";
    MONITOR.put("script", hook);
    MONITOR.put("events", hook);
    MONITOR.put("script_timeout", hook);
    MONITOR.put("script_max_replication_lag", hook);
    MONITOR.put("promotion_sql_file", "no statements of others run in a promotion; see [hooks]");
    MONITOR.put("demotion_sql_file", "no statements of others run in a demotion; see [hooks]");
    MONITOR.put("detect_stale_master", "who is primary is stored, and outlives every restart");
    MONITOR.put("detect_stale_slave", "who is primary is stored, and outlives every restart");
    MONITOR.put("journal_max_age", "what Regent stores does not expire");
    MONITOR.put("detect_replication_lag", "lag is read from the replicas; no table is needed");
    MONITOR.put("enforce_simple_topology", "of what it implies only auto_failover and rejoin");
  }

  private MaxScaleReasons() {}

  static String of(String sectionType, String key) {
    String type = sectionType.toLowerCase(Locale.ROOT);
    return switch (type) {
      case "monitor" -> MONITOR.getOrDefault(key, monitor(key));
      case "server" -> server(key);
      case "service", "listener", "filter" -> PROXY + ", which Regent does not replace here";
      default -> OTHERWISE;
    };
  }

  private static String monitor(String key) {
    boolean copies = key.startsWith("ssh_") || key.startsWith("rebuild_") || key.contains("backup");
    if (copies) {
      return "Regent does not copy servers; a server it cannot rejoin is held out";
    }
    return key.contains("disk")
        ? "disk space is not watched; [detect] write_probe notices a full" + " one"
        : OTHERWISE;
  }

  private static String server(String key) {
    return switch (key) {
      case "protocol" -> "there is only one";
      case "monitoruser", "monitorpw" -> "one login serves all servers: [credentials]";
      case "ssl_cert", "ssl_key" ->
          "Regent takes both from one file: openssl pkcs12 -export -in CERT -inkey KEY -out"
              + " regent.p12, then [tls] key_store";
      case "ssl_ca", "ssl_ca_cert" ->
          "names were not verified, so this was of no use; write [tls] mode = \"verify\" with ca to"
              + " verify them";
      case "ssl_version", "ssl_cipher", "ssl_cert_verify_depth" ->
          "the JVM chooses the best both know";
      default -> key.startsWith("ssl_") ? "see [tls]" : PROXY;
    };
  }
}
