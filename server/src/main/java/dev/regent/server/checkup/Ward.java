package dev.regent.server.checkup;

import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.ServerId;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All servers of a cluster, as far as they answered.
 *
 * @param replicationUser who a replica is on its source
 * @param tokenTables what listeners name as {@code commit_token}
 */
public record Ward(
    ClusterSpec spec,
    String replicationUser,
    SortedSet<String> tokenTables,
    SortedMap<ServerId, Facts> facts) {
  public Ward {
    tokenTables = Collections.unmodifiableSortedSet(new TreeSet<>(tokenTables));
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
