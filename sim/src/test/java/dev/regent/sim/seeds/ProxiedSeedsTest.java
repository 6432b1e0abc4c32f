package dev.regent.sim.seeds;

import static dev.regent.core.model.Policy.Profile.SAFE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.sim.kernel.Trace;
import dev.regent.sim.proxied.Ledger.Happening;
import dev.regent.sim.swarm.Options;
import dev.regent.sim.swarm.Swarm;
import dev.regent.sim.swarm.Verdict;
import dev.regent.sim.world.Surroundings;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Days on which clients come through the proxy: together they meet all that can befall them. */
@Execution(ExecutionMode.CONCURRENT)
class ProxiedSeedsTest {
  private static final Set<Happening> MET = EnumSet.noneOf(Happening.class);

  /** {@code regent sim --proxy yes --policy safe --seed N}. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 7, 11, 26})
  void keepsEveryPromise(long seed) {
    Set<Happening> met = EnumSet.noneOf(Happening.class);
    Verdict verdict = run(seed, met);
    assertThat(verdict.good()).as("seed %d: %s", seed, verdict.words()).isTrue();
    synchronized (MET) {
      MET.addAll(met);
    }
  }

  @Test
  void sameSeedTellsTheSameStory() {
    Set<Happening> met = EnumSet.noneOf(Happening.class);
    assertThat(run(2, met)).isEqualTo(run(2, met));
  }

  /** What is missing wants one more seed; not an exception here. */
  @AfterAll
  static void meetEverything() {
    assertThat(MET).containsExactlyInAnyOrder(Happening.values());
  }

  private static Verdict run(long seed, Set<Happening> met) {
    Options options = Swarm.proxied(Swarm.options(seed, SAFE));
    return Swarm.run(
        options,
        Swarm.script(options),
        Trace.silent(),
        new Surroundings.Watcher() {
          @Override
          public void met(Happening happening) {
            met.add(happening);
          }
        });
  }
}
