package dev.regent.sim.runtime;

import dev.regent.core.control.Command;
import dev.regent.core.control.Controller;
import dev.regent.core.control.Effect;
import dev.regent.core.control.Input;
import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Observation;
import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Freezing;
import dev.regent.core.plan.Keeping;
import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Promoting;
import dev.regent.core.plan.Receiving;
import dev.regent.core.plan.Step;
import dev.regent.sim.kernel.Dice;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.kernel.SimProcess;
import dev.regent.sim.steps.Mandate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One manager: a process that owns a controller and carries out its effects.
 *
 * <p>It keeps the order that production's stage keeps: appends one after the other; a step only
 * once the intent behind it is durable; the routing table at once, by the loop itself. It can be
 * killed before any effect, be stopped in its tracks, and be started again on what its disk holds.
 */
public final class SimManager {
  private static final long TICK = 100 * Kernel.MILLISECOND;

  private final String name;
  private final ClusterSpec spec;
  private final Kernel kernel;
  private final SimProcess process;
  private final Clocks clocks;
  private final SimStore store;
  private final Dice dice;
  private final Outside outside;
  private final boolean writeProbe;
  private final Map<ServerId, Watch> watches = new TreeMap<>();
  private final Map<ServerId, Station> stations = new TreeMap<>();
  private @Nullable Controller controller;
  private Mandate mandate = new Mandate("nobody", 0, 0);
  private int lives;

  public SimManager(
      String name,
      ClusterSpec spec,
      Kernel kernel,
      SimProcess process,
      Clocks clocks,
      SimStore store,
      Dice dice,
      Outside outside,
      boolean writeProbe) {
    this.name = name;
    this.spec = spec;
    this.kernel = kernel;
    this.process = process;
    this.clocks = clocks;
    this.store = store;
    this.dice = dice;
    this.outside = outside;
    this.writeProbe = writeProbe;
  }

  public String name() {
    return name;
  }

  public SimProcess process() {
    return process;
  }

  public Clocks clocks() {
    return clocks;
  }

  public SimStore store() {
    return store;
  }

  public boolean alive() {
    return controller != null;
  }

  /** How often it was started. */
  public int lives() {
    return lives;
  }

  /** Whether a later manager keeps it out of some server. */
  public boolean keptOut() {
    return stations.values().stream().anyMatch(Station::keptOut);
  }

  // --- life and death

  public void start() {
    if (alive()) {
      return;
    }
    lives++;
    process.start();
    ClusterRecord record = store.state();
    mandate = new Mandate(name + " life " + lives, record.incarnation() + 1, record.epoch());
    kernel.trace().tell(name, lives, () -> "starts, incarnation " + (record.incarnation() + 1));
    Controller fresh = new Controller(spec, record, clocks.now());
    controller = fresh;
    for (ClusterSpec.Server server : spec.servers()) {
      watch(server.id());
    }
    perform(fresh.start());
    process.after(TICK, this::tick);
    long stagger = 0;
    for (Watch watch : watches.values()) {
      watch.start(stagger);
      stagger += dice.below(3 * Kernel.MILLISECOND);
    }
  }

  private void watch(ServerId id) {
    Station station = new Station(outside.server(id), process, kernel, mandate, spec.name());
    stations.put(id, station);
    Sentinel sentinel =
        new Sentinel(
            outside.server(id), process, () -> post(new Input.ConnectionLost(id, clocks.now())));
    watches.put(
        id,
        new Watch(
            outside.server(id),
            process,
            kernel,
            clocks,
            spec.policy().detection(),
            sentinel,
            writeProbe ? new WriteProbe(outside.server(id), process) : null,
            o -> observed(id, o)));
  }

  private void observed(ServerId id, Observation observation) {
    Station station = stations.get(id);
    if (station != null) {
      station.observed(observation);
    }
    post(new Input.Observed(id, observation));
  }

  /** Dies at once; what was sent is on its way. */
  public void kill(boolean power) {
    if (!alive()) {
      return;
    }
    kernel.trace().tell(name, lives, () -> power ? "loses its power" : "is killed");
    controller = null;
    watches.clear();
    stations.clear();
    if (power) {
      process.vanish();
    } else {
      process.kill();
    }
    store.crash(power);
  }

  // --- learning

  private void tick() {
    post(new Input.Tick(clocks.now()));
    process.after(clocks.real(TICK), this::tick);
  }

  public void order(long id, Command command) {
    process.run(() -> post(new Input.Ordered(id, command, clocks.now())));
  }

  private void post(Input input) {
    Controller present = controller;
    if (present != null) {
      outside.learns(this, input);
      perform(present.step(input));
    }
  }

  // --- acting

  private void perform(List<Effect> effects) {
    for (Effect effect : effects) {
      if (!alive()) {
        return;
      }
      if (outside.diesBefore(this, effect)) {
        kill(false);
        return;
      }
      perform(effect);
    }
  }

  private void perform(Effect effect) {
    switch (effect) {
      case Effect.Store e ->
          store.append(
              process,
              e.entries(),
              e.lazy(),
              () -> perform(e.then()),
              () -> post(new Input.StoreFailed("no space left on device", clocks.now())));
      case Effect.Execute e -> execute(e);
      case Effect.ProbeNow e -> {
        Watch watch = watches.get(e.server());
        if (watch != null) {
          watch.probeNow();
        }
      }
      case Effect.Publish e -> publish(e.table());
      case Effect.Show e -> outside.shows(this, e.picture());
      case Effect.Tell e -> outside.tells(this, e.event());
      case Effect.Answer e -> outside.answers(this, e.id(), e.reply());
    }
  }

  private void publish(RoutingTable table) {
    outside.publishes(this, table);
    mandate.raise(table.epoch());
    watches.forEach((id, watch) -> watch.primary(table.primary().filter(id::equals).isPresent()));
  }

  private void execute(Effect.Execute e) {
    outside.sends(this, e);
    Consumer<Outcome> done =
        outcome -> {
          outside.ended(this, e, outcome);
          post(new Input.StepEnded(e.plan(), e.number(), outcome, clocks.now()));
        };
    // Never in the same moment: an outcome is an input like any other.
    Consumer<Outcome> later = outcome -> process.after(0, () -> done.accept(outcome));
    switch (e.step()) {
      case Promoting.RunHook s -> hook(s, later);
      case Keeping.SaveErrant s -> {
        Outcome outcome = outside.save(s);
        process.after(
            dice.between(Kernel.MILLISECOND, 50 * Kernel.MILLISECOND), () -> done.accept(outcome));
      }
      // These look only, but in their turn.
      case Freezing.CheckFrozen s -> station(s).queue(s, later);
      case Receiving.Drain s -> station(s).queue(s, later);
      case Step s when s.mutates() -> station(s).queue(s, later);
      case Step s -> station(s).look(s, later);
    }
  }

  private Station station(Step step) {
    Station station = stations.get(step.server());
    if (station == null) {
      throw new IllegalStateException("no station for " + step.server());
    }
    return station;
  }

  private void hook(Promoting.RunHook step, Consumer<Outcome> done) {
    Outside.HookEnd end = outside.runHook(step);
    long limit = step.deadline().toNanos();
    if (end.nanos() > limit) {
      process.after(limit, () -> done.accept(new Outcome.Unknown("hook killed at its deadline")));
    } else {
      process.after(end.nanos(), () -> done.accept(end.outcome()));
    }
  }
}
