package dev.regent.proxy.net;

import java.util.concurrent.atomic.AtomicInteger;

/** How many connections a listener has, and may have. */
public final class Seats {
  private final int max;
  private final AtomicInteger taken = new AtomicInteger();

  public Seats(int max) {
    this.max = max;
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
