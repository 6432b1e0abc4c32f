package dev.regent.cli.flags;

import java.util.List;
import java.util.Optional;

/**
 * One flag of the command line.
 *
 * @param standard the value it has if nobody gives one
 * @param since the release of the old tool that brought it; {@code new} for ours
 */
record Flag(String name, Kind kind, String standard, String since, String help) {

  /** What a value must look like. */
  enum Kind {
    TEXT,
    BOOL,
    NUMBER
  }

  /** Those that carry a password, as {@code user:password}. */
  static final List<String> SECRET = List.of("user", "rpluser");

  static final List<Flag> ALL =
      List.of(
          text("host", "", "0.3", "the primary: host, host:port, [address]:port"),
          text("slaves", "", "0.3", "its replicas, comma-separated; empty: asked of the primary"),
          text("hosts", "", "0.4", "all servers, comma-separated; who is what is found out"),
          text("user", "", "0.3", "USER:PASSWORD with administrative rights, or @FILE (mode 600)"),
          text("rpluser", "", "0.3", "USER:PASSWORD that replicas log in with, or @FILE"),
          text("socket", "/var/run/mysqld/mysqld.sock", "0.3", "accepted, not used"),
          bool("interactive", true, "0.3", "false: act at once, without the console"),
          bool("verbose", false, "0.3", "tell every step"),
          text("pre-failover-script", "", "0.3", "called as SCRIPT OLD_HOST NEW_HOST"),
          text("post-failover-script", "", "0.3", "called as SCRIPT OLD_HOST NEW_HOST"),
          number("maxdelay", 0, "0.3", "switchover: seconds a candidate may lag"),
          bool("gtidcheck", false, "0.3", "switchover: candidates must have all the primary has"),
          text("prefmaster", "", "0.3", "the replica that is promoted if it may be"),
          number("wait-kill", 5000, "0.3", "switchover: milliseconds for writes under way"),
          bool(
              "readonly", true, "0.3", "false: replicas that took writes take them again after it"),
          text("failover", "", "0.3", "dead, force: fail over; check: say what it would do; alive"),
          text("switchover", "", "0.5", "keep: the old primary becomes a replica; kill: the same"),
          text("ignore-servers", "", "0.5.1", "never promote these, comma-separated"),
          number("failcount", 5, "0.6", "accepted, not used: it was for failover=monitor"),
          bool("autorejoin", true, "0.6", "accepted, not used: it was for failover=monitor"),
          text("logfile", "", "0.6", "write messages there too; what was in it is lost"),
          number(
              "connect-timeout", 5, "0.6", "seconds that the servers have for their first answer"),
          number("failover-limit", 0, "0.6", "accepted, not used: it was for failover=monitor"),
          number("failover-time-limit", 0, "0.6", "seconds since the last failover, at least"),
          text("conf", "", "0.6", "accepted, not used"),
          bool("version", false, "0.3", "print the version"),
          bool("dry-run", false, "new", "say what would be done, change nothing"),
          bool("force", false, "new", "go on without proof of death or of a loss-free failover"),
          text("tls", "off", "new", "connections to the servers: off, trust, verify"),
          text("tls-ca", "", "new", "the authority's certificate (PEM), with -tls=verify"),
          text("state-dir", "", "new", "where intents are kept while it works"));

  private static Flag text(String name, String standard, String since, String help) {
    return new Flag(name, Kind.TEXT, standard, since, help);
  }

  private static Flag bool(String name, boolean standard, String since, String help) {
    return new Flag(name, Kind.BOOL, Boolean.toString(standard), since, help);
  }

  private static Flag number(String name, long standard, String since, String help) {
    return new Flag(name, Kind.NUMBER, Long.toString(standard), since, help);
  }

  static Optional<Flag> find(String name) {
    return ALL.stream().filter(f -> f.name().equals(name)).findFirst();
  }
}
