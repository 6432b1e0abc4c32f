package dev.regent.sim.world;

import dev.regent.core.control.Event;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.ServerId;
import dev.regent.sim.kernel.Host;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.replication.ReplicaChannel;
import dev.regent.sim.runtime.SimManager;

/**
 * No automatic failover while a witness hears the primary. What the manager could know is older
 * than what is true, so only worlds count that have been quiet for longer than any of its limits.
 */
final class Witnesses implements Surroundings.Watcher {
  /** Longer than a silence, a probe and a test of the primary together. */
  private static final long QUIET = 10 * Kernel.SECOND;

  /** Two heartbeats, and some. */
  private static final long HEARD = 1_500 * Kernel.MILLISECOND;

  private final World world;

  Witnesses(World world) {
    this.world = world;
  }

  @Override
  public void told(SimManager manager, Event event) {
    if (event instanceof Event.PlanOpened opened
        && opened.automatic()
        && opened.purpose().startsWith("fail over from ")) {
      manager
          .store()
          .state()
          .reign()
          .ifPresent(reign -> judge(manager, world.server(reign.primary()), opened.purpose()));
    }
  }

  private void judge(SimManager manager, SimServer primary, String purpose) {
    boolean lives =
        primary.process().running() && primary.listening() && quiet(primary) && quiet(manager);
    if (!lives) {
      return;
    }
    for (SimServer replica : world.servers().values()) {
      if (!replica.id().equals(primary.id()) && testifies(manager, replica, primary)) {
        throw new BrokenPromise(
            "no failover while a witness hears the primary",
            replica.id() + " hears " + primary.id() + "; " + purpose);
      }
    }
  }

  private boolean quiet(SimServer server) {
    return world.disturbances().quietFor(server.process().host(), QUIET);
  }

  private boolean quiet(SimManager manager) {
    return world.disturbances().quietFor(manager.process().host(), QUIET);
  }

  private boolean testifies(SimManager manager, SimServer replica, SimServer primary) {
    Host host = replica.process().host();
    boolean seen =
        replica.process().running()
            && replica.listening()
            && quiet(replica)
            && world.network().joined(host, manager.process().host());
    return seen && replica.channels().stream().anyMatch(c -> follows(c, primary.id()) && hears(c));
  }

  private boolean follows(ReplicaChannel channel, ServerId primary) {
    return world
        .setup()
        .spec()
        .at(channel.source())
        .filter(s -> s.id().equals(primary))
        .isPresent();
  }

  private boolean hears(ReplicaChannel channel) {
    return channel.receiver().state() == ThreadState.YES
        && world.kernel().now() - channel.receiver().lastHeard() < HEARD;
  }
}
