package dev.regent.server.observe;

import dev.regent.server.connect.Deadline;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A wish to be woken. Many wishes before the waiter comes are one. */
final class Nudge {
  private final Semaphore wishes = new Semaphore(0);

  void give() {
    if (wishes.availablePermits() == 0) {
      wishes.release();
    }
  }

  void await() throws InterruptedException {
    wishes.acquire();
    wishes.drainPermits();
  }

  void await(Deadline deadline) throws InterruptedException {
    if (wishes.tryAcquire(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
      wishes.drainPermits();
    }
  }
}
