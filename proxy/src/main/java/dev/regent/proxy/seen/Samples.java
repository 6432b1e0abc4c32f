package dev.regent.proxy.seen;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/**
 * The last statements that were slow or failed, some of them, without what was written into them.
 */
public final class Samples {
  /** What is slower is worth a look. */
  public static final Duration SLOW = Duration.ofSeconds(1);

  private static final int KEPT = 100;

  /** An application whose every statement fails must not fill all of it at once. */
  private static final Duration APART = Duration.ofMillis(50);

  /**
   * @param atNanos when it ended, by the proxy's clock
   * @param error the server's number; 0 if it was only slow
   */
  public record Sample(
      long atNanos, long session, String user, Duration time, int error, String digest) {}

  /** Guarded by itself. */
  private final Deque<Sample> last = new ArrayDeque<>();

  public void offer(long atNanos, Supplier<Sample> sample) {
    synchronized (last) {
      if (!last.isEmpty() && atNanos - last.getLast().atNanos() < APART.toNanos()) {
        return;
      }
      last.addLast(sample.get());
      if (last.size() > KEPT) {
        last.removeFirst();
      }
    }
  }

  /** Oldest first. */
  public List<Sample> read() {
    synchronized (last) {
      return List.copyOf(last);
    }
  }
}
