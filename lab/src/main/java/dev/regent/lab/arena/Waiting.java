package dev.regent.lab.arena;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition; where looking costs something, not too often. */
public final class Waiting {
  private Waiting() {}

  /** A condition whose look may fail; a failure ends the wait. */
  public interface Condition {
    boolean holds() throws IOException;
  }

  /** Looks every so often until the condition holds (true) or the limit has passed (false). */
  public static boolean until(Duration limit, Duration every, Condition condition)
      throws IOException {
    long start = System.nanoTime();
    while (!condition.holds()) {
      if (System.nanoTime() - start > limit.toNanos()) {
        return false;
      }
      LockSupport.parkNanos(every.toNanos());
    }
    return true;
  }

  /** Lets this much time pass: the thing measured is time itself. */
  public static void pass(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
