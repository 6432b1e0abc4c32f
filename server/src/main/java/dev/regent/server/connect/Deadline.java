package dev.regent.server.connect;

import java.time.Duration;

/** A moment on the monotonic clock after which nobody waits any more. */
public record Deadline(long nanos) {

  public static Deadline after(Duration duration) {
    return new Deadline(System.nanoTime() + duration.toNanos());
  }

  /** What is left, never negative. */
  public Duration left() {
    return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
  }

  public boolean passed() {
    return nanos - System.nanoTime() <= 0;
  }

  /** A moment before this one by {@code reserve}, but never less than half of what is left. */
  public Deadline before(Duration reserve) {
    long left = Math.max(0, nanos - System.nanoTime());
    return new Deadline(nanos - Math.min(reserve.toNanos(), left / 2));
  }
}
