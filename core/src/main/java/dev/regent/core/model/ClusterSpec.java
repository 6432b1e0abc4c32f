package dev.regent.core.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What the operator configured about one cluster. Addresses only: credentials never enter the core.
 */
public record ClusterSpec(String name, List<Server> servers, Policy policy, Hooks hooks) {

  /**
   * @param address where the manager reaches the server
   * @param replicationAddress where other servers reach it; equal to {@code address} unless told
   * @param priority higher wins between equally advanced candidates of equal preference
   * @param zone empty if not told
   * @param synchronous may acknowledge semi-sync commits in profile {@code safe}
   */
  public record Server(
      ServerId id,
      Endpoint address,
      Endpoint replicationAddress,
      Preference preference,
      int priority,
      String zone,
      boolean synchronous) {}

  /** Whether a server is wanted as a primary. */
  public enum Preference {
    PREFER,
    NEUTRAL,
    NEVER
  }

  /**
   * Which synchronous hooks are configured, each with the time that it may take; what they run is
   * the executor's business.
   */
  public record Hooks(
      Optional<Duration> fence, Optional<Duration> prePromote, Optional<Duration> postPromote) {
    public static final Hooks NONE =
        new Hooks(Optional.empty(), Optional.empty(), Optional.empty());

    /** All of them, none taking longer than this. */
    public static Hooks all(Duration timeout) {
      return new Hooks(Optional.of(timeout), Optional.of(timeout), Optional.of(timeout));
    }
  }

  public ClusterSpec {
    Check.argument(!name.isBlank(), "cluster name is blank");
    Check.argument(!servers.isEmpty(), "cluster " + name + " has no servers");
    servers = List.copyOf(servers);
    TreeSet<ServerId> ids = new TreeSet<>();
    servers.forEach(s -> Check.argument(ids.add(s.id()), "server " + s.id() + " is listed twice"));
  }

  public Optional<Server> find(ServerId id) {
    return servers.stream().filter(s -> s.id().equals(id)).findFirst();
  }

  /** The configured server; a {@link Check} failure if there is none of that name. */
  public Server server(ServerId id) {
    Optional<Server> found = find(id);
    Check.that(found.isPresent(), "server " + id + " is not in cluster " + name);
    return found.orElseThrow();
  }

  /** The server that others reach at this endpoint, by either of its addresses. */
  public Optional<Server> at(Endpoint endpoint) {
    return servers.stream()
        .filter(s -> s.replicationAddress().equals(endpoint) || s.address().equals(endpoint))
        .findFirst();
  }
}
