package dev.regent.proxy.session;

import dev.regent.core.model.Check;
import java.util.concurrent.atomic.AtomicLong;

/** So many bytes may all sessions of a proxy keep together. Any thread may ask. */
public final class Budget {
  private final long most;
  private final AtomicLong taken = new AtomicLong();

  public Budget(long most) {
    Check.that(most >= 0, "a budget of " + most + " bytes");
    this.most = most;
  }

  /** False, and nothing taken, if that is more than is left. */
  boolean take(long bytes) {
    if (taken.addAndGet(bytes) > most) {
      taken.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  void give(long bytes) {
    taken.addAndGet(-bytes);
  }

  public long taken() {
    return taken.get();
  }
}
