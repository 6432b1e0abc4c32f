package dev.regent.server.execute;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Does one thing after the other, in order of arrival, on a thread of its own. */
final class Lane implements AutoCloseable {
  /** A plan has a handful of steps per server; more means that the controller runs wild. */
  private static final int WAITING_MAX = 100;

  private final BlockingQueue<Job> waiting = new LinkedBlockingQueue<>(WAITING_MAX);
  private final Thread thread;

  Lane(String name) {
    thread = Thread.ofVirtual().name(name).start(this::run);
  }

  /** {@code pressing}: who is at work and only waits should make room. */
  private record Job(Runnable work, boolean pressing) {}

  /** False if too much waits already. Never blocks. */
  boolean offer(Runnable work) {
    return waiting.offer(new Job(work, true));
  }

  /** For what has time until nothing else is to be done; false if there is something. */
  boolean offerIdle(Runnable work) {
    return waiting.isEmpty() && waiting.offer(new Job(work, false));
  }

  /** Somebody waits for the one at work to be done. */
  boolean wanted() {
    return waiting.stream().anyMatch(Job::pressing);
  }

  private void run() {
    try {
      while (true) {
        waiting.take().work().run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Interrupts what is under way; what waits is never done. */
  @Override
  public void close() {
    thread.interrupt();
  }

  void join(Duration timeout) throws InterruptedException {
    thread.join(timeout);
  }
}
