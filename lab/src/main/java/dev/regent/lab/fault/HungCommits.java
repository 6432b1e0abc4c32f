package dev.regent.lab.fault;

import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.machine.LabException;
import dev.regent.lab.net.Host;
import dev.regent.lab.net.Net;
import dev.regent.lab.net.Way;
import java.util.List;

/**
 * Commits that hang: with semi-sync no acknowledgement reaches the primary, although the replicas
 * go on receiving. After {@link #heal} they are acknowledged and the primary goes on, unless it has
 * been deposed meanwhile. For a cluster in namespaces.
 *
 * <p>What replicas send to the primary is dropped, so its data arrives, each piece again and again,
 * until TCP sends no more without an answer: some 14 kB per connection.
 */
public final class HungCommits implements AutoCloseable {
  private final Net net;
  private final List<Way> ways;
  private final long moment;

  private HungCommits(Net net, List<Way> ways) {
    this.net = net;
    this.ways = ways;
    this.moment = net.drop(ways);
  }

  /** From now on commits hang on this server, which is the primary. */
  public static HungCommits on(LabServer primary, LabCluster cluster) {
    Net net =
        cluster
            .net()
            .orElseThrow(() ->
                new LabException(
                    "Acknowledgements can be held back in a cluster that lives in namespaces only."));
    List<Host> replicas =
        cluster.servers().stream().map(server -> net.host(server.name())).toList();
    return new HungCommits(net, Way.to(net.host(primary.name()), replicas));
  }

  /** When it began, by {@link System#nanoTime}. */
  public long moment() {
    return moment;
  }

  /** Lets acknowledgements through again; TCP takes a moment to try. */
  public long heal() {
    return net.heal(ways);
  }

  @Override
  public void close() {
    heal();
  }
}
