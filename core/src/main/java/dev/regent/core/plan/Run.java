package dev.regent.core.plan;

import java.util.List;

/**
 * A recipe at work: an immutable value that says which steps come next, given how the last ones
 * ended. It performs nothing and reads no clock.
 *
 * <p>Law: every step is idempotent, and a run that is started again from its beginning on a half
 * changed cluster reaches the same end. That is how an interrupted plan is finished (DESIGN 3).
 */
public interface Run {
  Kind kind();

  /** What this run is for, in one sentence. */
  String purpose();

  /** The first turn. */
  Turn begin();

  /** The next turn, once all steps of the last one have ended. Results are in the steps' order. */
  Turn after(List<Result> results);

  /** A step and how it ended. */
  record Result(Step step, Outcome outcome) {}

  enum Kind {
    FAILOVER("failover"),
    SWITCHOVER("switchover"),
    ADOPTION("adoption"),
    REJOIN("rejoin"),
    SYNC_SET("sync-set change"),
    TEST("test of the primary"),
    REPAIR("repair");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }

    /** A role change; it goes before any repair and is never superseded. */
    public boolean movesRole() {
      return this == FAILOVER || this == SWITCHOVER || this == ADOPTION;
    }
  }
}
