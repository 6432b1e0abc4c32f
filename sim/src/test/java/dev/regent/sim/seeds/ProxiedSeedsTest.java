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
  @ValueSource(longs = {1, 2, 7, 11, 12, 26, 117})
  void keepsEveryPromise(long seed) {
    Set<Happening> met = EnumSet.noneOf(Happening.class);
    Verdict verdict = run(Swarm.options(seed, SAFE), met);
    assertThat(verdict.good()).as("seed %d: %s", seed, verdict.words()).isTrue();
    synchronized (MET) {
      MET.addAll(met);
    }
  }

  @Test
  void sameSeedTellsTheSameStory() {
    Set<Happening> met = EnumSet.noneOf(Happening.class);
    Options day = Swarm.options(2, SAFE);
    assertThat(run(day, met)).isEqualTo(run(day, met));
  }

  /**
   * {@code regent sim --proxy yes --seed 2}: a server was held out, its twin became primary and
   * wrote more than that, and so seemed to have all that it was held out for.
   */
  @Test
  void staysHeldOutWhateverItsTwinSeemsToHave() {
    Verdict verdict = run(Swarm.options(2), EnumSet.noneOf(Happening.class));
    assertThat(verdict.good()).as("%s", verdict.words()).isTrue();
  }

  /** What is missing wants one more seed; not an exception here. */
  @AfterAll
  static void meetEverything() {
    assertThat(MET).containsExactlyInAnyOrder(Happening.values());
  }

  private static Verdict run(Options day, Set<Happening> met) {
    Options options = Swarm.proxied(day);
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
