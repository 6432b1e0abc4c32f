package dev.regent.sim.world;

import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Policy;
import dev.regent.core.model.ServerId;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.replication.ReplicaChannel;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** Whether all is as it should be: one writable primary, and everybody else follows it, whole. */
public final class Settled {
  /** Between a commit on the primary and the receipt of its event. */
  private static final int ON_ITS_WAY = 50;

  /** More commits than this never wait at once. */
  private static final int PENDING_MAX = 1000;

  private Settled() {}

  /** Something that is not as it should be, with one server or with the whole. */
  public record Complaint(Optional<ServerId> server, String words) {
    @Override
    public String toString() {
      return words;
    }
  }

  private static Complaint of(ServerId server, String words) {
    return new Complaint(Optional.of(server), server + " " + words);
  }

  private static Complaint whole(String words) {
    return new Complaint(Optional.empty(), words);
  }

  public static boolean is(World world) {
    return complaints(world).isEmpty();
  }

  /** What is not as it should be; empty if all is. */
  public static List<Complaint> complaints(World world) {
    ClusterRecord record = world.manager().store().state();
    List<Complaint> complaints = new ArrayList<>();
    if (!world.manager().alive()) {
      complaints.add(whole("no manager"));
    }
    if (record.plan().isPresent()) {
      complaints.add(whole("a plan is open: " + record.plan().get().why()));
    }
    if (record.reign().isEmpty()) {
      complaints.add(whole("no reign"));
      return complaints;
    }
    ServerId primary = record.reign().get().primary();
    if (!world.server(primary).writable()) {
      complaints.add(of(primary, "is the primary and takes no writes"));
    }
    if (world.routes().target().filter(primary::equals).isEmpty()) {
      complaints.add(whole("clients are sent to " + world.routes().target()));
    }
    for (SimServer server : world.servers().values()) {
      if (server.listening()
          && !server.id().equals(primary)
          && !record.quarantine().containsKey(server.id())) {
        replica(world, server, world.server(primary)).ifPresent(complaints::add);
      }
    }
    record.unverified().stream()
        .filter(s -> world.server(s).listening())
        .forEach(s -> complaints.add(of(s, "was not compared yet")));
    complaints.addAll(Strength.complaints(world, record, primary));
    return complaints;
  }

  private static Optional<Complaint> replica(World world, SimServer server, SimServer primary) {
    if (server.writable()) {
      return Optional.of(of(server.id(), "is writable beside " + primary.id()));
    }
    Optional<ReplicaChannel> channel = inCluster(world, server);
    if (channel.isEmpty()) {
      return Optional.of(of(server.id(), "follows nobody"));
    }
    ReplicaChannel c = channel.get();
    if (c.receiver().state() != ThreadState.YES) {
      return Optional.of(
          of(server.id(), "receives: " + c.receiver().state() + " " + c.receiver().problem()));
    }
    if (!fed(world, server, c)) {
      return Optional.of(of(server.id(), "believes to be connected and is not"));
    }
    if (!c.applier().running()) {
      return Optional.of(of(server.id(), "does not apply: " + c.applier().problem()));
    }
    // What is on its way is not missing.
    int lacks = lacking(server, primary).cardinality();
    return lacks > c.relay().backlog() + ON_ITS_WAY
        ? Optional.of(of(server.id(), "lacks " + lacks + " rows"))
        : Optional.empty();
  }

  /** A connection that was cut without a word looks established until it is silent for too long. */
  private static boolean fed(World world, SimServer server, ReplicaChannel channel) {
    return world
        .setup()
        .spec()
        .at(channel.source())
        .map(s -> world.server(s.id()))
        .filter(s -> s.dumps().stream().anyMatch(d -> d.replicaServerId() == server.serverId()))
        .isPresent();
  }

  /** Whom a server follows inside the cluster. */
  public static Optional<ServerId> sourceOf(World world, ServerId server) {
    return inCluster(world, world.server(server))
        .flatMap(c -> world.setup().spec().at(c.source()))
        .map(ClusterSpec.Server::id);
  }

  private static Optional<ReplicaChannel> inCluster(World world, SimServer server) {
    return server.channels().stream()
        .filter(c -> world.setup().spec().at(c.source()).isPresent())
        .findFirst();
  }

  /** Whether all that the primary has comes to it, through relays perhaps. */
  private static boolean isFed(World world, SimServer server, SimServer primary) {
    if (server.equals(primary)) {
      return true;
    }
    boolean follows =
        server.listening()
            && !world.manager().store().state().quarantine().containsKey(server.id())
            && inCluster(world, server)
                .filter(c -> c.receiver().state() == ThreadState.YES && fed(world, server, c))
                .filter(c -> c.applier().running() && c.delay() == 0)
                .isPresent();
    return follows
        && sourceOf(world, server.id())
            .filter(s -> isFed(world, world.server(s), primary))
            .isPresent();
  }

  /** Rows in its tables, and in commits that wait for an acknowledgement: replicas have those. */
  private static BitSet held(SimServer server) {
    BitSet rows = (BitSet) server.engine().rows().clone();
    for (int i = server.log().size() - 1; i >= 0 && i > server.log().size() - PENDING_MAX; i--) {
      rows.set((int) server.log().get(i).row());
    }
    rows.clear(0);
    return rows;
  }

  private static BitSet lacking(SimServer server, SimServer reference) {
    BitSet rows = (BitSet) reference.engine().rows().clone();
    rows.andNot(server.engine().rows());
    return rows;
  }

  /** Nothing is received and not applied, where it is going to be. */
  public static boolean allApplied(World world) {
    return world.servers().values().stream()
        .filter(SimServer::listening)
        .flatMap(s -> s.channels().stream())
        .filter(c -> c.applier().running())
        .allMatch(c -> c.relay().backlog() == 0);
  }

  /** Nobody writes any more: whoever follows and is not held out has just what the primary has. */
  public static void compareContents(World world) {
    ClusterRecord record = world.manager().store().state();
    if (record.reign().isEmpty()) {
      return;
    }
    SimServer primary = world.server(record.reign().get().primary());
    if (!primary.writable()) {
      return;
    }
    for (SimServer server : world.servers().values()) {
      boolean whole = !server.equals(primary) && isFed(world, server, primary);
      boolean known =
          world.setup().profile() != Policy.Profile.SAFE && Renumbered.are(server, primary);
      BitSet skipped = Twins.skipped(world, server, primary);
      BitSet differing = held(server);
      differing.xor(held(primary));
      differing.andNot(skipped);
      if (whole && !known && !differing.isEmpty()) {
        throw new BrokenPromise(
            "equal contents",
            server.id()
                + " lacks "
                + lacking(server, primary)
                + " and "
                + primary.id()
                + " lacks "
                + lacking(primary, server));
      }
    }
  }
}
