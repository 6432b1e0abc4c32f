package dev.regent.server.maxadmin;

import dev.regent.core.control.Picture;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerId;
import dev.regent.core.model.Snapshot.View;
import dev.regent.core.model.Topology;
import dev.regent.server.monitor.ServerState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is listed of one server.
 *
 * @param handle stands where MaxScale shows a pointer: one number per server
 * @param nodeId its {@code server_id}; -1 if it was never read
 * @param sourceId the {@code server_id} of whom it follows; -1 if it follows nobody
 * @param replicaIds the {@code server_id}s of those that follow it
 * @param delaySeconds shown only where lag is an event
 */
record ServerRow(
    long handle,
    String name,
    String address,
    int port,
    String status,
    Optional<String> version,
    long nodeId,
    long sourceId,
    List<Long> replicaIds,
    int depth,
    OptionalLong delaySeconds,
    Connections connections) {
  private static final long NOBODY = -1;
  private static final long FIRST_HANDLE = 0x1b1f440;
  private static final long HANDLE_STEP = 0x110;

  /**
   * Clients' connections through a proxy in this daemon.
   *
   * @param total since the start
   */
  record Connections(long total, long now, long operations) {
    static final Connections NONE = new Connections(0, 0, 0);
  }

  ServerRow {
    replicaIds = List.copyOf(replicaIds);
  }

  /** All servers in configured order. */
  static List<ServerRow> of(Picture picture, boolean showLag) {
    Topology topology = Topology.of(picture.snapshot());
    List<ServerRow> rows = new ArrayList<>();
    for (View view : picture.snapshot().servers()) {
      rows.add(row(view, picture, topology, FIRST_HANDLE + HANDLE_STEP * rows.size(), showLag));
    }
    return rows;
  }

  private static ServerRow row(
      View view, Picture picture, Topology topology, long handle, boolean showLag) {
    ServerState state = ServerState.present(view, picture);
    Optional<ServerFacts> last = view.seen().map(s -> s.facts());
    return new ServerRow(
        handle,
        view.id().name(),
        view.spec().address().host(),
        view.spec().address().port(),
        state.words(),
        last.map(ServerFacts::version),
        last.map(ServerFacts::serverId).orElse(NOBODY),
        state.replica() ? source(view.id(), picture, topology) : NOBODY,
        state.running() ? replicas(view.id(), picture, topology) : List.of(),
        state.replica() ? depth(view.id(), topology) : 0,
        showLag && state.replica() ? state.lagSeconds() : OptionalLong.empty(),
        Connections.NONE);
  }

  private static long source(ServerId server, Picture picture, Topology topology) {
    return topology.sourceOf(server).map(s -> nodeId(s, picture)).orElse(NOBODY);
  }

  private static long nodeId(ServerId server, Picture picture) {
    return picture.snapshot().view(server).seen().map(s -> s.facts().serverId()).orElse(NOBODY);
  }

  private static List<Long> replicas(ServerId server, Picture picture, Topology topology) {
    return picture.snapshot().servers().stream()
        .filter(v -> topology.sourceOf(v.id()).filter(server::equals).isPresent())
        .filter(v -> ServerState.present(v, picture).replica())
        .map(v -> nodeId(v.id(), picture))
        .toList();
  }

  private static int depth(ServerId server, Topology topology) {
    int depth = 0;
    Optional<ServerId> above = topology.sourceOf(server);
    // A ring has no top: nobody is deeper than all edges together.
    while (above.isPresent() && depth < topology.sources().size()) {
      depth++;
      above = topology.sourceOf(above.get());
    }
    return depth;
  }
}
