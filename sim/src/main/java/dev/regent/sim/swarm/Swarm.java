package dev.regent.sim.swarm;

import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Outcome;
import dev.regent.sim.kernel.Dice;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.kernel.Trace;
import dev.regent.sim.runtime.Outside.HookEnd;
import dev.regent.sim.world.BrokenPromise;
import dev.regent.sim.world.Surroundings;
import dev.regent.sim.world.World;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One run: draws it, lets it go wrong, heals it, and judges what became of it. */
public final class Swarm {
  private Swarm() {}

  public static Options options(long seed) {
    return new OptionsDraw(seed).draw();
  }

  public static Options options(long seed, Profile profile) {
    return new OptionsDraw(seed).draw(profile);
  }

  /** The same, with clients that come through the manager's proxy. */
  public static Options proxied(Options options) {
    return OptionsDraw.proxied(options);
  }

  /** So that some days have clients of the proxy and some have none. */
  public static Options perhapsProxied(Options options) {
    return OptionsDraw.perhapsProxied(options);
  }

  public static Script script(Options options) {
    return new ScriptDraw(options).draw();
  }

  /** Runs what was drawn. The same arguments give the same verdict, on any machine. */
  public static Verdict run(
      Options options, Script script, Trace trace, Surroundings.Watcher... watchers) {
    World world = new World(options.setup(), trace);
    List.of(watchers).forEach(world.surroundings()::watch);
    try {
      return new Course(world, options).run(script);
    } catch (BrokenPromise e) {
      return verdict(world, Verdict.End.BROKEN, List.of(String.valueOf(e.getMessage())));
    }
  }

  static Verdict verdict(World world, Verdict.End end, List<String> words) {
    Optional<ServerId> primary = world.routes().table().primary();
    int lost = primary.map(p -> world.promises().missing(world.server(p)).cardinality()).orElse(0);
    return new Verdict(
        end,
        words,
        new Verdict.Figures(
            world.kernel().events(),
            world.kernel().now() / Kernel.MILLISECOND,
            world.promises().promotions(),
            world.writes().acknowledged().size(),
            world.writes().failed(),
            world.writes().unknown(),
            lost,
            world.trace().hash()));
  }

  /** The course of one run. */
  private static final class Course {
    private final World world;
    private final Options options;
    private final Operator operator;
    private final Injector injector;
    private final Refusals refusals;

    Course(World world, Options options) {
      this.world = world;
      this.options = options;
      this.operator = new Operator(world);
      this.injector = new Injector(world, operator);
      this.refusals = new Refusals(world);
      world.surroundings().hooks(hook -> hook(world.dice().of("hooks", world.kernel().now())));
    }

    Verdict run(Script script) {
      world.begin();
      injector.play(script);
      world.run(Duration.ofSeconds(options.safetySeconds()));
      injector.stop();
      new Healing(world, options, operator).heal();
      return new Convergence(world, options, refusals, operator).demand();
    }

    private HookEnd hook(Dice dice) {
      long nanos = dice.between(Kernel.MILLISECOND, 300 * Kernel.MILLISECOND);
      if (dice.chance(options.hooksFail())) {
        return new HookEnd(nanos, new Outcome.Failed("hook exit code 1"));
      }
      return dice.chance(options.hooksFail())
          ? new HookEnd(1_000 * Kernel.SECOND, Outcome.ok())
          : new HookEnd(nanos, Outcome.ok());
    }
  }
}
