package dev.regent.sim.mutate;

import dev.regent.sim.kernel.Trace;
import dev.regent.sim.shrink.Shrinker;
import dev.regent.sim.shrink.Shrinker.Case;
import dev.regent.sim.swarm.Options;
import dev.regent.sim.swarm.Swarm;
import java.util.function.LongFunction;

/**
 * Shrinks the run of a seed in the classes of a mutant; tells how many mishaps and servers there
 * were and are: {@code "14 5 1 3 BROKEN ..."}. Loaded by {@link MutantLoader} alone.
 */
public final class ShrinkTrial implements LongFunction<String> {
  @Override
  public String apply(long seed) {
    Options options = Swarm.options(seed);
    Case before = new Case(options, Swarm.script(options));
    return new Shrinker(c -> Swarm.run(c.options(), c.script(), Trace.silent()), 2, smaller -> {})
        .shrink(before)
        .map(r -> words(before) + words(r.smallest()) + r.verdict().end() + r.verdict().words())
        .orElse("");
  }

  private static String words(Case run) {
    return run.script().entries().size()
        + " "
        + run.options().setup().spec().servers().size()
        + " ";
  }
}
