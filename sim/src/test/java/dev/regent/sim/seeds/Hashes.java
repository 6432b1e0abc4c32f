package dev.regent.sim.seeds;

import dev.regent.sim.kernel.Trace;
import dev.regent.sim.swarm.Options;
import dev.regent.sim.swarm.Swarm;
import dev.regent.sim.swarm.Verdict;

/** Prints how some seeds end, one line each; a program of its own. */
final class Hashes {
  private Hashes() {}

  public static void main(String[] seeds) {
    for (String seed : seeds) {
      System.out.println(line(Long.parseLong(seed)));
    }
  }

  static String line(long seed) {
    return seed + " " + verdict(seed);
  }

  static long hash(long seed) {
    return verdict(seed).figures().hash();
  }

  private static Verdict verdict(long seed) {
    Options options = Swarm.options(seed);
    return Swarm.run(options, Swarm.script(options), Trace.silent());
  }
}
