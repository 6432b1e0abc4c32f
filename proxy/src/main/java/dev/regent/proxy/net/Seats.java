package dev.regent.proxy.net;

import java.util.concurrent.atomic.AtomicInteger;

/** How many connections a listener has, may have, and may keep waiting. */
public final class Seats {
  private final int max;
  private final int queue;
  private final AtomicInteger taken = new AtomicInteger();

  /**
   * @param queue connections that the system makes and keeps until they are taken; it has a limit
   *     of its own (somaxconn)
   */
  public Seats(int max, int queue) {
    this.max = max;
    this.queue = queue;
  }

  int queue() {
    return queue;
  }

  /** False if there is none left; else {@link #leave} must follow. */
  boolean take() {
    if (taken.incrementAndGet() <= max) {
      return true;
    }
    taken.decrementAndGet();
    return false;
  }

  void leave() {
    taken.decrementAndGet();
  }
}
