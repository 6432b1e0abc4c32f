package dev.regent.sim.world;

import dev.regent.core.model.ServerId;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.replication.ReplicaChannel;
import dev.regent.sim.storage.RelayLog;
import dev.regent.sim.storage.Transaction;
import java.util.SortedMap;

/**
 * Nobody is pointed at a place before the end of its own log. Replication then breaks over a
 * transaction that the server has itself: an operator is told to decide, and has nothing to decide
 * on, so that reason excuses nothing. Of who is held out nothing is promised.
 */
public final class Repeats {
  private Repeats() {}

  /** Demands it of every replica that does not apply any more. */
  public static void demandNone(World world) {
    SortedMap<ServerId, ?> heldOut = world.manager().store().state().quarantine();
    for (SimServer server : world.servers().values()) {
      if (server.listening() && !heldOut.containsKey(server.id())) {
        server.channels().forEach(c -> demandNew(server, c));
      }
    }
  }

  private static void demandNew(SimServer server, ReplicaChannel channel) {
    RelayLog.Event next = channel.relay().peek();
    boolean broken = !channel.applier().running() && channel.applier().problem().present();
    if (broken && next != null && has(server, next.transaction())) {
      throw new BrokenPromise(
          "follows from the end of its log",
          server.id() + " was sent " + next.transaction().gtid() + " again, which its log holds");
    }
  }

  /** The number alone does not tell: see {@link Renumbered}. */
  private static boolean has(SimServer server, Transaction transaction) {
    for (int i = 0; i < server.log().size(); i++) {
      Transaction mine = server.log().get(i);
      if (mine.gtid().equals(transaction.gtid())
          && mine.kind() == transaction.kind()
          && mine.row() == transaction.row()) {
        return true;
      }
    }
    return false;
  }
}
