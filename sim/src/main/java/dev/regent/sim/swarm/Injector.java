package dev.regent.sim.swarm;

import dev.regent.core.control.Effect;
import dev.regent.core.model.ClusterRecord.OpenPlan;
import dev.regent.core.plan.Run;
import dev.regent.core.plan.Step;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.runtime.SimManager;
import dev.regent.sim.swarm.Script.When;
import dev.regent.sim.world.Surroundings;
import dev.regent.sim.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/** Lets the entries of a script happen, and ends what lasts; until it is told to stop. */
final class Injector implements Surroundings.Watcher {
  private final World world;
  private final ServerMishaps servers;
  private final NetworkMishaps network;
  private final ManagerMishaps manager;
  private final Operator operator;

  /** Those that wait for a step of a role change. */
  private final List<Waiting> waiting = new ArrayList<>();

  private long rolePlan;
  private int steps;
  private boolean stopped;

  /** {@code micros}: so long after the step is sent. */
  private static final class Waiting {
    private final BiPredicate<Step, Integer> which;
    private final long micros;
    private final Mishap mishap;
    private final long since;

    Waiting(BiPredicate<Step, Integer> which, long micros, Mishap mishap, long since) {
      this.which = which;
      this.micros = micros;
      this.mishap = mishap;
      this.since = since;
    }
  }

  Injector(World world, Operator operator) {
    this.world = world;
    this.servers = new ServerMishaps(world, this);
    this.network = new NetworkMishaps(world, this);
    this.manager = new ManagerMishaps(world, this);
    this.operator = operator;
    world.surroundings().watch(this);
  }

  void play(Script script) {
    for (Script.Entry entry : script.entries()) {
      Mishap mishap = entry.mishap();
      switch (entry.when()) {
        case When.At at ->
            world.kernel().after(at.millis() * Kernel.MILLISECOND, () -> happen(mishap));
        case When.AtStep at -> await((step, number) -> number == at.step(), at.millis(), 0, mishap);
        case When.AtSending at ->
            await(
                (step, number) -> step.getClass().getSimpleName().equals(at.step()),
                at.millis(),
                at.micros(),
                mishap);
      }
    }
  }

  private void await(BiPredicate<Step, Integer> which, long millis, long micros, Mishap mishap) {
    long since = world.kernel().now() + millis * Kernel.MILLISECOND;
    waiting.add(new Waiting(which, micros, mishap, since));
  }

  /** Nothing goes wrong any more; what lasts is for whoever heals to end. */
  void stop() {
    stopped = true;
    waiting.clear();
    manager.stop();
  }

  void later(long millis, Runnable act) {
    world
        .kernel()
        .after(
            millis * Kernel.MILLISECOND,
            () -> {
              if (!stopped) {
                act.run();
              }
            });
  }

  private void happen(Mishap mishap) {
    if (stopped) {
      return;
    }
    world.trace().tell("mishap", mishap.getClass().getSimpleName().hashCode(), mishap::toString);
    switch (mishap) {
      case Mishap.OfServer m -> servers.happen(m);
      case Mishap.OfNetwork m -> network.happen(m);
      case Mishap.OfManager m -> manager.happen(m);
      case Mishap.OfOperator m -> operator.happen(m, this);
    }
  }

  /** A step is on its way; some mishap may have waited for it. */
  @Override
  public void sent(SimManager from, Effect.Execute execute) {
    if (waiting.isEmpty()) {
      return;
    }
    int number = movesRole(from, execute.plan()) ? numbered(execute.plan()) : 0;
    for (Waiting w : List.copyOf(waiting)) {
      boolean due = w.since <= world.kernel().now() && w.which.test(execute.step(), number);
      if (due && waiting.remove(w)) {
        // Not inside the manager's own doing.
        world
            .kernel()
            .after(
                w.micros * Kernel.MICROSECOND,
                () -> {
                  world.surroundings().actedOn(execute.step().server());
                  happen(w.mishap);
                });
      }
    }
  }

  private int numbered(long plan) {
    if (plan != rolePlan) {
      rolePlan = plan;
      steps = 0;
    }
    steps++;
    return steps;
  }

  private static boolean movesRole(SimManager manager, long plan) {
    return manager
        .store()
        .state()
        .plan()
        .filter(p -> p.id() == plan)
        .map(OpenPlan::kind)
        .filter(k -> Run.Kind.valueOf(k).movesRole())
        .isPresent();
  }
}
