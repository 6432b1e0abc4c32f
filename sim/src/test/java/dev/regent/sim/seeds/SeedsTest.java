package dev.regent.sim.seeds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.sim.cover.Reached;
import dev.regent.sim.kernel.Trace;
import dev.regent.sim.swarm.Options;
import dev.regent.sim.swarm.Script;
import dev.regent.sim.swarm.Swarm;
import dev.regent.sim.swarm.Verdict;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The seeds that have taught something, and those that reach what no other one does. */
@Execution(ExecutionMode.CONCURRENT)
class SeedsTest {
  private static final Reached ALL = new Reached();

  private static List<TaughtSeed> seeds() {
    return TaughtSeed.ALL;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void keepsEveryPromise(TaughtSeed seed) {
    Reached reached = new Reached();
    Options options = Swarm.options(seed.number(), seed.profile());
    Script script = Swarm.script(options);
    Verdict verdict = Swarm.run(options, script, Trace.silent(), reached);
    assertThat(verdict.good()).as("%s: %s", seed.command(), verdict.words()).isTrue();
    synchronized (ALL) {
      reached.addTo(ALL);
    }
  }

  /** What is missing wants one more seed, or a wider swarm; not an exception here. */
  @AfterAll
  static void reachEveryCase() {
    assertThat(ALL.missing()).as("reached by none of the seeds").isEmpty();
  }
}
