package dev.regent.sim.seeds;

import static dev.regent.core.model.Policy.Profile.ASYNC;
import static dev.regent.core.model.Policy.Profile.AVAILABLE;
import static dev.regent.core.model.Policy.Profile.SAFE;

import dev.regent.core.model.Policy.Profile;
import java.util.List;
import java.util.Locale;

/**
 * A seed that is worth the time in every build.
 *
 * @param taught what was learned from it, or what only it reaches
 */
record TaughtSeed(long number, Profile profile, String taught) {
  static final List<TaughtSeed> ALL =
      List.of(
          new TaughtSeed(2, ASYNC, "a twin of the primary's server id lacks what carries it"),
          new TaughtSeed(
              121,
              AVAILABLE,
              "a former primary wrote on after it was compared, until it was closed"),
          new TaughtSeed(
              142, AVAILABLE, "a manager just started believed the first witness, unasked others"),
          new TaughtSeed(1, SAFE, "an ordinary bad day"));

  /** How to see it. */
  String command() {
    return "regent sim --seed "
        + number
        + " --policy "
        + profile.name().toLowerCase(Locale.ROOT)
        + " --shrink";
  }

  @Override
  public String toString() {
    return number + " " + profile + ": " + taught;
  }
}
