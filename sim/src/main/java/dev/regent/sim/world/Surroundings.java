package dev.regent.sim.world;

import dev.regent.core.control.Effect;
import dev.regent.core.control.Event;
import dev.regent.core.control.Input;
import dev.regent.core.control.Picture;
import dev.regent.core.control.Reply;
import dev.regent.core.model.GtidState;
import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Evidence;
import dev.regent.core.plan.Keeping;
import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Promoting;
import dev.regent.sim.kernel.Dice;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.kernel.SimProcess;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.proxied.Ledger;
import dev.regent.sim.runtime.Outside;
import dev.regent.sim.runtime.SimManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Function;

/** What a manager meets: its servers, those who watch it, and the moment of its death. */
public final class Surroundings implements Outside {
  /** From a manager's publication to the clients' obedience. */
  private static final long PROPAGATION = 300 * Kernel.MICROSECOND;

  private static final Function<Promoting.RunHook, HookEnd> WORKING =
      hook -> new HookEnd(20 * Kernel.MILLISECOND, Outcome.ok());

  private final World world;
  private final Dice dice;
  private final List<Watcher> watchers = new ArrayList<>();
  private final SortedMap<Long, Reply> replies = new TreeMap<>();
  private BiPredicate<SimManager, Effect> death = (manager, effect) -> false;
  private Function<Promoting.RunHook, HookEnd> hooks = WORKING;
  private Optional<Picture> picture = Optional.empty();
  private Optional<ServerId> actedOn = Optional.empty();

  /** Somebody who is told what managers do. */
  public interface Watcher {
    default void learned(SimManager manager, Input input) {}

    /** Before each effect is carried out. */
    default void acts(SimManager manager, Effect effect) {}

    default void sent(SimManager manager, Effect.Execute step) {}

    default void ended(SimManager manager, Effect.Execute step, Outcome outcome) {}

    default void published(SimManager manager, RoutingTable table) {}

    default void told(SimManager manager, Event event) {}

    default void showed(SimManager manager, Picture picture) {}

    /** Something that befalls clients of the proxy. */
    default void met(Ledger.Happening happening) {}
  }

  Surroundings(World world, Dice dice) {
    this.world = world;
    this.dice = dice;
    watch(world.promises());
    watch(world.accounts());
    watch(new Witnesses(world));
    watch(new Testimony(world));
    watch(new Heirs());
    watch(new Doors(world));
    watch(new Damping(world));
    watch(new HeldOut(world));
    watch(new SyncSets(world));
    watch(new Looks());
  }

  void met(Ledger.Happening happening) {
    watchers.forEach(w -> w.met(happening));
  }

  public void watch(Watcher watcher) {
    watchers.add(watcher);
  }

  /** Asked before each effect of a manager: whether it is killed there. */
  public void death(BiPredicate<SimManager, Effect> when) {
    death = when;
  }

  /** The server of the step that somebody waited for. */
  public Optional<ServerId> actedOn() {
    return actedOn;
  }

  public void actedOn(ServerId server) {
    actedOn = Optional.of(server);
  }

  public void hooks(Function<Promoting.RunHook, HookEnd> behaviour) {
    hooks = behaviour;
  }

  public void hooksWork() {
    hooks = WORKING;
  }

  /** What the manager showed last. */
  public Optional<Picture> picture() {
    return picture;
  }

  public Optional<Reply> reply(long order) {
    return Optional.ofNullable(replies.get(order));
  }

  @Override
  public SimServer server(ServerId id) {
    return world.server(id);
  }

  @Override
  public boolean diesBefore(SimManager manager, Effect effect) {
    watchers.forEach(w -> w.acts(manager, effect));
    return death.test(manager, effect);
  }

  @Override
  public void learns(SimManager manager, Input input) {
    watchers.forEach(w -> w.learned(manager, input));
  }

  @Override
  public void sends(SimManager manager, Effect.Execute step) {
    watchers.forEach(w -> w.sent(manager, step));
  }

  @Override
  public void ended(SimManager manager, Effect.Execute step, Outcome outcome) {
    watchers.forEach(w -> w.ended(manager, step, outcome));
  }

  @Override
  public void publishes(SimManager manager, RoutingTable table) {
    watchers.forEach(w -> w.published(manager, table));
    world.kernel().after(PROPAGATION, () -> reach(manager, table));
  }

  /** Clients out of the manager's reach keep to what they know. */
  private void reach(SimManager manager, RoutingTable table) {
    if (world.network().passes(manager.process().host(), world.clientHost())) {
      world.routes().take(table);
    }
  }

  @Override
  public void shows(SimManager manager, Picture now) {
    picture = Optional.of(now);
    watchers.forEach(w -> w.showed(manager, now));
  }

  @Override
  public void tells(SimManager manager, Event event) {
    world.trace().tell(manager.name(), event.getClass().hashCode() * 0L, event::sentence);
    watchers.forEach(w -> w.told(manager, event));
  }

  @Override
  public void answers(SimManager manager, long order, Reply reply) {
    if (replies.put(order, reply) != null) {
      throw new BrokenPromise("one answer", "order " + order + " was answered twice");
    }
  }

  @Override
  public HookEnd runHook(Promoting.RunHook hook) {
    return hooks.apply(hook);
  }

  /** Reads them over the network; how long that takes is the manager's chance. */
  @Override
  public Outcome save(Keeping.SaveErrant step) {
    SimServer server = world.server(step.server());
    boolean reachable =
        server.process().life() == SimProcess.Life.RUNNING
            && server.listening()
            && world.network().joined(world.manager().process().host(), server.process().host());
    if (!reachable || dice.chance(0.01)) {
      return new Outcome.Failed("the binary log of " + step.server() + " could not be read");
    }
    long transactions = step.ranges().stream().mapToLong(GtidState.Range::count).sum();
    return new Outcome.Done(new Evidence.Saved("errant-" + step.server(), transactions));
  }
}
