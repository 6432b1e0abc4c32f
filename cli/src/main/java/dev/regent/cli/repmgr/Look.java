package dev.regent.cli.repmgr;

import dev.regent.core.model.Endpoint;
import dev.regent.core.model.Observation.Kind;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerId;
import dev.regent.server.observe.Glance;
import java.util.Optional;

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

  Optional<ServerFacts> facts() {
    return glance.map(Glance::facts);
  }

  /** The answer of a server that is known to have answered. */
  Glance there() {
    return glance.orElseThrow();
  }
}
