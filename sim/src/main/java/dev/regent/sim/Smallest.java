package dev.regent.sim;

import dev.regent.sim.kernel.Trace;
import dev.regent.sim.shrink.Shrinker;
import dev.regent.sim.shrink.Shrinker.Case;
import dev.regent.sim.shrink.Shrinker.Result;
import java.io.PrintStream;
import java.util.Optional;

/** Shrinks a failing run in front of somebody who waits for it. */
final class Smallest {
  /** With one seed of the world's chance a race is often not met again; more cost time. */
  private static final int CHANCES = 3;

  private final PrintStream out;
  private final PrintStream progress;

  Smallest(PrintStream out, PrintStream progress) {
    this.out = out;
    this.progress = progress;
  }

  /** Prints the smallest run that fails in the same way; what happens in it too, if wanted. */
  void find(Case failing, boolean trace) {
    Shrinker shrinker =
        new Shrinker(
            c -> Batch.judged(c.options(), c.script(), Trace.silent()), CHANCES, this::tell);
    Optional<Result> smallest = shrinker.shrink(failing);
    smallest.ifPresent(s -> print(s, trace));
  }

  private void tell(Result smaller) {
    progress.println(
        "after "
            + smaller.runs()
            + " runs: "
            + smaller.smallest().script().entries().size()
            + " mishaps, "
            + smaller.smallest().options().words());
  }

  private void print(Result result, boolean trace) {
    Case smallest = result.smallest();
    out.println(
        "smallest of " + result.runs() + " runs, with seed " + smallest.options().setup().seed());
    out.println("  " + smallest.options().words());
    smallest.script().entries().forEach(e -> out.println("  " + e));
    if (trace) {
      Batch.judged(smallest.options(), smallest.script(), Trace.to(out::println));
    }
    out.println("  " + result.verdict().end() + ": " + String.join("; ", result.verdict().words()));
  }
}
