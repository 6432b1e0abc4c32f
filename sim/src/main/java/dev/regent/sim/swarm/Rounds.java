package dev.regent.sim.swarm;

import dev.regent.core.model.ClusterRecord.Reign;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Policy;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerId;
import dev.regent.sim.kernel.Trace;
import dev.regent.sim.world.Settled;
import dev.regent.sim.world.Setup;
import dev.regent.sim.world.Specs;
import dev.regent.sim.world.World;
import java.time.Duration;

/**
 * The plainest bad day, over and over: the primary is killed under load, replaced, and comes back
 * as a replica. What a failover costs the simulator is measured on it.
 */
public final class Rounds {
  private static final Duration FAILOVER_LIMIT = Duration.ofSeconds(10);
  private static final Duration REJOIN_LIMIT = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(50);

  private final World world;
  private int done;

  public Rounds(long seed, Profile profile) {
    ClusterSpec spec = Specs.of(profile, 3);
    this.world = new World(Setup.of(seed, tireless(spec)), Trace.silent()).begin();
  }

  static ClusterSpec tireless(ClusterSpec spec) {
    Policy p = spec.policy();
    return new ClusterSpec(
        spec.name(),
        spec.servers(),
        new Policy(
            p.profile(),
            p.detection(),
            p.failover(),
            new Policy.Flapping(Integer.MAX_VALUE, Duration.ofHours(1), Duration.ZERO),
            p.replication(),
            p.switchover(),
            p.automaticRejoin()),
        spec.hooks());
  }

  public World world() {
    return world;
  }

  public int done() {
    return done;
  }

  /** One failover, to the end of the repairs behind it. */
  public void next() {
    ServerId old = world.manager().store().state().reign().map(Reign::primary).orElseThrow();
    world.fate(old).kill(0);
    world.until(
        "another primary",
        FAILOVER_LIMIT,
        () -> world.routes().target().filter(s -> !s.equals(old)).isPresent());
    world.fate(old).start();
    long end = world.kernel().now() + REJOIN_LIMIT.toNanos();
    do {
      world.run(LOOK);
    } while (!whole(old) && world.kernel().now() < end);
    world.until("a whole cluster", LOOK, () -> whole(old));
    done++;
  }

  /** Errant, it is held out, and nothing more is to be done. */
  private boolean whole(ServerId old) {
    return world.server(old).listening() && Settled.is(world);
  }
}
