package dev.regent.core.toy;

import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerId;
import java.util.ArrayList;
import java.util.List;

/** Whether all is as it should be at the end of a story, and if not, what is not. */
final class Settled {
  private final World world;
  private final List<String> complaints = new ArrayList<>();

  private Settled(World world) {
    this.world = world;
  }

  static List<String> complaints(World world) {
    Settled settled = new Settled(world);
    settled.look();
    return settled.complaints;
  }

  private void expect(boolean holds, String complaint) {
    if (!holds) {
      complaints.add(complaint);
    }
  }

  private void look() {
    ClusterRecord record = world.record();
    if (record.reign().isEmpty()) {
      complaints.add("nobody reigns");
      return;
    }
    expect(record.plan().isEmpty(), "a plan is open: " + record.plan());
    expect(record.relaxed().isEmpty(), "durability is relaxed: " + record.relaxed());
    expect(record.unverified().isEmpty(), "not compared: " + record.unverified());
    ServerId primary = world.primary();
    ToyCluster cluster = world.cluster();
    List<ServerId> open = cluster.writable().stream().filter(s -> cluster.server(s).up()).toList();
    expect(open.equals(List.of(primary)), "writable: " + open);
    expect(
        world.manager().routing().primary().filter(primary::equals).isPresent()
            && !world.manager().routing().writesHeld(),
        "routed: " + world.manager().routing());
    ToyServer source = cluster.server(primary);
    for (ToyServer server : cluster.servers()) {
      boolean follower = !server.id().equals(primary) && server.up();
      if (follower && !record.quarantine().containsKey(server.id())) {
        replica(server, source);
      }
    }
    if (world.cluster().spec().policy().profile() == Profile.SAFE) {
      expect(source.semiSync.endlessAfterSync(), primary + " does not wait for acknowledgements");
      expect(!record.syncSet().contains(primary), "the primary is a sync member");
    }
  }

  private void replica(ToyServer server, ToyServer source) {
    boolean running = server.channels.size() == 1 && server.channel().running();
    expect(running, server.id() + " does not replicate");
    if (running) {
      expect(
          server.channel().source.equals(source.spec.replicationAddress()),
          server.id() + " follows " + server.channel().source);
    }
    expect(source.state.beyond(server.state).size() < 2, server.id() + " lacks transactions");
    expect(server.state.beyond(source.state).isEmpty(), server.id() + " is errant");
    expect(server.durability.full(), server.id() + " is not durable");
    if (world.cluster().spec().policy().profile() == Profile.SAFE) {
      boolean acknowledges = running && server.channel().acknowledges;
      boolean listed = world.record().syncSet().contains(server.id());
      expect(
          acknowledges == listed && listed == server.spec.synchronous(),
          server.id()
              + (listed ? " is" : " is not")
              + " a sync member, and "
              + (acknowledges ? "acknowledges" : "does not acknowledge"));
    }
  }
}
