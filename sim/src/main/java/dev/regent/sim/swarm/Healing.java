package dev.regent.sim.swarm;

import dev.regent.core.control.Command;
import dev.regent.core.model.ServerId;
import dev.regent.sim.kernel.Host;
import dev.regent.sim.kernel.SimProcess;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.world.World;
import java.time.Duration;
import java.util.List;

/** Ends everything that goes wrong, for those who survive; the others are gone for good. */
final class Healing {
  private final World world;
  private final Options options;
  private final Operator operator;

  Healing(World world, Options options, Operator operator) {
    this.world = world;
    this.options = options;
    this.operator = operator;
  }

  void heal() {
    world.trace().tell("world", 0, () -> "is healed: " + options.survivors());
    world.network().healAll();
    List<ServerId> all = List.copyOf(world.servers().keySet());
    for (int i = 0; i < all.size(); i++) {
      SimServer server = world.server(all.get(i));
      world.disturbances().befall(server.process().host());
      if (options.survivors().contains(i)) {
        revive(server);
      } else {
        world.fate(server.id()).kill(0);
      }
    }
    world.surroundings().hooksWork();
    manager();
    world.run(Duration.ofSeconds(1));
    operator.order(new Command.ResumeCluster("ann"));
    for (ServerId id : all) {
      operator.order(new Command.EndMaintenance("ann", id));
    }
  }

  private void revive(SimServer server) {
    power(server.process().host());
    server.process().thaw();
    server.troubles().clear();
    server.diskFull(false);
    server.applyNanos(world.setup().applyNanos());
    if (server.process().life() == SimProcess.Life.GONE) {
      server.file(world.setup().file());
      world.fate(server.id()).start();
      if (world.fate(server.id()).receivedLost() > 0) {
        world.promises().voided("a power cut took what " + server.id() + " had acknowledged");
      }
    }
  }

  private void power(Host host) {
    if (!host.up()) {
      world.network().power(host);
    }
  }

  private void manager() {
    world.disturbances().befall(world.manager().process().host());
    power(world.manager().process().host());
    world.manager().process().thaw();
    world.manager().clocks().drift(1, 1);
    world.manager().store().slow(1);
    if (world.manager().store().full(false)) {
      world.manager().kill(false);
    }
    world.manager().start();
  }
}
