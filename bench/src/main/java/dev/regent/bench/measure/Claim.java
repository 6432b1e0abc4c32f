package dev.regent.bench.measure;

import dev.regent.lab.measure.Figures;
import java.util.Locale;

/** One thing that must hold, with its figure, and whether it did. */
public record Claim(String sentence, Verdict verdict) {

  public static Claim of(String sentence, boolean holds) {
    return new Claim(sentence, holds ? Verdict.HELD : Verdict.MISSED);
  }

  public static Claim atMost(String what, double value, double bound, String unit) {
    boolean holds = value <= bound;
    return of(words(what, value, holds ? "<=" : "not <=", bound, unit), holds);
  }

  public static Claim atLeast(String what, double value, double bound, String unit) {
    boolean holds = value >= bound;
    return of(words(what, value, holds ? ">=" : "not >=", bound, unit), holds);
  }

  /** Like {@link #atMost}, but a busy machine leaves it open. */
  public static Claim atMostUnlessBusy(
      String what, double value, double bound, String unit, Calibration calibration) {
    Claim claim = atMost(what, value, bound, unit);
    return claim.verdict() == Verdict.MISSED && calibration.busy()
        ? new Claim(claim.sentence(), Verdict.INCONCLUSIVE)
        : claim;
  }

  private static String words(
      String what, double value, String relation, double bound, String unit) {
    return String.format(
        Locale.ROOT,
        "%s: %s %s %s %s",
        what,
        Figures.number(value),
        relation,
        Figures.number(bound),
        unit);
  }
}
