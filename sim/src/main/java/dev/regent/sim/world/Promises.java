package dev.regent.sim.world;

import dev.regent.core.control.Effect;
import dev.regent.core.model.Policy;
import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.load.DirectClient;
import dev.regent.sim.load.Writes;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.runtime.SimManager;
import java.util.BitSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What must hold at any time (DESIGN 13). A broken one ends the run.
 *
 * <ul>
 *   <li>no step is sent without its intent on the disk;
 *   <li>a manager's routing epochs never go back, and clients are never sent to a closed server;
 *   <li>one server acknowledges the writes of one epoch, and no older epoch's after a newer one's;
 *   <li>in profile safe whoever is opened has every acknowledged write, unless force was ordered.
 * </ul>
 */
public final class Promises implements Surroundings.Watcher {
  /** From an opened route to the next look at the server behind it, and some. */
  private static final long DOOR = 3 * Kernel.SECOND;

  private final World world;
  private final BitSet acknowledged = new BitSet();
  private final SortedMap<String, RoutingTable> published = new TreeMap<>();
  private final SortedMap<Long, ServerId> writers = new TreeMap<>();
  private long promotions;
  private Optional<String> voided = Optional.empty();

  Promises(World world) {
    this.world = world;
  }

  /** Somebody gave up the guarantee, or made it void: acknowledged writes may be lost now. */
  public void voided(String why) {
    if (voided.isEmpty()) {
      voided = Optional.of(why);
      world.trace().tell("world", why.length(), () -> "no guarantee any more: " + why);
    }
  }

  public Optional<String> voided() {
    return voided;
  }

  /** How often another server became primary. */
  public long promotions() {
    return promotions;
  }

  void afterEvent() {}

  // --- clients

  void told(Writes.Write write) {
    if (write.answer() != Writes.Answer.OK) {
      return;
    }
    if (!inVain(write)) {
      acknowledged.set((int) write.row());
    }
    if (write.epoch() != DirectClient.NO_EPOCH) {
      oneWriter(write);
    }
  }

  /**
   * An orderly shutdown of 10.5 tells OK to whoever waits for an acknowledgement, a deposed
   * primary's clients as well (seed 1132): no manager can be there first. What another server had
   * received by then is promised all the same.
   */
  private boolean inVain(Writes.Write write) {
    int row = (int) write.row();
    return world.server(write.server()).confirmedInVain().get(row)
        && world.servers().values().stream()
            .filter(s -> !s.id().equals(write.server()))
            .noneMatch(s -> SyncSets.held(s).get(row));
  }

  private void oneWriter(Writes.Write write) {
    ServerId writer = writers.putIfAbsent(write.epoch(), write.server());
    if (writer == null) {
      hasAll(world.server(write.server()));
    }
    if (writer != null && !writer.equals(write.server())) {
      throw new BrokenPromise(
          "one writer",
          writer + " and " + write.server() + " acknowledge writes of epoch " + write.epoch());
    }
    if (writers.lastKey() > write.epoch()) {
      throw new BrokenPromise(
          "one writer",
          write.server()
              + " acknowledges a write of epoch "
              + write.epoch()
              + " after the first of epoch "
              + writers.lastKey());
    }
  }

  /** Whether a row was acknowledged, and is promised to be there for that. */
  boolean kept(long row) {
    return safe() && voided.isEmpty() && acknowledged.get((int) row);
  }

  /** All acknowledged rows; a copy. */
  BitSet acknowledged() {
    return (BitSet) acknowledged.clone();
  }

  /** Acknowledged rows that this server does not have. */
  public BitSet missing(SimServer server) {
    BitSet missing = (BitSet) acknowledged.clone();
    missing.andNot(server.engine().rows());
    return missing;
  }

  // --- the manager

  @Override
  public void sent(SimManager manager, Effect.Execute step) {
    if (!step.step().mutates()) {
      return;
    }
    boolean intended =
        manager
            .store()
            .state()
            .plan()
            .filter(p -> p.id() == step.plan())
            .filter(p -> p.intents().contains(step.step().sentence()))
            .isPresent();
    if (!intended) {
      throw new BrokenPromise("intent first", "not on the disk: " + step.step().sentence());
    }
  }

  @Override
  public void published(SimManager manager, RoutingTable table) {
    RoutingTable before = published.put(manager.name(), table);
    if (before != null && before.epoch() > table.epoch()) {
      throw new BrokenPromise("epochs grow", "from " + before.epoch() + " to " + table.epoch());
    }
    boolean open = table.primary().isPresent() && !table.writesHeld();
    boolean wasOpen =
        before != null && before.primary().equals(table.primary()) && !before.writesHeld();
    if (open && !wasOpen) {
      opened(table);
    }
  }

  private void opened(RoutingTable table) {
    SimServer primary = world.server(table.primary().orElseThrow());
    // What happens to a server this moment nobody can know yet.
    world.kernel().after(DOOR, () -> door(table, primary));
    ServerId last = writers.isEmpty() ? primary.id() : writers.get(writers.lastKey());
    if (!primary.id().equals(last)) {
      promotions++;
    }
    if (primary.writable()) {
      hasAll(primary);
    }
  }

  /** In profile safe nobody takes writes who lacks an acknowledged one. */
  public void hasAll(SimServer primary) {
    BitSet missing = missing(primary);
    if (safe() && voided.isEmpty() && !missing.isEmpty()) {
      throw new BrokenPromise(
          "no acknowledged write lost",
          missing.cardinality()
              + " of "
              + acknowledged.cardinality()
              + " are not on "
              + primary.id()
              + ", the first is row "
              + missing.nextSetBit(0));
    }
  }

  private void door(RoutingTable table, SimServer primary) {
    boolean closed = primary.process().running() && primary.listening() && primary.readOnly();
    boolean seen =
        world.manager().alive()
            && world.disturbances().quietFor(world.manager().process().host(), DOOR)
            && world.disturbances().quietFor(primary.process().host(), DOOR)
            && world.network().joined(world.manager().process().host(), primary.process().host());
    if (closed && seen && table.equals(published.get(world.manager().name()))) {
      throw new BrokenPromise("no closed door", "clients are sent to closed " + primary.id());
    }
  }

  private boolean safe() {
    return world.setup().profile() == Policy.Profile.SAFE;
  }
}
