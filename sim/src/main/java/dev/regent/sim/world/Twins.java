package dev.regent.sim.world;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.storage.Transaction;
import java.util.BitSet;

/**
 * A replica skips, without a word, what carries its own server id. If another server writes with
 * that id, the two differ in just that; it is promised only that somebody is told.
 */
final class Twins {
  private Twins() {}

  /** Rows that a follower may lack because they carry its server id, as was told. */
  static BitSet skipped(World world, SimServer server, SimServer primary) {
    BitSet rows = new BitSet();
    if (!told(world, server)) {
      return rows;
    }
    for (int i = 0; i < primary.log().size(); i++) {
      Transaction transaction = primary.log().get(i);
      if (transaction.gtid().server() == server.serverId()) {
        rows.set((int) transaction.row());
      }
    }
    return rows;
  }

  private static boolean told(World world, SimServer server) {
    return world.surroundings().picture().stream()
        .flatMap(p -> p.diagnoses().stream())
        .anyMatch(d ->
            d instanceof Diagnosis.DuplicateServerIds twins
                && twins.servers().contains(server.id()));
  }
}
