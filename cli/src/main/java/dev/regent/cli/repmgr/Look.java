package dev.regent.cli.repmgr;

import dev.regent.core.model.Channel;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.Observation.Kind;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerId;
import dev.regent.server.observe.Glance;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What one look at one server brought.
 *
 * @param glance empty if it did not answer everything in time
 * @param missed why it did not
 */
record Look(Endpoint address, Optional<Glance> glance, Optional<Kind> missed, String detail) {
  static Look seen(Endpoint address, Glance glance) {
    return new Look(address, Optional.of(glance), Optional.empty(), "");
  }

  static Look missed(Endpoint address, Kind kind, String detail) {
    return new Look(address, Optional.empty(), Optional.of(kind), detail);
  }

  ServerId id() {
    return new ServerId(address.toString());
  }

  boolean answers() {
    return glance.isPresent();
  }

  /**
   * Why it does not replicate from the server that leads now; empty if it does, or leads itself.
   */
  Optional<String> obstacle(String leader) {
    if (id().name().equals(leader)) {
      return Optional.empty();
    }
    return notReplicating(leader)
        .map(why -> address + " does not replicate from " + leader + ": " + why);
  }

  private Optional<String> notReplicating(String leader) {
    if (!answers()) {
      return Optional.of(detail);
    }
    List<Channel> channels = there().facts().channels();
    Optional<Channel> found =
        channels.stream().filter(c -> c.source().toString().equals(leader)).findFirst();
    if (found.isEmpty()) {
      return Optional.of(
          channels.isEmpty()
              ? "it is nobody's replica"
              : "it is a replica of "
                  + channels.stream()
                      .map(c -> c.source().toString())
                      .collect(Collectors.joining(", ")));
    }
    Channel channel = found.get();
    if (channel.running()) {
      return Optional.empty();
    }
    Channel.Problem problem =
        channel.sqlProblem().present() ? channel.sqlProblem() : channel.ioProblem();
    if (problem.present()) {
      return Optional.of("error " + problem.number() + ", " + problem.text());
    }
    return Optional.of(
        channel.sqlRunning() ? "it is not connected" : "its SQL thread does not run");
  }

  Optional<ServerFacts> facts() {
    return glance.map(Glance::facts);
  }

  /** The answer of a server that is known to have answered. */
  Glance there() {
    return glance.orElseThrow();
  }
}
