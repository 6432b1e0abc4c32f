package dev.regent.proxy.net;

import dev.regent.core.model.Check;
import dev.regent.proxy.session.Budget;
import java.util.concurrent.atomic.AtomicLong;

/** One for all sessions of a proxy, from any thread. */
public final class SharedBudget implements Budget {
  private final long most;
  private final AtomicLong taken = new AtomicLong();

  public SharedBudget(long most) {
    Check.that(most >= 0, "a budget of " + most + " bytes");
    this.most = most;
  }

  @Override
  public boolean take(long bytes) {
    if (taken.addAndGet(bytes) > most) {
      taken.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  @Override
  public void give(long bytes) {
    taken.addAndGet(-bytes);
  }

  public long taken() {
    return taken.get();
  }
}
