package dev.regent.bench.measure;

import java.util.List;
import java.util.Locale;

/** How a claim ended. */
public enum Verdict {
  HELD(0),
  /** A bound is missed. */
  MISSED(1),
  /** A bound is missed, and the machine was too busy to blame the program for it. */
  INCONCLUSIVE(5);

  private final int exit;

  Verdict(int exit) {
    this.exit = exit;
  }

  /** The exit code of a benchmark that ends like this. */
  public int exit() {
    return exit;
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** One missed bound is enough; a doubt counts only where nothing is missed. */
  public static Verdict worst(List<Verdict> verdicts) {
    if (verdicts.contains(MISSED)) {
      return MISSED;
    }
    return verdicts.contains(INCONCLUSIVE) ? INCONCLUSIVE : HELD;
  }
}
