package dev.regent.sim.world;

import dev.regent.core.analyze.Loss;
import dev.regent.core.control.Event;
import dev.regent.core.model.ClusterRecord.OpenPlan;
import dev.regent.core.model.ClusterRecord.Reign;
import dev.regent.core.model.Policy;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Note;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.runtime.SimManager;
import dev.regent.sim.storage.Transaction;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Whether what is told of losses is true: never more lost than told, and what is told as exact is.
 */
public final class Accounts implements Surroundings.Watcher {
  private final World world;

  /** What each plan is about, by its number. */
  private final SortedMap<Long, String> purposes = new TreeMap<>();

  /** Old primaries of failovers whose loss is not known exactly yet. */
  private final SortedMap<ServerId, Loss> open = new TreeMap<>();

  private final List<Loss> stated = new ArrayList<>();

  /** What was told as exact of the last loss with each server: it may be told again. */
  private final SortedMap<ServerId, Long> exact = new TreeMap<>();

  private long told;
  private boolean unknowable;

  Accounts(World world) {
    this.world = world;
  }

  /** All that was told, in order. */
  public List<Loss> stated() {
    return stated;
  }

  @Override
  public void told(SimManager manager, Event event) {
    if (event instanceof Event.PlanOpened opened) {
      purposes.put(opened.plan(), opened.purpose());
    }
    if (event instanceof Event.Noted n && n.note() instanceof Note.LossStated note) {
      stated.add(note.loss());
      Optional<ServerId> old = old(manager, n.plan());
      old.ifPresent(o -> judge(manager, o, note.loss()));
    }
  }

  /** The server that had the role before, or returned: whose transactions are counted. */
  private Optional<ServerId> old(SimManager manager, long plan) {
    Optional<ServerId> from =
        manager.store().state().plan().filter(p -> p.id() == plan).flatMap(OpenPlan::from);
    return from.or(() -> named(purposes.getOrDefault(plan, "")));
  }

  private Optional<ServerId> named(String purpose) {
    Optional<ServerId> first = Optional.empty();
    int at = Integer.MAX_VALUE;
    for (ServerId id : world.servers().keySet()) {
      int found = purpose.indexOf(id.name());
      if (found >= 0 && found < at) {
        at = found;
        first = Optional.of(id);
      }
    }
    return first;
  }

  private void judge(SimManager manager, ServerId old, Loss loss) {
    Optional<SimServer> primary =
        manager.store().state().reign().map(Reign::primary).map(world::server);
    if (primary.isEmpty()) {
      return;
    }
    long only = onlyOn(world.server(old), primary.get());
    switch (loss.proven()) {
      case NONE_LOST -> {
        exact.remove(old);
        noneLost(world.server(old), primary.get());
      }
      case LOWER_BOUND -> {
        open.put(old, loss);
        exact.remove(old);
        if (loss.atLeast() > anywhereElse(primary.get())) {
          throw new BrokenPromise(
              "honest account",
              loss.atLeast()
                  + " at least are told to be lost with "
                  + old
                  + ", "
                  + anywhereElse(primary.get())
                  + " are");
        }
      }
      // What its own recovery cut off, nobody else can tell; nor whose transaction it is that two
      // servers have written under one name.
      case SAME_SERVER -> unknowable = true;
      case SHARED_ID -> {
        unknowable = true;
        if (loss.atLeast() > only || !hasTwin(old)) {
          throw new BrokenPromise(
              "honest account",
              loss.atLeast() + " are told to be on " + old + ", as if it had a twin: " + only);
        }
      }
      case OUT_OF_TURN -> {
        unknowable = true;
        if (loss.atLeast() > only) {
          throw new BrokenPromise(
              "honest account",
              loss.atLeast() + " at least are told to be only on " + old + ", " + only + " are");
        }
      }
      case EXACT -> {
        open.remove(old);
        long before = exact.getOrDefault(old, 0L);
        told += Math.max(0, loss.atLeast() - before);
        exact.put(old, Math.max(before, loss.atLeast()));
        if (loss.atLeast() != only) {
          throw new BrokenPromise(
              "honest account",
              "exactly "
                  + loss.atLeast()
                  + " are told to be only on "
                  + old
                  + ", "
                  + only
                  + " are: "
                  + world.server(old).log().state().beyond(primary.get().log().state()));
        }
      }
    }
  }

  /** What an earlier loss took was told then: it is not on the old primary either. */
  private void noneLost(SimServer old, SimServer primary) {
    BitSet missing = world.promises().missing(primary);
    if (world.setup().profile() != Policy.Profile.SAFE) {
      missing.and(old.engine().rows());
    }
    if (!missing.isEmpty() && world.promises().voided().isEmpty()) {
      throw new BrokenPromise(
          "honest account", missing.cardinality() + " are lost, and none was told");
    }
  }

  private boolean hasTwin(ServerId server) {
    long id = world.server(server).serverId();
    return world.servers().values().stream().filter(s -> s.serverId() == id).count() > 1;
  }

  /** Transactions in the one's log and not in the other's. */
  private static long onlyOn(SimServer one, SimServer other) {
    long count = 0;
    for (int i = 0; i < one.log().size(); i++) {
      Transaction transaction = one.log().get(i);
      if (!other.log().contains(transaction.gtid())) {
        count++;
      }
    }
    return count;
  }

  /** Whoever has them or had them: errant transactions of others are not kept either. */
  private long anywhereElse(SimServer primary) {
    long count = 0;
    for (SimServer server : world.servers().values()) {
      count += onlyOn(server, primary) + server.cutOff().size();
    }
    return count;
  }

  /** All came back that could: what is lost now must have been told. */
  public void settle() {
    Optional<SimServer> primary =
        world.manager().store().state().reign().map(Reign::primary).map(world::server);
    boolean cut = world.servers().values().stream().anyMatch(s -> !s.cutOff().isEmpty());
    if (primary.filter(SimServer::writable).isEmpty() || !open.isEmpty() || unknowable || cut) {
      return;
    }
    int lost = world.promises().missing(primary.get()).cardinality();
    if (lost > told) {
      throw new BrokenPromise("honest account", lost + " are lost, " + told + " were told");
    }
  }
}
