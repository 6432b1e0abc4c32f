package dev.regent.sim.swarm;

import dev.regent.core.control.Command;
import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.ServerId;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.world.BrokenPromise;
import dev.regent.sim.world.Settled;
import dev.regent.sim.world.World;
import java.time.Duration;
import java.util.List;

/**
 * What an operator does about servers that are held out, once the rest is well: each becomes a copy
 * of the primary and starts. Then it must be taken back, whole: by itself, or else by order.
 */
final class Rebuilding {
  private static final Duration BY_ITSELF = Duration.ofSeconds(20);
  private static final Duration LIMIT = Duration.ofSeconds(50);

  /**
   * One to attach it; one more where a server that hung below it is gone, and is to be given up.
   */
  private static final int ORDERS = 2;

  private final World world;
  private final Operator operator;

  Rebuilding(World world, Operator operator) {
    this.world = world;
    this.operator = operator;
  }

  void demand() {
    ClusterRecord record = world.manager().store().state();
    List<ServerId> out =
        record.quarantine().keySet().stream().filter(s -> world.server(s).listening()).toList();
    if (out.isEmpty()) {
      return;
    }
    SimServer primary = world.server(record.reign().orElseThrow().primary());
    for (ServerId server : out) {
      world.trace().tell("ann", 0, () -> "rebuilds " + server + " from " + primary.id());
      world.fate(server).kill(0);
      world.server(server).restoreFrom(primary, null);
      world.fate(server).start();
    }
    boolean done = world.reaches(BY_ITSELF, () -> takenBack(out));
    for (int orders = 0; !done && orders < ORDERS; orders++) {
      for (ServerId server : out) {
        // Whoever orders two at a time hears from the second that the first is under way.
        long order = operator.order(new Command.Rejoin("ann", server, false));
        world.reaches(LIMIT, () -> operator.answer(order).isPresent());
      }
      done = world.reaches(LIMIT, () -> takenBack(out));
    }
    if (!done) {
      throw new BrokenPromise(
          "progress", "rebuilt, and not taken back: " + out + ": " + Settled.complaints(world));
    }
  }

  private boolean takenBack(List<ServerId> servers) {
    ClusterRecord record = world.manager().store().state();
    return servers.stream().noneMatch(s -> record.quarantine().containsKey(s)) && Settled.is(world);
  }
}
