package dev.regent.sim.world;

import dev.regent.core.analyze.Loss;
import dev.regent.core.control.Effect;
import dev.regent.core.control.Event;
import dev.regent.core.model.Policy;
import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Note;
import dev.regent.sim.kernel.SimProcess;
import dev.regent.sim.load.Writes;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.runtime.SimManager;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
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
 *   <li>in profile safe whoever is opened has every acknowledged write, unless force was ordered;
 *   <li>a stated loss is true.
 * </ul>
 */
public final class Promises implements Surroundings.Watcher {
  private final World world;
  private final BitSet acknowledged = new BitSet();
  private final SortedMap<String, RoutingTable> published = new TreeMap<>();
  private final SortedMap<Long, ServerId> writers = new TreeMap<>();
  private final List<Loss> losses = new ArrayList<>();
  private long promotions;
  private boolean forced;

  Promises(World world) {
    this.world = world;
  }

  /** An operator gave up the guarantee. */
  public void forced() {
    forced = true;
  }

  /** How often another server became primary. */
  public long promotions() {
    return promotions;
  }

  public List<Loss> losses() {
    return losses;
  }

  void afterEvent() {}

  // --- clients

  void told(Writes.Write write) {
    if (write.answer() != Writes.Answer.OK) {
      return;
    }
    acknowledged.set((int) write.row());
    ServerId writer = writers.putIfAbsent(write.epoch(), write.server());
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
    boolean gone = primary.process().life() != SimProcess.Life.RUNNING || !primary.listening();
    if (!gone && primary.readOnly()) {
      throw new BrokenPromise("no closed door", "clients are sent to closed " + primary.id());
    }
    ServerId last = writers.isEmpty() ? primary.id() : writers.get(writers.lastKey());
    if (!primary.id().equals(last)) {
      promotions++;
    }
    BitSet missing = missing(primary);
    if (safe() && !forced && !missing.isEmpty()) {
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

  private boolean safe() {
    return world.setup().profile() == Policy.Profile.SAFE;
  }

  // --- the account

  @Override
  public void told(SimManager manager, Event event) {
    if (event instanceof Event.Noted n && n.note() instanceof Note.LossStated stated) {
      losses.add(stated.loss());
      judge(stated.loss());
    }
  }

  private void judge(Loss loss) {
    Optional<ServerId> primary =
        Optional.ofNullable(published.get(world.manager().name())).flatMap(RoutingTable::primary);
    if (loss.proven() == Loss.Proof.NONE_LOST && primary.isPresent() && !forced) {
      BitSet missing = missing(world.server(primary.get()));
      if (!missing.isEmpty()) {
        throw new BrokenPromise(
            "honest account", missing.cardinality() + " are lost, none was told");
      }
    }
  }
}
