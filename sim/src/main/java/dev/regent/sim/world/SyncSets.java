package dev.regent.sim.world;

import dev.regent.core.control.Effect;
import dev.regent.core.control.Entry;
import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.ClusterRecord.Reign;
import dev.regent.core.model.Policy;
import dev.regent.core.model.ServerId;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.replication.ReplicaChannel;
import dev.regent.sim.runtime.SimManager;
import dev.regent.sim.storage.RelayLog;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * In profile safe a promotion trusts the sync set (DESIGN 6). So whenever it shrinks, those who are
 * left hold every acknowledged write, unless the primary lives and has it, and whoever is taken out
 * acknowledges no more.
 */
final class SyncSets implements Surroundings.Watcher {
  private final World world;

  SyncSets(World world) {
    this.world = world;
  }

  @Override
  public void acts(SimManager manager, Effect effect) {
    if (world.setup().profile() == Policy.Profile.SAFE
        && world.promises().voided().isEmpty()
        && effect instanceof Effect.Store store) {
      for (Entry entry : store.entries()) {
        if (entry instanceof Entry.SyncSet set) {
          change(manager.store().state(), store, set.members());
        }
      }
    }
  }

  private void change(ClusterRecord before, Effect.Store store, SortedSet<ServerId> members) {
    SortedSet<ServerId> gone = new TreeSet<>(before.syncSet());
    gone.removeAll(members);
    if (gone.isEmpty()) {
      return;
    }
    Optional<ServerId> primary = reigning(before, store);
    covered(members, primary.stream().toList(), gone);
    for (ServerId server : gone) {
      boolean replica = !primary.equals(Optional.of(server));
      if (replica && primary.isPresent() && acknowledges(world.server(server), primary.get())) {
        throw new BrokenPromise(
            "whoever acknowledges is listed", server + " still acknowledges for " + primary);
      }
    }
  }

  /** By these entries, which are not stored yet, or before. */
  private static Optional<ServerId> reigning(ClusterRecord before, Effect.Store store) {
    Optional<ServerId> begun =
        store.entries().stream()
            .filter(e -> e instanceof Entry.ReignBegan)
            .map(e -> ((Entry.ReignBegan) e).reign().primary())
            .findFirst();
    return begun.or(() -> before.reign().map(Reign::primary));
  }

  private void covered(
      SortedSet<ServerId> members, List<ServerId> primary, SortedSet<ServerId> gone) {
    BitSet held = new BitSet();
    members.forEach(m -> held.or(held(world.server(m))));
    primary.stream()
        .map(world::server)
        .filter(p -> p.process().running() && p.listening())
        .forEach(p -> held.or(held(p)));
    BitSet missing = world.promises().acknowledged();
    missing.andNot(held);
    if (!missing.isEmpty()) {
      throw new BrokenPromise(
          "the sync set holds every acknowledged write",
          "without " + gone + " " + members + " lack " + missing);
    }
  }

  private boolean acknowledges(SimServer server, ServerId primary) {
    return server.channels().stream()
        .filter(c ->
            world
                .setup()
                .spec()
                .at(c.source())
                .map(s -> s.id())
                .filter(primary::equals)
                .isPresent())
        .anyMatch(c -> c.receiver().acknowledging());
  }

  /** What it committed, logged, or received. */
  static BitSet held(SimServer server) {
    BitSet held = (BitSet) server.engine().rows().clone();
    for (int i = 0; i < server.log().size(); i++) {
      held.set((int) server.log().get(i).row());
    }
    for (ReplicaChannel channel : server.channels()) {
      for (RelayLog.Event event : channel.relay().unapplied()) {
        held.set((int) event.transaction().row());
      }
    }
    return held;
  }
}
