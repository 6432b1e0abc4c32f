package dev.regent.core.control;

import java.util.List;

/**
 * The answer to a command.
 *
 * @param message one sentence
 * @param lines details: planned steps with their SQL, or what was done
 */
public record Reply(Result result, String message, List<String> lines) {
  public Reply {
    lines = List.copyOf(lines);
  }

  public enum Result {
    /** Done, or already so. */
    DONE,
    /** A dry run: this is what would be done. */
    PLANNED,
    /** Refused, with the reason. */
    HELD,
    /** Tried and not reached. */
    FAILED
  }
}
