package dev.regent.sim.mutate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.List;
import java.util.Locale;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each bug alone, with the seeds 1, 2, 3, ... until the simulator reports a broken promise. A bug
 * that survives its bound means that the simulator is too kind.
 */
@Execution(ExecutionMode.CONCURRENT)
class MutationTest {
  private static List<Mutation> mutations() {
    return Mutations.all();
  }

  @ParameterizedTest
  @MethodSource("mutations")
  void isCaught(Mutation mutation) {
    LongFunction<String> trial = MutantLoader.trial(mutation);
    for (long seed = 1; seed <= mutation.seeds(); seed++) {
      String broken = trial.apply(seed);
      if (!broken.isEmpty()) {
        System.out.println(words(mutation, seed, broken));
        return;
      }
    }
    fail("\"%s\" is caught by none of %d seeds", mutation, mutation.seeds());
  }

  private static String words(Mutation mutation, long seed, String broken) {
    return String.format(
        Locale.ROOT,
        "caught: %-72s seed %3d of %3d: %s",
        mutation,
        seed,
        mutation.seeds(),
        broken.substring(0, Math.min(160, broken.length())));
  }

  /** Loaded in the same way, with the same seeds: nothing is found in the real code. */
  @ParameterizedTest
  @ValueSource(classes = {Trial.class, Trial.Safe.class})
  void isNotFoundWhereThereIsNone(Class<? extends LongFunction<String>> what) {
    LongFunction<String> trial = MutantLoader.trial(Mutation.of("nothing", 0), what);
    long most =
        Mutations.all().stream()
            .filter(m -> m.trial().equals(what))
            .mapToLong(Mutation::seeds)
            .max()
            .orElseThrow();
    for (long seed = 1; seed <= most; seed++) {
      assertThat(trial.apply(seed)).as("seed %d", seed).isEmpty();
    }
  }

  /** The whole way of a failing seed: it is found, and made so small that it can be understood. */
  @Test
  void isShrunkToTheOneMishapThatItTakes() {
    Mutation early = named("publishes before it opens");
    LongFunction<String> shrink = MutantLoader.trial(early, ShrinkTrial.class);
    String[] words =
        LongStream.rangeClosed(1, early.seeds())
            .mapToObj(shrink)
            .map(w -> w.split(" ", 5))
            .filter(w -> w.length == 5 && Integer.parseInt(w[0]) >= 4)
            .findFirst()
            .orElseThrow();
    assertThat(words[2]).as("mishaps, of %s", words[0]).isEqualTo("1");
    assertThat(Integer.parseInt(words[3])).as("servers, of %s", words[1]).isLessThanOrEqualTo(3);
    assertThat(words[4]).contains("open, then publish");
  }

  private static Mutation named(String name) {
    return Mutations.all().stream().filter(m -> m.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void coversWhatIsPromised() {
    assertThat(Mutations.all()).hasSizeGreaterThanOrEqualTo(20);
    assertThat(Mutations.all()).extracting(Mutation::name).doesNotHaveDuplicates();
  }
}
