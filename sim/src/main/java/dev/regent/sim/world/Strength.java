package dev.regent.sim.world;

import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.Policy;
import dev.regent.core.model.ServerFacts.Durability;
import dev.regent.core.model.ServerId;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.world.Settled.Complaint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the cluster could bear the next misfortune as its profile promises. */
final class Strength {
  private static final Durability DURABLE = new Durability(1, 1);

  private Strength() {}

  /** What is weaker than it should be. */
  static List<Complaint> complaints(World world, ClusterRecord record, ServerId primary) {
    List<Complaint> complaints = new ArrayList<>();
    for (SimServer server : world.servers().values()) {
      if (server.listening() && !server.facts().durability().equals(DURABLE)) {
        complaints.add(of(server.id(), "has its durability relaxed"));
      }
    }
    if (world.setup().profile() == Policy.Profile.SAFE) {
      SimServer writable = world.server(primary);
      if (!writable.facts().semiSync().endlessAfterSync()) {
        complaints.add(of(primary, "does not wait for acknowledgements without end"));
      }
      if (record.syncSet().stream().noneMatch(m -> acknowledges(world.server(m)))) {
        complaints.add(of(primary, "has nobody who acknowledges"));
      }
    }
    return complaints;
  }

  private static boolean acknowledges(SimServer member) {
    return member.listening() && member.facts().acknowledging();
  }

  private static Complaint of(ServerId server, String words) {
    return new Complaint(Optional.of(server), server + " " + words);
  }
}
