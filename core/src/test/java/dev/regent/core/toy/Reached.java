package dev.regent.core.toy;

import dev.regent.core.control.Picture;
import dev.regent.core.plan.Decision;
import dev.regent.core.plan.Step;
import java.util.SortedSet;
import java.util.TreeSet;

/** Which cases the stories of this run have reached, by simple name. */
public final class Reached {
  private static final SortedSet<String> DIAGNOSES = new TreeSet<>();
  private static final SortedSet<String> REASONS = new TreeSet<>();
  private static final SortedSet<String> STEPS = new TreeSet<>();

  private Reached() {}

  static void picture(Picture picture) {
    picture.diagnoses().forEach(d -> DIAGNOSES.add(d.name()));
    picture.decisions().stream()
        .filter(Decision.Hold.class::isInstance)
        .map(Decision.Hold.class::cast)
        .forEach(h -> REASONS.add(h.reason().name()));
  }

  static void step(Step step) {
    STEPS.add(step.getClass().getSimpleName());
  }

  /** A decision that was answered to an operator. */
  static void answered(String line) {
    if (line.startsWith("reason: ")) {
      REASONS.add(line.substring("reason: ".length()));
    }
  }

  public static SortedSet<String> diagnoses() {
    return DIAGNOSES;
  }

  public static SortedSet<String> reasons() {
    return REASONS;
  }

  public static SortedSet<String> steps() {
    return STEPS;
  }
}
