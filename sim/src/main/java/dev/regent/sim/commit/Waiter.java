package dev.regent.sim.commit;

import org.jspecify.annotations.Nullable;

/** A session, as far as it waits for something here. */
public interface Waiter {
  /** What a killed session does with what it is waiting for. */
  interface Waiting {
    void killed(boolean connection);
  }

  /** It waits now; without {@code how} it cannot be interrupted. */
  void waits(String state, @Nullable Waiting how);

  /** {@code lock_wait_timeout}, in nanoseconds. */
  long lockWait();
}
