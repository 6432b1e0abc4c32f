package dev.regent.server.monitor;

import dev.regent.core.model.ServerId;
import java.util.List;
import java.util.Optional;

/**
 * An event, what moved, and how all servers stand at that moment.
 *
 * @param servers in configured order; of the initiator this is {@code after}
 */
record Change(
    long atMillis,
    MonitorEvent event,
    ServerState before,
    ServerState after,
    List<ServerState> servers) {
  Change {
    servers = List.copyOf(servers);
  }

  /** The server as it stands; empty if it was not seen yet. */
  Optional<ServerState> server(ServerId id) {
    return servers.stream().filter(s -> s.id().equals(id)).findFirst();
  }
}
