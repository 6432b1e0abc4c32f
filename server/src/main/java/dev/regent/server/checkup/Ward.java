package dev.regent.server.checkup;

import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.ServerId;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All servers of a cluster, as far as they answered.
 *
 * @param replicationUser who a replica is on its source
 */
public record Ward(ClusterSpec spec, String replicationUser, SortedMap<ServerId, Facts> facts) {
  public Ward {
    facts = new TreeMap<>(facts);
  }

  /** Who stands behind an address in a replica's status. */
  Optional<Facts> at(String host, String port) {
    if (host.isBlank() || !port.matches("[1-9]\\d{0,4}")) {
      return Optional.empty();
    }
    return spec.at(new Endpoint(host, Integer.parseInt(port)))
        .flatMap(s -> Optional.ofNullable(facts.get(s.id())));
  }

  /** One server among the others. */
  Patient patient(ServerId id, Facts own) {
    return new Patient(spec.server(id), own, this);
  }
}
