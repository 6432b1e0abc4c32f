package dev.regent.sim.mutate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each bug alone, with the seed that caught it last and then 1, 2, 3, ... until the simulator
 * reports a broken promise, in a run in which the real code breaks none. A bug that survives its
 * bound means that the simulator is too kind.
 */
@Execution(ExecutionMode.CONCURRENT)
class MutationTest {
  private static final LongFunction<String> REAL = MutantLoader.trial(Mutation.none(Trial.class));

  private static final LongFunction<String> REAL_SAFE =
      MutantLoader.trial(Mutation.none(Trial.Safe.class));

  private static final LongFunction<String> REAL_PROXIED =
      MutantLoader.trial(Mutation.none(Trial.Proxied.class));

  private static List<Mutation> mutations() {
    return Mutations.all();
  }

  @ParameterizedTest
  @MethodSource("mutations")
  void isCaught(Mutation mutation) {
    LongFunction<String> trial = MutantLoader.trial(mutation);
    long seed =
        mutation
            .seeds()
            .filter(s -> !trial.apply(s).isEmpty())
            .findFirst()
            .orElseThrow(() ->
                new AssertionError("caught by none of 1.." + mutation.bound() + ": " + mutation));
    assertThat(real(mutation).apply(seed)).as("seed %d without the bug", seed).isEmpty();
    System.out.printf(
        Locale.ROOT, "caught: %-72s seed %3d, bound %d%n", mutation, seed, mutation.bound());
  }

  private static LongFunction<String> real(Mutation mutation) {
    if (mutation.trial().equals(Trial.Proxied.class)) {
      return REAL_PROXIED;
    }
    return mutation.trial().equals(Trial.Safe.class) ? REAL_SAFE : REAL;
  }

  /** The whole way of a failing seed: it is found, and made so small that it can be understood. */
  @Test
  void isShrunkToTheOneMishapThatItTakes() {
    Mutation early = named("publishes before it opens");
    LongFunction<String> shrink = MutantLoader.trial(early, ShrinkTrial.class);
    String[] words =
        LongStream.rangeClosed(1, early.bound())
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
