package dev.regent.sim.shrink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.model.ClusterSpec.Hooks;
import dev.regent.core.model.Policy;
import dev.regent.sim.shrink.Shrinker.Case;
import dev.regent.sim.shrink.Shrinker.Result;
import dev.regent.sim.swarm.Mishap;
import dev.regent.sim.swarm.Options;
import dev.regent.sim.swarm.Script;
import dev.regent.sim.swarm.Script.Entry;
import dev.regent.sim.swarm.Script.When;
import dev.regent.sim.swarm.Swarm;
import dev.regent.sim.swarm.Target;
import dev.regent.sim.swarm.Verdict;
import dev.regent.sim.swarm.Verdict.End;
import dev.regent.sim.swarm.Verdict.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class ShrinkerTest {
  private static final Mishap FREEZE = new Mishap.Freeze(Target.PRIMARY, 4_000);
  private static final Mishap KILL = new Mishap.KillManager(false, 500);
  private static final Mishap NOISE = new Mishap.SetClock(5);

  /** Twenty mishaps, two of which matter, in a run of which nothing else matters. */
  private static Case large() {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Mishap mishap = i == 7 ? FREEZE : i == 16 ? KILL : NOISE;
      entries.add(new Entry(new When.At(3_000 + i * 500), mishap));
    }
    return new Case(Plainer.lasting(drawn(), 60), new Script(entries));
  }

  private static Options drawn() {
    for (long seed = 1; ; seed++) {
      Options options = Swarm.options(seed);
      boolean hooks = !options.setup().spec().hooks().equals(Hooks.NONE);
      if (hooks && options.setup().spec().servers().size() == 5) {
        return options;
      }
    }
  }

  private static Verdict verdict(boolean broken, String words) {
    return new Verdict(
        broken ? End.BROKEN : End.CONVERGED, List.of(words), new Figures(0, 0, 0, 0, 0, 0, 0, 0));
  }

  private static boolean has(Case run, Mishap mishap) {
    return run.script().entries().stream().anyMatch(e -> e.mishap().equals(mishap));
  }

  private static Result shrunk(Predicate<Case> fails) {
    return new Shrinker(c -> verdict(fails.test(c), "a promise: of " + c.size()), 1, r -> {})
        .shrink(large())
        .orElseThrow();
  }

  @Test
  void leavesTheMishapsThatItTakes() {
    Result result = shrunk(c -> has(c, FREEZE) && has(c, KILL));
    assertThat(result.smallest().script().entries())
        .extracting(Entry::mishap)
        .containsExactly(FREEZE, KILL);
    assertThat(result.verdict().good()).isFalse();
  }

  @Test
  void setsEveryOptionBackThatDoesNotMatter() {
    Options left = shrunk(c -> true).smallest().options();
    assertThat(left.setup().spec().servers()).hasSize(2);
    assertThat(Plainer.than(left)).isEmpty();
    assertThat(left.safetySeconds()).isLessThanOrEqualTo(2);
  }

  @Test
  void keepsTheOptionsThatMatter() {
    Predicate<Case> fails =
        c ->
            c.options().setup().spec().servers().size() >= 3
                && !c.options().setup().spec().hooks().equals(Hooks.NONE);
    Options left = shrunk(fails).smallest().options();
    assertThat(left.setup().spec().servers()).hasSize(3);
    assertThat(left.setup().spec().hooks()).isNotEqualTo(Hooks.NONE);
    assertThat(left.setup().spec().policy()).isEqualTo(Policy.of(left.profile()));
  }

  @Test
  void movesWhatIsLeftToTheBeginning() {
    Result result = shrunk(c -> has(c, KILL));
    assertThat(result.smallest().script().entries())
        .containsExactly(new Entry(new When.At(0), KILL));
    assertThat(result.smallest().options().safetySeconds()).isLessThanOrEqualTo(2);
  }

  /** Another promise that a smaller run breaks is another story. */
  @Test
  void staysWithThePromiseThatWasBroken() {
    Shrinker shrinker =
        new Shrinker(
            c -> verdict(true, c.script().entries().size() > 10 ? "first: x" : "second: y"),
            1,
            r -> {});
    Result result = shrinker.shrink(large()).orElseThrow();
    assertThat(result.smallest().script().entries()).hasSize(11);
    assertThat(Shrinker.promise(result.verdict())).isEqualTo("BROKEN first");
  }

  @Test
  void triesOtherChances() {
    Case large = large();
    long seed = large.options().setup().seed();
    Predicate<Case> fails =
        c -> c.script().entries().size() == 20 || c.options().setup().seed() > seed;
    Shrinker shrinker = new Shrinker(c -> verdict(fails.test(c), "a: b"), 2, r -> {});
    assertThat(shrinker.shrink(large).orElseThrow().smallest().script().entries()).isEmpty();
  }

  @Test
  void findsNothingInAGoodRun() {
    assertThat(new Shrinker(c -> verdict(false, ""), 3, r -> {}).shrink(large())).isEmpty();
  }
}
