package dev.regent.sim.commit;

import dev.regent.sim.kernel.Alarm;
import dev.regent.sim.kernel.SimProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What holds up what (physics 3.1): {@code FLUSH TABLES WITH READ LOCK} and {@code SET GLOBAL
 * read_only=1} wait for running writes, table locks and commits, those that hang for an
 * acknowledgement too; and whoever wants to write meanwhile waits for them.
 */
public final class Locks {
  /** What is told instead of an error's number. */
  public static final int GRANTED = 0;

  public static final int TIMED_OUT = 1205;
  public static final int INTERRUPTED = 1317;
  public static final int TOO_LONG = 1969;

  private final SimProcess process;
  private final BooleanSupplier commitsIdle;
  private final List<Waiter> tables = new ArrayList<>();
  private final List<Wanting> wanting = new ArrayList<>();
  private final List<Parked> parked = new ArrayList<>();
  private final List<Named> queue = new ArrayList<>();
  private final SortedMap<String, Waiter> named = new TreeMap<>();
  private @Nullable Waiter all;
  private int writes;

  public Locks(SimProcess process, BooleanSupplier commitsIdle) {
    this.process = process;
    this.commitsIdle = commitsIdle;
  }

  /** Wants silence: to hold it, or for the moment in which the server is closed. */
  private static final class Wanting {
    private final Waiter waiter;
    private final boolean holds;
    private final Runnable granted;
    private final IntConsumer reply;
    private Alarm limit = Alarm.past();

    Wanting(Waiter waiter, boolean holds, Runnable granted, IntConsumer reply) {
      this.waiter = waiter;
      this.holds = holds;
      this.granted = granted;
      this.reply = reply;
    }
  }

  private record Parked(@Nullable Waiter waiter, Runnable retry) {}

  /** Wants a named lock. */
  private record Named(String name, Waiter waiter, Runnable granted) {}

  // --- silence

  /** FTWRL; code 1969 when the limit is over. */
  public void takeAll(Waiter waiter, long limit, IntConsumer reply) {
    want(new Wanting(waiter, true, () -> all = waiter, reply), limit, TOO_LONG);
  }

  /** For {@code SET GLOBAL read_only=1}; {@code closed} is called in the moment of silence. */
  public void silence(Waiter waiter, Runnable closed, IntConsumer reply) {
    want(new Wanting(waiter, false, closed, reply), waiter.lockWait(), TIMED_OUT);
  }

  private void want(Wanting want, long limit, int code) {
    if (silentFor(want.waiter)) {
      want.granted.run();
      want.reply.accept(GRANTED);
      return;
    }
    wanting.add(want);
    want.waiter.waits("Waiting for backup lock", connection -> giveUp(want, INTERRUPTED));
    want.limit = process.after(limit, () -> giveUp(want, code));
  }

  private void giveUp(Wanting want, int code) {
    if (wanting.remove(want)) {
      want.limit.cancel();
      want.reply.accept(code);
      look();
    }
  }

  private boolean silentFor(Waiter waiter) {
    boolean mine = Objects.equals(all, waiter);
    boolean tablesFree = tables.stream().allMatch(s -> s.equals(waiter));
    return mine || (all == null && writes == 0 && tablesFree && commitsIdle.getAsBoolean());
  }

  /** Something ended: who waits for silence may have it, and then who waits for them. */
  public void look() {
    for (Wanting want : List.copyOf(wanting)) {
      if (silentFor(want.waiter) && wanting.remove(want)) {
        want.limit.cancel();
        want.granted.run();
        want.reply.accept(GRANTED);
      }
    }
    if (all == null && wanting.isEmpty()) {
      List<Parked> free = List.copyOf(parked);
      parked.clear();
      free.forEach(p -> p.retry().run());
    }
  }

  // --- writing

  /** Whether a write of this waiter has to wait now; null is replication. */
  public boolean holdsUp(@Nullable Waiter waiter) {
    return (all != null && !all.equals(waiter))
        || tables.stream().anyMatch(t -> !t.equals(waiter))
        || wanting.stream().anyMatch(w -> !w.waiter.equals(waiter));
  }

  /** Tries again when nobody is in the way any more. */
  public void park(@Nullable Waiter waiter, Runnable retry, Runnable interrupted) {
    Parked mine = new Parked(waiter, retry);
    parked.add(mine);
    if (waiter != null) {
      waiter.waits(
          "Waiting for backup lock",
          connection -> {
            if (parked.remove(mine)) {
              interrupted.run();
            }
          });
    }
  }

  /** Whether only statements that run, and end soon, hold up who wants to close the server. */
  public boolean closingSoon() {
    return all == null
        && wanting.stream().anyMatch(w -> !w.holds)
        && writes > 0
        && tables.isEmpty()
        && commitsIdle.getAsBoolean();
  }

  public void writeBegins() {
    writes++;
  }

  public void writeEnds() {
    writes--;
  }

  // --- tables, names

  public void lockTables(Waiter waiter) {
    tables.add(waiter);
  }

  public void unlock(Waiter waiter) {
    tables.removeIf(s -> s.equals(waiter));
    if (Objects.equals(all, waiter)) {
      all = null;
    }
    look();
  }

  /** Tells whether it is this waiter's now, or was in time. */
  public void takeNamed(String name, Waiter waiter, long limit, Consumer<Boolean> reply) {
    if (named.putIfAbsent(name, waiter) == null || waiter.equals(named.get(name))) {
      reply.accept(true);
    } else if (limit == 0) {
      reply.accept(false);
    } else {
      Named mine = new Named(name, waiter, () -> reply.accept(true));
      queue.add(mine);
      Runnable giveUp =
          () -> {
            if (queue.remove(mine)) {
              reply.accept(false);
            }
          };
      waiter.waits("User lock", connection -> giveUp.run());
      process.after(limit, giveUp);
    }
  }

  private void releaseNamed(Waiter waiter) {
    queue.removeIf(n -> n.waiter().equals(waiter));
    named.values().removeIf(s -> s.equals(waiter));
    for (Named next : List.copyOf(queue)) {
      if (named.putIfAbsent(next.name(), next.waiter()) == null) {
        queue.remove(next);
        next.granted().run();
      }
    }
  }

  public @Nullable Waiter holder(String name) {
    return named.get(name);
  }

  /** The waiter is over. */
  public void forget(Waiter waiter) {
    releaseNamed(waiter);
    for (Wanting want : List.copyOf(wanting)) {
      if (want.waiter.equals(waiter) && wanting.remove(want)) {
        want.limit.cancel();
      }
    }
    parked.removeIf(p -> waiter.equals(p.waiter()));
    unlock(waiter);
  }

  public void died() {
    tables.clear();
    wanting.forEach(w -> w.limit.cancel());
    wanting.clear();
    parked.clear();
    named.clear();
    queue.clear();
    all = null;
    writes = 0;
  }
}
