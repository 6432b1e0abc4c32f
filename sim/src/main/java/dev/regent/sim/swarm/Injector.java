package dev.regent.sim.swarm;

import dev.regent.core.control.Effect;
import dev.regent.core.model.ClusterRecord.OpenPlan;
import dev.regent.core.plan.Run;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.runtime.SimManager;
import dev.regent.sim.world.Surroundings;
import dev.regent.sim.world.World;
import java.util.ArrayList;
import java.util.List;

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

  private static final class Waiting {
    private final Script.When.AtStep when;
    private final Mishap mishap;
    private final long since;

    Waiting(Script.When.AtStep when, Mishap mishap, long since) {
      this.when = when;
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
      switch (entry.when()) {
        case Script.When.At at ->
            world.kernel().after(at.millis() * Kernel.MILLISECOND, () -> happen(entry.mishap()));
        case Script.When.AtStep at ->
            waiting.add(
                new Waiting(
                    at, entry.mishap(), world.kernel().now() + at.millis() * Kernel.MILLISECOND));
      }
    }
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
  public void sent(SimManager from, Effect.Execute step) {
    if (waiting.isEmpty() || !movesRole(from, step.plan())) {
      return;
    }
    if (step.plan() != rolePlan) {
      rolePlan = step.plan();
      steps = 0;
    }
    steps++;
    for (Waiting w : List.copyOf(waiting)) {
      if (w.since <= world.kernel().now() && w.when.step() == steps && waiting.remove(w)) {
        // Not inside the manager's own doing.
        world.kernel().after(0, () -> happen(w.mishap));
      }
    }
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
