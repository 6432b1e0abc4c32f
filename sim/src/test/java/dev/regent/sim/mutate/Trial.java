package dev.regent.sim.mutate;

import dev.regent.core.model.Policy.Profile;
import dev.regent.sim.kernel.Trace;
import dev.regent.sim.swarm.Options;
import dev.regent.sim.swarm.Swarm;
import dev.regent.sim.swarm.Verdict;
import java.util.function.LongFunction;

/**
 * One run of the simulator in the classes of a mutant: tells the promise that was broken, or
 * nothing. Loaded by {@link MutantLoader} alone.
 */
public class Trial implements LongFunction<String> {
  @Override
  public String apply(long seed) {
    Options options = options(seed);
    Verdict verdict = Swarm.run(options, Swarm.script(options), Trace.silent());
    return verdict.good() ? "" : String.join("; ", verdict.words());
  }

  Options options(long seed) {
    return Swarm.options(seed);
  }

  /** With clients of the proxy, in profile safe. */
  public static final class Proxied extends Trial {
    @Override
    Options options(long seed) {
      return Swarm.proxied(Swarm.options(seed, Profile.SAFE));
    }
  }

  /** In profile safe, where the most is promised: {@code regent sim --policy safe}. */
  public static final class Safe extends Trial {
    @Override
    Options options(long seed) {
      return Swarm.options(seed, Profile.SAFE);
    }
  }
}
