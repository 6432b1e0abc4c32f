package dev.regent.server.config;

import dev.regent.core.model.ClusterSpec;
import dev.regent.core.plan.Promoting.RunHook.Hook;
import dev.regent.server.connect.Account;
import dev.regent.server.connect.Tls;
import dev.regent.server.front.FrontSettings;
import dev.regent.server.maxadmin.AdminSettings;
import dev.regent.server.monitor.EventSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A configuration without a mistake. Nothing in it prints a password.
 *
 * @param file where it was read
 * @param spec the cluster and every threshold, as the core wants them
 * @param admin who the manager is on the servers
 * @param replication who a replica is on its source
 * @param tls of the manager's connections to the servers
 * @param sourceTls of a replica's connection to its source, its paths being paths on the servers;
 *     empty: as each server has it
 * @param events whom to tell of monitor events; empty: nobody
 * @param maxadmin the port for old clients; empty: there is none
 * @param front the proxy; empty: there is none
 * @param writeProbe how long a write may take; empty: no write probe
 * @param rehearse whether role changes are played in memory after the start
 */
public record Config(
    Path file,
    ClusterSpec spec,
    Login admin,
    Login replication,
    Tls tls,
    Optional<Tls> sourceTls,
    List<HookCommand> hooks,
    Optional<EventSettings> events,
    Optional<AdminSettings> maxadmin,
    Optional<FrontSettings> front,
    Optional<Duration> writeProbe,
    Folders folders,
    boolean rehearse) {

  public Config {
    hooks = List.copyOf(hooks);
  }

  /** A user and its password on the servers. */
  public record Login(String user, Secret password) {
    public Account account() {
      return new Account(user, password.reveal());
    }
  }

  /**
   * A command that is run on the manager's host, without a shell.
   *
   * @param command an executable file's absolute path, then its arguments
   */
  public record HookCommand(Hook hook, List<String> command, Duration timeout) {
    public HookCommand {
      command = List.copyOf(command);
    }
  }

  /**
   * Absolute paths, not created yet.
   *
   * @param state the control store
   * @param run the daemon's socket; the command line finds it there
   * @param audit the audit trail's current file
   * @param errant files with transactions that only one server had
   */
  public record Folders(Path state, Path run, Path audit, Path errant) {}

  /** The configured hook of this kind, if there is one. */
  public Optional<HookCommand> hook(Hook kind) {
    return hooks.stream().filter(h -> h.hook() == kind).findFirst();
  }
}
