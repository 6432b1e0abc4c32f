package dev.regent.cli.flags;

import dev.regent.core.model.Endpoint;
import dev.regent.server.config.Config.Login;
import dev.regent.server.connect.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the command line asks for, without a mistake.
 *
 * @param primary the server that {@code -host} names; empty: to be found among the servers
 * @param servers all that were named, the primary first, each once
 * @param notes what is not as it was in the old tool, about flags that were given
 */
public record Request(
    Act act,
    Optional<Endpoint> primary,
    List<Endpoint> servers,
    Login admin,
    Login replication,
    Tls tls,
    Choice choice,
    Scripts scripts,
    Limits limits,
    Place place,
    List<String> notes) {

  /** What is to be done. */
  public enum Act {
    FAILOVER,
    SWITCHOVER
  }

  /**
   * Who may be promoted, and at what price.
   *
   * @param equal only replicas that have all that the primary has
   */
  public record Choice(
      Optional<Endpoint> preferred,
      List<Endpoint> ignored,
      long lagMaxSeconds,
      boolean equal,
      boolean force,
      boolean dryRun) {
    public Choice {
      ignored = List.copyOf(ignored);
    }
  }

  /** Programs that are told the old and the new primary's host. */
  public record Scripts(Optional<Path> before, Optional<Path> after) {}

  /**
   * @param answer how long each server may take for its first answer
   * @param freeze how long writes under way may take in a switchover
   * @param sinceFailover the last failover must be at least as old
   * @param reopen replicas that took writes before shall take them again
   */
  public record Limits(Duration answer, Duration freeze, Duration sinceFailover, boolean reopen) {}

  /** Where it keeps and tells things; empty: the standard place, and nowhere. */
  public record Place(Optional<Path> state, Optional<Path> log, boolean verbose) {}

  public Request {
    servers = List.copyOf(servers);
    notes = List.copyOf(notes);
  }

  /** The same servers and settings, for another act. */
  public Request with(Act other, Choice chosen) {
    return new Request(
        other, primary, servers, admin, replication, tls, chosen, scripts, limits, place, notes);
  }

  /** The same for these servers. */
  public Request with(List<Endpoint> all) {
    return new Request(
        act, primary, all, admin, replication, tls, choice, scripts, limits, place, notes);
  }
}
