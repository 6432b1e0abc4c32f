package dev.regent.sim.world;

import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.ServerId;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.replication.ReplicaChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether all is as it should be: one writable primary, and everybody else follows it, whole. */
public final class Settled {
  private Settled() {}

  public static boolean is(World world) {
    return complaints(world).isEmpty();
  }

  /** What is not as it should be; empty if all is. */
  public static List<String> complaints(World world) {
    ClusterRecord record = world.manager().store().state();
    List<String> complaints = new ArrayList<>();
    if (!world.manager().alive()) {
      complaints.add("no manager");
    }
    if (record.plan().isPresent()) {
      complaints.add("a plan is open: " + record.plan().get().why());
    }
    if (record.reign().isEmpty()) {
      complaints.add("no reign");
      return complaints;
    }
    ServerId primary = record.reign().get().primary();
    if (!world.server(primary).writable()) {
      complaints.add("primary " + primary + " takes no writes");
    }
    if (world.routes().target().filter(primary::equals).isEmpty()) {
      complaints.add("clients are sent to " + world.routes().target());
    }
    for (SimServer server : world.servers().values()) {
      if (server.listening()
          && !server.id().equals(primary)
          && !record.quarantine().containsKey(server.id())) {
        replica(world, server, world.server(primary), complaints);
      }
    }
    if (!record.unverified().isEmpty()) {
      complaints.add("not compared yet: " + record.unverified());
    }
    return complaints;
  }

  private static void replica(
      World world, SimServer server, SimServer primary, List<String> complaints) {
    if (server.writable()) {
      complaints.add(server.id() + " is writable beside " + primary.id());
    }
    Optional<ReplicaChannel> channel =
        server.channels().stream()
            .filter(c -> world.setup().spec().at(c.source()).isPresent())
            .findFirst();
    if (channel.isEmpty()) {
      complaints.add(server.id() + " follows nobody");
      return;
    }
    ReplicaChannel c = channel.get();
    if (c.receiver().state() != ThreadState.YES || !c.applier().running()) {
      complaints.add(
          server.id()
              + ": receiving "
              + c.receiver().state()
              + " "
              + c.receiver().problem()
              + ", applying "
              + c.applier().running()
              + " "
              + c.applier().problem());
    }
    // What is on its way is not missing; what was there a moment ago and is not here is.
    var rows = (java.util.BitSet) primary.engine().rows().clone();
    rows.andNot(server.engine().rows());
    if (rows.cardinality() > c.relay().backlog() + 200) {
      complaints.add(server.id() + " lacks " + rows.cardinality() + " rows");
    }
  }
}
