package dev.regent.sim.contract;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * A cluster of MariaDB servers, real or simulated, to which a case may do whatever it likes.
 *
 * <p>Time belongs to the subject: a case waits only through {@link #holdsWithin} or through the
 * bound of an answer, so that a simulator can let its own time pass.
 */
public interface Subject {
  /** Whatever a healthy server does takes less, also on a machine that is out of breath. */
  Duration LIMIT = Duration.ofSeconds(15);

  Version version();

  /** By number, from 1, which is also its server id. */
  SubjectServer server(int number);

  /** Monotonic; only differences mean something. */
  Duration now();

  /** Lets time pass until the condition holds (true) or the limit is over (false). */
  boolean holdsWithin(Duration limit, BooleanSupplier condition);

  /** Waits for what must come; if it does not, the case itself is broken, not a fact. */
  default void await(String what, BooleanSupplier condition) {
    if (!holdsWithin(LIMIT, condition)) {
      throw new CaseBroken("waited " + LIMIT + " for " + what + " in vain");
    }
  }
}
