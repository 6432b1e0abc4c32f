package dev.regent.sim.swarm;

import dev.regent.core.control.Event;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.runtime.SimManager;
import dev.regent.sim.world.Surroundings;
import dev.regent.sim.world.World;
import java.util.Optional;

/** Role changes that were begun and given up for a reason: they will be begun again. */
final class Refusals implements Surroundings.Watcher {
  /** A remedy that was tried in vain is tried again after a minute at most. */
  private static final long FRESH = 70 * Kernel.SECOND;

  private final World world;
  private Optional<Event.PlanClosed> last = Optional.empty();
  private long at;

  Refusals(World world) {
    this.world = world;
    world.surroundings().watch(this);
  }

  @Override
  public void told(SimManager manager, Event event) {
    if (event instanceof Event.PlanClosed closed) {
      boolean role = closed.kind().equals("failover") || closed.kind().equals("switchover");
      if (role) {
        boolean refused = closed.result().equals("held") || closed.result().equals("suspended");
        last = refused ? Optional.of(closed) : Optional.empty();
        at = world.kernel().now();
      }
    }
  }

  /** The last one, unless the role was moved since. */
  Optional<Event.PlanClosed> last() {
    return last.filter(c -> world.kernel().now() - at < FRESH);
  }
}
