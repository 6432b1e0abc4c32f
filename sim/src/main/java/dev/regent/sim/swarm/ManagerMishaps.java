package dev.regent.sim.swarm;

import dev.regent.core.control.Effect;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.runtime.SimManager;
import dev.regent.sim.world.World;

/** What befalls the manager. */
final class ManagerMishaps {
  private final World world;
  private final Injector injector;
  private int effectsLeft;
  private long back;

  ManagerMishaps(World world, Injector injector) {
    this.world = world;
    this.injector = injector;
    world.surroundings().death(this::diesBefore);
  }

  void stop() {
    effectsLeft = 0;
  }

  void happen(Mishap.OfManager mishap) {
    SimManager manager = world.manager();
    world.disturbances().befall(manager.process().host());
    switch (mishap) {
      case Mishap.KillManager m -> {
        if (m.power()) {
          manager.process().host().power(false);
        }
        manager.kill(m.power());
        comeBack(m.back());
      }
      case Mishap.KillManagerAtEffect m -> {
        effectsLeft = m.number();
        back = m.back();
      }
      case Mishap.FreezeManager m -> {
        manager.process().freeze();
        injector.later(
            m.lasts(),
            () -> {
              world.disturbances().befall(manager.process().host());
              manager.process().thaw();
            });
      }
      case Mishap.SetClock m -> manager.clocks().set(m.byMillis() * Kernel.MILLISECOND);
      case Mishap.DriftClock m -> manager.clocks().drift(m.monotonic(), m.wall());
      case Mishap.SlowStore m -> {
        manager.store().slow(m.times());
        injector.later(m.lasts(), () -> manager.store().slow(1));
      }
      case Mishap.FullStore m -> {
        manager.store().full(true);
        injector.later(m.lasts(), this::spaceAgain);
      }
    }
  }

  private void spaceAgain() {
    world.manager().store().full(false);
    world.manager().kill(false);
    start();
  }

  private void comeBack(long millis) {
    injector.later(millis, this::start);
  }

  private void start() {
    world.disturbances().befall(world.manager().process().host());
    world.network().power(world.manager().process().host());
    world.manager().start();
  }

  /** Only what is seen from outside counts: the rest would be the same death. */
  private boolean diesBefore(SimManager manager, Effect effect) {
    boolean counts =
        switch (effect) {
          case Effect.Store e -> !e.lazy();
          case Effect.Execute e -> true;
          case Effect.Publish e -> true;
          case Effect.Answer e -> true;
          case Effect.ProbeNow e -> false;
          case Effect.Show e -> false;
          case Effect.Tell e -> false;
        };
    if (!counts || effectsLeft == 0) {
      return false;
    }
    effectsLeft--;
    if (effectsLeft == 0) {
      world.disturbances().befall(manager.process().host());
      comeBack(back);
      return true;
    }
    return false;
  }
}
