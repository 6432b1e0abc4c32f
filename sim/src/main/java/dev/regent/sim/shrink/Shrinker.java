package dev.regent.sim.shrink;

import dev.regent.sim.swarm.Options;
import dev.regent.sim.swarm.Script;
import dev.regent.sim.swarm.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Looks for the smallest run that still breaks the same promise: without what can be left out, then
 * plainer, then shorter, and again from the beginning until nothing more can be taken away.
 *
 * <p>What is left out shifts everything else by a little, and a race may not be met any more. So
 * each idea is tried with a few seeds of the world's chance: any that fails in the same way will
 * do.
 */
public final class Shrinker {
  /** More has not been seen to help; each takes part of a second. */
  private static final int RUNS_MAX = 1500;

  private final Runner runner;
  private final int chances;
  private final Consumer<Result> progress;
  private int runs;

  /** A run: what was drawn, and what goes wrong. */
  public record Case(Options options, Script script) {
    /** How much there is to it: mishaps, servers, drawn options, seconds. */
    long size() {
      return 1_000L * script.entries().size()
          + 500L * options.setup().spec().servers().size()
          + Plainer.drawn(options) * 10L
          + options.safetySeconds();
    }
  }

  /** Runs a case; the same case always ends the same way. */
  public interface Runner {
    Verdict run(Case what);
  }

  /** The smallest failing case so far. */
  public record Result(Case smallest, Verdict verdict, int runs) {}

  /**
   * @param chances with how many seeds of the world each idea is tried
   * @param progress is told of each step that was found
   */
  public Shrinker(Runner runner, int chances, Consumer<Result> progress) {
    this.runner = runner;
    this.chances = chances;
    this.progress = progress;
  }

  /** Empty if the case does not fail. */
  public Optional<Result> shrink(Case failing) {
    Verdict verdict = run(failing);
    if (verdict.good()) {
      return Optional.empty();
    }
    Result smallest = new Result(failing, verdict, runs);
    while (true) {
      Optional<Result> smaller = smaller(smallest);
      if (smaller.isEmpty()) {
        return Optional.of(new Result(smallest.smallest(), smallest.verdict(), runs));
      }
      smallest = smaller.get();
      progress.accept(smallest);
    }
  }

  private Verdict run(Case what) {
    runs++;
    return runner.run(what);
  }

  private Optional<Result> smaller(Result than) {
    for (Case idea : Ideas.of(than.smallest())) {
      Optional<Result> found = failing(idea, than);
      if (found.isPresent() || runs >= RUNS_MAX) {
        return found;
      }
    }
    return Optional.empty();
  }

  private Optional<Result> failing(Case idea, Result than) {
    for (int chance = 0; chance < chances && runs < RUNS_MAX; chance++) {
      Case tried = new Case(Plainer.seeded(idea.options(), chance), idea.script());
      Verdict verdict = run(tried);
      if (promise(verdict).equals(promise(than.verdict()))) {
        return Optional.of(new Result(tried, verdict, runs));
      }
    }
    return Optional.empty();
  }

  /** What is broken, without the particulars; nothing for a good run. */
  static String promise(Verdict verdict) {
    if (verdict.good()) {
      return "";
    }
    List<String> words = verdict.words();
    String first = words.isEmpty() ? "" : words.getFirst().lines().findFirst().orElse("");
    int colon = first.indexOf(':');
    return verdict.end() + " " + (colon < 0 ? first : first.substring(0, colon));
  }
}
