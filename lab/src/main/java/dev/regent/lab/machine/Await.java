package dev.regent.lab.machine;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for something outside this process to become true, with a deadline. */
public final class Await {
  /** Short against anything a server does, long against the cost of looking. */
  private static final long LOOK_EVERY_NANOS = Duration.ofMillis(5).toNanos();

  private Await() {}

  /**
   * Returns once {@code condition} holds. When {@code limit} passes first, throws a {@link
   * LabException} that names what was awaited and what {@code seen} says at that moment.
   */
  public static void until(
      String what, Duration limit, BooleanSupplier condition, Supplier<String> seen) {
    if (!holdsWithin(limit, condition)) {
      throw new LabException(
          "Waited %s for %s in vain. Seen last: %s".formatted(text(limit), what, seen.get()));
    }
  }

  /** Looks again and again until the condition holds (true) or the limit has passed (false). */
  public static boolean holdsWithin(Duration limit, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > limit.toNanos() || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
    return true;
  }

  private static String text(Duration limit) {
    return limit.toMillis() < 10_000 ? limit.toMillis() + " ms" : limit.toSeconds() + " s";
  }
}
