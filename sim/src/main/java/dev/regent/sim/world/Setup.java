package dev.regent.sim.world;

import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Policy;
import dev.regent.core.model.ServerId;
import dev.regent.sim.commit.Release;
import dev.regent.sim.commit.StartFile;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.load.SimClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a world begins with.
 *
 * @param sources whom each replica follows; the server that follows nobody is the primary
 * @param directClients those that follow no routing table
 * @param proxied those that come through the manager's proxy
 * @param applyNanos what each server's applier needs for one transaction
 * @param aggregator whether the last replica also follows a server outside of the cluster
 * @param writeProbe whether the manager writes to see whether the primary can
 */
public record Setup(
    long seed,
    ClusterSpec spec,
    Release release,
    StartFile file,
    SortedMap<ServerId, ServerId> sources,
    int clients,
    int directClients,
    Proxied proxied,
    SimClient.Habits habits,
    long applyNanos,
    boolean aggregator,
    boolean writeProbe,
    List<Oddity> oddities) {

  public static final SimClient.Habits BUSY =
      new SimClient.Habits(40 * Kernel.MILLISECOND, 5 * Kernel.SECOND, 1, false);

  /**
   * Clients of the proxy.
   *
   * @param readers how many of them come in by a listener that splits
   * @param hold {@code continuity.hold}
   */
  public record Proxied(int clients, int readers, Duration hold) {
    public static final Proxied NONE = new Proxied(0, 0, Duration.ZERO);
  }

  public Setup {
    sources = new TreeMap<>(sources);
    oddities = List.copyOf(oddities);
  }

  /** So many servers, the first of which is primary; a few clients that write all the time. */
  public static Setup of(long seed, ClusterSpec spec) {
    SortedMap<ServerId, ServerId> sources = new TreeMap<>();
    ServerId primary = spec.servers().getFirst().id();
    for (ClusterSpec.Server server : spec.servers()) {
      if (!server.id().equals(primary)) {
        sources.put(server.id(), primary);
      }
    }
    return new Setup(
        seed,
        spec,
        Release.V11_4,
        StartFile.CLOSED,
        sources,
        4,
        1,
        Proxied.NONE,
        BUSY,
        200 * Kernel.MICROSECOND,
        false,
        false,
        List.of());
  }

  /** The same with clients of the proxy. */
  public Setup with(Proxied others) {
    return new Setup(
        seed,
        spec,
        release,
        file,
        sources,
        clients,
        directClients,
        others,
        habits,
        applyNanos,
        aggregator,
        writeProbe,
        oddities);
  }

  /** The replica that also follows a server outside of the cluster, if there is one. */
  Optional<ServerId> aggregating() {
    return aggregator ? Optional.of(sources.lastKey()) : Optional.empty();
  }

  /** Whether the last server is odd in this way. */
  boolean odd(Oddity oddity, ServerId server) {
    return oddities.contains(oddity) && spec.servers().getLast().id().equals(server);
  }

  ServerId primary() {
    List<ServerId> tops =
        spec.servers().stream()
            .map(ClusterSpec.Server::id)
            .filter(s -> !sources.containsKey(s))
            .toList();
    return tops.getFirst();
  }

  Policy.Profile profile() {
    return spec.policy().profile();
  }
}
