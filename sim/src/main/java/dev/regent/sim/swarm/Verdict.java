package dev.regent.sim.swarm;

import java.util.List;

/**
 * What became of a run.
 *
 * @param words what was broken, or why it holds
 */
public record Verdict(End end, List<String> words, Figures figures) {
  public Verdict {
    words = List.copyOf(words);
  }

  /** How a run ended. */
  public enum End {
    /** One writable server, everybody else whole behind it. */
    CONVERGED,
    /** Not so, and for each thing that is not as it should be a reason was told. */
    HELD,
    /** A promise was broken. */
    BROKEN,
    /** The simulator or the core threw. */
    FAILED
  }

  /** Numbers of a run; two runs of one seed have the same. */
  public record Figures(
      long events,
      long worldMillis,
      long promotions,
      int acknowledged,
      int failed,
      int unknown,
      int lost,
      long hash) {}

  public boolean good() {
    return end == End.CONVERGED || end == End.HELD;
  }
}
