package dev.regent.cli.fake;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/** A primary and its replicas, all pretended. */
public final class FakeCluster implements AutoCloseable {
  private final List<FakeServer> servers = new ArrayList<>();
  private final AtomicLong probes = new AtomicLong();

  private FakeCluster() {}

  public static FakeCluster of(int size) throws IOException {
    FakeCluster cluster = new FakeCluster();
    for (int i = 0; i < size; i++) {
      cluster.servers.add(new FakeServer());
    }
    int primary = cluster.servers.getFirst().port();
    for (int i = 0; i < size; i++) {
      Answers answers =
          i == 0
              ? Answers.primary(1, cluster.probes)
              : Answers.replica(i + 1, primary, cluster.probes);
      cluster.servers.get(i).start(answers);
    }
    return cluster;
  }

  /** In the order of the servers, the primary first. */
  public List<Integer> ports() {
    return servers.stream().map(FakeServer::port).toList();
  }

  /** Two replicas whose primary is gone: its port refuses connections. */
  public static FakeCluster orphaned() throws IOException {
    FakeCluster cluster = new FakeCluster();
    for (int i = 0; i < 3; i++) {
      cluster.servers.add(new FakeServer());
    }
    int gone = cluster.servers.getFirst().port();
    cluster.servers.getFirst().close();
    for (int i = 1; i < 3; i++) {
      cluster.servers.get(i).start(Answers.replica(i + 1, gone, cluster.probes).orphaned());
    }
    return cluster;
  }

  /**
   * When the first statement since the last {@link #forget} came, by the machine's monotonic clock;
   * empty if none did.
   */
  public OptionalLong firstStatementNanos() {
    return servers.stream()
        .map(FakeServer::firstStatementNanos)
        .filter(OptionalLong::isPresent)
        .mapToLong(OptionalLong::getAsLong)
        .min();
  }

  public void forget() {
    servers.forEach(FakeServer::forget);
  }

  /** How often a server was asked for the state of its replication. */
  public long probes() {
    return probes.get();
  }

  @Override
  public void close() throws IOException {
    for (FakeServer server : servers) {
      server.close();
    }
  }
}
