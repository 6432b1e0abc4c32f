package dev.regent.sim.seeds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.sim.cover.Reached;
import dev.regent.sim.kernel.Trace;
import dev.regent.sim.swarm.Options;
import dev.regent.sim.swarm.Script;
import dev.regent.sim.swarm.Swarm;
import dev.regent.sim.swarm.Verdict;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The seeds that every build runs: no promise is broken, and together they reach every case. */
@Execution(ExecutionMode.CONCURRENT)
class SeedsTest {
  private static final long SEEDS = 300;
  private static final long SLICE = 20;

  private static final Reached ALL = new Reached();

  private static LongStream slices() {
    return LongStream.iterate(1, first -> first <= SEEDS, first -> first + SLICE);
  }

  @ParameterizedTest
  @MethodSource("slices")
  void keepEveryPromise(long first) {
    for (long seed = first; seed < first + SLICE; seed++) {
      Reached reached = new Reached();
      Options options = Swarm.options(seed);
      Script script = Swarm.script(options);
      Verdict verdict = Swarm.run(options, script, Trace.silent(), reached);
      assertThat(verdict.good())
          .as("regent sim --seed %d --shrink: %s", seed, verdict.words())
          .isTrue();
      synchronized (ALL) {
        reached.addTo(ALL);
      }
    }
  }

  /** What is missing wants a wider swarm, not an exception here. */
  @AfterAll
  static void reachEveryCase() {
    assertThat(ALL.missing()).as("reached by none of the seeds 1..%d", SEEDS).isEmpty();
  }
}
