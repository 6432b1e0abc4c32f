package dev.regent.server.connect;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Cuts what has not ended at its deadline. One timer for all sockets: a read timeout of the
 * socket's own would start again with every byte that trickles in, and a greeting is several reads.
 */
final class Watchdog implements AutoCloseable {
  private static final ScheduledThreadPoolExecutor TIMER = timer();

  private final Runnable cut;
  private final ScheduledFuture<?> alarm;
  private volatile boolean expired;

  /** Calls {@code cut}, which must not block, at the deadline unless closed before. */
  Watchdog(Runnable cut, Deadline deadline) {
    this.cut = cut;
    this.alarm = TIMER.schedule(this::expire, deadline.left().toNanos(), TimeUnit.NANOSECONDS);
  }

  private static ScheduledThreadPoolExecutor timer() {
    var timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("deadlines").factory());
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  private void expire() {
    expired = true;
    cut.run();
  }

  /** Whether the deadline, and nothing else, made the end. */
  boolean expired() {
    return expired;
  }

  @Override
  public void close() {
    alarm.cancel(false);
  }
}
