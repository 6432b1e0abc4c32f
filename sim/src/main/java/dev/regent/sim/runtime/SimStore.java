package dev.regent.sim.runtime;

import dev.regent.core.control.Entry;
import dev.regent.core.control.Ledger;
import dev.regent.core.model.ClusterRecord;
import dev.regent.sim.kernel.Dice;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.kernel.SimProcess;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a manager keeps on its disk, one append after the other. An append is durable when its sync
 * is over; a lazy one is written and synced with the next. A killed manager leaves what was
 * written, a power cut what was synced; the append under way is there whole or not at all.
 */
public final class SimStore {
  private final Dice dice;
  private final List<Entry> entries = new ArrayList<>();
  private final Deque<Append> waiting = new ArrayDeque<>();
  private @Nullable Append writing;
  private ClusterRecord state = ClusterRecord.blank();
  private int synced;
  private double slowness = 1;
  private boolean full;
  private boolean failed;

  private record Append(List<Entry> entries, boolean lazy, Runnable then, Runnable otherwise) {}

  public SimStore(Dice dice) {
    this.dice = dice;
  }

  /** The state after all entries that are written. */
  public ClusterRecord state() {
    return state;
  }

  /** All that was ever written and not lost, in order. */
  public List<Entry> entries() {
    return entries;
  }

  /** A disk that takes so many times as long. */
  public void slow(double times) {
    slowness = times;
  }

  /** Appends fail; after one did, none is taken until the manager is started anew: then true. */
  public boolean full(boolean on) {
    full = on;
    return failed;
  }

  /** Appends behind all that were asked for before; then goes on, or otherwise does that. */
  void append(
      SimProcess manager, List<Entry> added, boolean lazy, Runnable then, Runnable otherwise) {
    waiting.add(new Append(added, lazy, then, otherwise));
    next(manager);
  }

  private void next(SimProcess manager) {
    if (writing != null || waiting.isEmpty()) {
      return;
    }
    Append append = waiting.poll();
    writing = append;
    manager.after(duration(append), () -> written(manager, append));
  }

  private long duration(Append append) {
    long nanos =
        append.lazy()
            ? 20 * Kernel.MICROSECOND
            : dice.tailed(150 * Kernel.MICROSECOND, 500 * Kernel.MICROSECOND);
    return (long) (nanos * slowness);
  }

  private void written(SimProcess manager, Append append) {
    writing = null;
    if (full || failed) {
      failed = true;
      append.otherwise().run();
    } else {
      keep(append);
      append.then().run();
    }
    if (manager.running()) {
      next(manager);
    }
  }

  private void keep(Append append) {
    entries.addAll(append.entries());
    state = Ledger.apply(state, append.entries());
    if (!append.lazy()) {
      synced = entries.size();
    }
  }

  /** The manager died, and its host with it or not. */
  public void crash(boolean power) {
    Append last = writing;
    writing = null;
    waiting.clear();
    failed = false;
    if (last != null && !full && dice.chance(0.5)) {
      keep(last);
    }
    if (power && synced < entries.size()) {
      int kept = synced + (int) dice.below(entries.size() - synced + 1L);
      entries.subList(kept, entries.size()).clear();
      state = replayed();
    }
    synced = entries.size();
  }

  /** What all entries add up to, from nothing. */
  public ClusterRecord replayed() {
    return Ledger.apply(ClusterRecord.blank(), entries);
  }
}
