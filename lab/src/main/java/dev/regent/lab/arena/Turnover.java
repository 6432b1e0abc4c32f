package dev.regent.lab.arena;

import java.util.List;
import java.util.OptionalLong;

/**
 * One role change under load.
 *
 * @param beganMillis wall clock of the kill or of the order, since 1970
 * @param beganNanos the same moment by {@link System#nanoTime}
 * @param diedNanos when the kernel closed the old primary's connections; empty if it lives on
 * @param endedNanos when it was seen to be over, with clients writing again
 * @param told the daemon's events from its beginning on
 */
public record Turnover(
    double beganMillis,
    long beganNanos,
    OptionalLong diedNanos,
    long endedNanos,
    List<AuditLine> told) {
  public Turnover {
    told = List.copyOf(told);
  }

  /** Wall clock of another moment. */
  public double wall(long nanos) {
    return beganMillis + (nanos - beganNanos) / 1e6;
  }
}
