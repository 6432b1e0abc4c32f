package dev.regent.sim.swarm;

import dev.regent.core.control.Command;
import dev.regent.core.control.Effect;
import dev.regent.core.model.ClusterRecord.Reign;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Policy;
import dev.regent.core.model.ServerId;
import dev.regent.sim.kernel.Trace;
import dev.regent.sim.runtime.SimManager;
import dev.regent.sim.world.Settled;
import dev.regent.sim.world.Setup;
import dev.regent.sim.world.Specs;
import dev.regent.sim.world.Surroundings;
import dev.regent.sim.world.World;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Role changes of simulated clusters under clients of the proxy, one ordered and one after a kill
 * by turns. Not to find anything out: a daemon plays them so that all it does in a role change was
 * done in its process before.
 */
public final class Rehearsal {
  private static final int CLIENTS = 6;

  /** What a world remembers grows. */
  private static final int PER_WORLD = 8;

  private static final Duration HOLD = Duration.ofSeconds(30);
  private static final Duration CHANGE_LIMIT = Duration.ofSeconds(20);
  private static final Duration WHOLE_LIMIT = Duration.ofSeconds(60);
  private static final Duration BETWEEN = Duration.ofMillis(200);

  private final World world;
  private int changes;

  private Rehearsal(long seed, Consumer<Effect> effects) {
    ClusterSpec spec = Rounds.tireless(Specs.of(Policy.Profile.SAFE, 3));
    Setup setup = Setup.of(seed, spec).with(new Setup.Proxied(CLIENTS, 0, HOLD));
    world = new World(setup, Trace.silent());
    world
        .surroundings()
        .watch(
            new Surroundings.Watcher() {
              @Override
              public void acts(SimManager manager, Effect effect) {
                effects.accept(effect);
              }
            });
    world.begin();
  }

  /**
   * Plays so many changes on this thread.
   *
   * @param enough asked before each change: whether it was enough already
   * @param effects is handed each effect of the controllers, before it is carried out there
   * @return how many it were
   */
  public static int play(int changes, BooleanSupplier enough, Consumer<Effect> effects) {
    int played = 0;
    for (long seed = 1; played < changes; seed++) {
      Rehearsal rehearsal = new Rehearsal(seed, effects);
      boolean more = true;
      while (more && played < changes) {
        if (enough.getAsBoolean()) {
          return played;
        }
        more = rehearsal.change();
        played++;
      }
    }
    return played;
  }

  /** False if the world is of no more use: somebody is held out for good, or it is full. */
  private boolean change() {
    ServerId old = world.manager().store().state().reign().map(Reign::primary).orElseThrow();
    boolean ordered = changes % 2 == 0;
    if (ordered) {
      Command order = new Command.SwitchOver("rehearsal", Optional.empty(), false, false);
      world.manager().order(changes, order);
    } else {
      world.fate(old).kill(0);
    }
    changes++;
    boolean moved =
        world.reaches(
            CHANGE_LIMIT, () -> world.routes().target().filter(s -> !s.equals(old)).isPresent());
    if (!ordered) {
      world.fate(old).start();
    }
    boolean whole = moved && world.run(BETWEEN).reaches(WHOLE_LIMIT, () -> whole(old));
    boolean heldOut = !world.manager().store().state().quarantine().isEmpty();
    return whole && !heldOut && changes < PER_WORLD;
  }

  private boolean whole(ServerId old) {
    return world.server(old).listening() && Settled.is(world);
  }
}
