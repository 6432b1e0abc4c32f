package dev.regent.server.migrate;

import java.util.LinkedHashMap;
import java.util.Map;

/** Why a key of replication-manager has no place in a {@code regent.toml}, by its beginning. */
final class ManagerReasons {
  private static final String OTHERWISE = "Regent has nothing like it";

  /** The first that fits counts, so the longer ones stand above. */
  private static final Map<String, String> BY_PREFIX = new LinkedHashMap<>();

  static {
    String noticed =
        "Regent notices a crash by its connections and asks the replicas, instead of counting"
            + " misses; see [detect]";
    String hook = "programs of Regent's hooks are told by JSON on standard input; see [hooks]";
    String always = "Regent always does so";
    String copies = "Regent does not copy servers; a server it cannot rejoin is held out";
    BY_PREFIX.put("monitoring-ticker", noticed);
    BY_PREFIX.put("failover-falsepositive", noticed);
    BY_PREFIX.put("failcount", noticed);
    BY_PREFIX.put("failover-readonly-state", always);
    BY_PREFIX.put("force-slave-readonly", always);
    BY_PREFIX.put("readonly", always);
    BY_PREFIX.put("force-slave-gtid-mode", always);
    BY_PREFIX.put("force-slave-heartbeat", always + ": [replication] heartbeat, connect_retry");
    BY_PREFIX.put("force-slave-strict", "regent doctor tells it, and --fix sets it");
    BY_PREFIX.put("force-binlog", "regent doctor tells it, and --fix sets it");
    BY_PREFIX.put("force-sync", "regent doctor tells it, and --fix sets it");
    BY_PREFIX.put("force-slave-semisync", "write profile = \"safe\" or \"available\" for it");
    BY_PREFIX.put("failover-semisync-state", "write profile = \"safe\" or \"available\" for it");
    BY_PREFIX.put("failover-at-sync", "write profile = \"safe\" or \"available\" for it");
    BY_PREFIX.put("force-", "regent doctor looks at settings; nothing is forced in between");
    BY_PREFIX.put("failover-event", always);
    BY_PREFIX.put("failover-pre-script", hook);
    BY_PREFIX.put("failover-post-script", hook);
    BY_PREFIX.put("pre-failover-script", hook);
    BY_PREFIX.put("post-failover-script", hook);
    BY_PREFIX.put("autorejoin-", copies);
    BY_PREFIX.put("autoseed", copies);
    BY_PREFIX.put("backup-", copies);
    BY_PREFIX.put("scheduler-", copies);
    BY_PREFIX.put("monitoring-scheduler", copies);
    BY_PREFIX.put("switchover-", "see [switchover]; a switchover that hits trouble is undone");
    BY_PREFIX.put("replication-master-connect-retry", "1 s is the least a server takes, and used");
    BY_PREFIX.put("replication-multi", "Regent manages one primary and its replicas");
    BY_PREFIX.put("replication-source-name", "the name of a replica's connection is read there");
    BY_PREFIX.put("db-servers-connect-timeout", "a probe has one deadline: probe_timeout");
    BY_PREFIX.put("db-servers-read-timeout", "a probe has one deadline: probe_timeout");
    BY_PREFIX.put("connect-timeout", "a probe has one deadline: [detect] probe_timeout");
    String proxy = "it is about a proxy, which Regent does not drive";
    for (String name :
        new String[] {
          "haproxy",
          "proxysql",
          "maxscale",
          "shardproxy",
          "extproxy",
          "proxy",
          "registry-consul",
          "sphinx",
          "mysqlrouter",
          "myproxy"
        }) {
      BY_PREFIX.put(name, proxy);
    }
    String told = "events are in the audit file, in regent events, and in hooks";
    for (String name : new String[] {"mail-", "alert-", "slack-", "pushover-", "teams-"}) {
      BY_PREFIX.put(name, told);
    }
    String api = "the command line speaks over a private socket";
    for (String name : new String[] {"http-", "api-"}) {
      BY_PREFIX.put(name, api);
    }
    BY_PREFIX.put("arbitration", "a fence on every server admits one manager");
    BY_PREFIX.put("prov-", "Regent does not install servers");
    BY_PREFIX.put("graphite", "Regent keeps no graphs");
    BY_PREFIX.put("log", "Regent logs to standard error, and events to the audit file");
    BY_PREFIX.put("include", "only this file was read; import the other one, too");
  }

  private ManagerReasons() {}

  static String of(String key) {
    return BY_PREFIX.entrySet().stream()
        .filter(e -> key.startsWith(e.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(OTHERWISE);
  }
}
