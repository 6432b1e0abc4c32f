package dev.regent.lab.command;

import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.cluster.ServerPlace;
import dev.regent.lab.machine.LabException;
import java.nio.file.Path;
import java.util.List;

/** What is remembered of a lab between commands; the passwords lie in files of their own. */
public record NamedLab(String name, String version, Path folder, List<ServerPlace> servers) {
  public NamedLab {
    servers = List.copyOf(servers);
  }

  ServerPlace place(String server) {
    return servers.stream()
        .filter(place -> place.name().equals(server))
        .findFirst()
        .orElseThrow(() ->
            new LabException(
                "Lab \"%s\" has no server \"%s\". Its servers: %s."
                    .formatted(
                        name,
                        server,
                        String.join(", ", servers.stream().map(ServerPlace::name).toList()))));
  }

  List<LabServer> open(LabStore store) {
    return servers.stream().map(place -> store.open(this, place)).toList();
  }
}
