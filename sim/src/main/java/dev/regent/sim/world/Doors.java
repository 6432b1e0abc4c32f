package dev.regent.sim.world;

import dev.regent.core.control.Effect;
import dev.regent.core.model.RoutingTable;
import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Promoting;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.runtime.SimManager;
import java.util.SortedSet;
import java.util.TreeSet;

/** Clients are sent to a new primary only once it was opened; what happens to it then is fate. */
final class Doors implements Surroundings.Watcher {
  private final World world;

  /** Epochs whose primary was opened. */
  private final SortedSet<Long> opened = new TreeSet<>();

  Doors(World world) {
    this.world = world;
  }

  @Override
  public void ended(SimManager manager, Effect.Execute execute, Outcome outcome) {
    if (execute.step() instanceof Promoting.OpenForWrites open && outcome.done()) {
      opened.add(open.epoch());
    }
  }

  @Override
  public void published(SimManager manager, RoutingTable table) {
    boolean sends = table.primary().isPresent() && !table.writesHeld();
    if (sends && !opened.contains(table.epoch())) {
      SimServer primary = world.server(table.primary().orElseThrow());
      if (primary.writable()) {
        // The first one was open before any manager was there.
        opened.add(table.epoch());
      } else if (primary.process().running() && primary.listening() && primary.readOnly()) {
        throw new BrokenPromise(
            "open, then publish",
            "clients of epoch "
                + table.epoch()
                + " are sent to "
                + primary.id()
                + ", which was not opened yet");
      }
    }
  }
}
