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

  /** This one or the other, whichever comes first. */
  public Deadline orSooner(Duration other) {
    Deadline sooner = after(other);
    return sooner.nanos - nanos < 0 ? sooner : this;
  }
}
