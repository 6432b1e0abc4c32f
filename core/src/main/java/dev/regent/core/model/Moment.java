package dev.regent.core.model;

import java.time.Duration;

/**
 * A point in time on the manager's two clocks.
 *
 * @param nanos monotonic; the only one that decisions compare
 * @param millis wall clock since 1970 UTC; for people and for records that outlive the process
 */
public record Moment(long nanos, long millis) {

  /** The time passed since an earlier moment of the same process; negative if it is later. */
  public Duration since(Moment earlier) {
    return Duration.ofNanos(nanos - earlier.nanos);
  }

  public Moment plus(Duration duration) {
    return new Moment(nanos + duration.toNanos(), millis + duration.toMillis());
  }

  public boolean isAfter(Moment other) {
    return nanos - other.nanos > 0;
  }
}
