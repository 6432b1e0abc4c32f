package dev.regent.sim.world;

import dev.regent.core.control.Effect;
import dev.regent.core.control.Entry;
import dev.regent.core.model.ClusterRecord.Reign;
import dev.regent.core.model.ServerId;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.runtime.SimManager;

/** Nobody is held out for errant transactions who has none. */
final class HeldOut implements Surroundings.Watcher {
  private final World world;

  HeldOut(World world) {
    this.world = world;
  }

  @Override
  public void acts(SimManager manager, Effect effect) {
    if (effect instanceof Effect.Store store) {
      for (Entry entry : store.entries()) {
        if (entry instanceof Entry.Isolated isolated && !isolated.quarantine().file().isEmpty()) {
          manager.store().state().reign().map(Reign::primary).ifPresent(p -> judge(isolated, p));
        }
      }
    }
  }

  private void judge(Entry.Isolated isolated, ServerId reigning) {
    SimServer server = world.server(isolated.server());
    SimServer primary = world.server(reigning);
    if (server.log().state().beyond(primary.log().state()).isEmpty()) {
      throw new BrokenPromise(
          "errant is who has something of its own",
          server.id() + " is held out for " + isolated.quarantine().errant());
    }
  }
}
