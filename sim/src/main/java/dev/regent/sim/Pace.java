package dev.regent.sim;

import dev.regent.core.model.Policy.Profile;
import dev.regent.sim.swarm.Rounds;
import java.util.List;
import java.util.Locale;

/** How many failovers this machine simulates, on one core. */
final class Pace {
  /** Then a new world: what is remembered grows. */
  private static final int ROUNDS_PER_WORLD = 20;

  private static final List<Profile> PROFILES = List.of(Profile.values());

  private Pace() {}

  static String measure(double minutes) {
    long begun = Cpu.nanos();
    long end = System.nanoTime() + (long) (minutes * 60e9);
    long failovers = 0;
    long worldNanos = 0;
    for (long seed = 1; System.nanoTime() - end < 0; seed++) {
      Rounds rounds = new Rounds(seed, PROFILES.get((int) (seed % PROFILES.size())));
      for (int i = 0; i < ROUNDS_PER_WORLD && quorum(rounds); i++) {
        rounds.next();
      }
      failovers += rounds.done();
      worldNanos += rounds.world().kernel().now();
    }
    double passed = (Cpu.nanos() - begun) / 60e9;
    return String.format(
        Locale.ROOT,
        "%d failovers, %.0f per minute and core; the world runs at %.0f times its speed",
        failovers,
        failovers / passed,
        worldNanos / 60e9 / passed);
  }

  /** A killed primary may come back errant, and is held out then. */
  private static boolean quorum(Rounds rounds) {
    return rounds.world().manager().store().state().quarantine().isEmpty();
  }
}
