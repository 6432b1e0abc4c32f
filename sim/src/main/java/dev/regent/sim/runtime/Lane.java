package dev.regent.sim.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** Does one thing after the other, in order of arrival. */
final class Lane {
  /** A plan has a handful of steps per server; more means that the controller runs wild. */
  private static final int WAITING_MAX = 100;

  private final Deque<Job> waiting = new ArrayDeque<>();
  private boolean busy;

  /** {@code pressing}: who is at work and only waits should make room. */
  private record Job(Consumer<Runnable> work, boolean pressing) {}

  /** Work calls back when it is done; false if too much waits already. */
  boolean offer(Consumer<Runnable> work) {
    if (waiting.size() >= WAITING_MAX) {
      return false;
    }
    waiting.add(new Job(work, true));
    next();
    return true;
  }

  /** For what has time until nothing else is to be done; false if there is something. */
  boolean offerIdle(Consumer<Runnable> work) {
    if (!waiting.isEmpty()) {
      return false;
    }
    waiting.add(new Job(work, false));
    next();
    return true;
  }

  boolean wanted() {
    return waiting.stream().anyMatch(Job::pressing);
  }

  private void next() {
    if (!busy && !waiting.isEmpty()) {
      busy = true;
      waiting
          .poll()
          .work()
          .accept(() -> {
            busy = false;
            next();
          });
    }
  }
}
