package dev.regent.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who follows whom, from the channels of the last successful probes.
 *
 * @param sources for each server that follows a server of this cluster, that server
 * @param foreign servers with a channel to an endpoint outside this cluster
 */
public record Topology(SortedMap<ServerId, ServerId> sources, List<ServerId> foreign) {
  public Topology {
    sources = new TreeMap<>(sources);
    foreign = List.copyOf(foreign);
  }

  public static Topology of(Snapshot snapshot) {
    SortedMap<ServerId, ServerId> sources = new TreeMap<>();
    List<ServerId> foreign = new ArrayList<>();
    for (Snapshot.View view : snapshot.servers()) {
      for (Channel channel : view.seen().map(s -> s.facts().channels()).orElse(List.of())) {
        Optional<ServerId> source =
            snapshot.spec().at(channel.source()).map(ClusterSpec.Server::id);
        if (source.isPresent()) {
          sources.putIfAbsent(view.id(), source.get());
        } else if (!foreign.contains(view.id())) {
          foreign.add(view.id());
        }
      }
    }
    return new Topology(sources, foreign);
  }

  public Optional<ServerId> sourceOf(ServerId server) {
    return Optional.ofNullable(sources.get(server));
  }

  public List<ServerId> replicasOf(ServerId server) {
    return sources.entrySet().stream()
        .filter(e -> e.getValue().equals(server))
        .map(e -> e.getKey())
        .toList();
  }
}
