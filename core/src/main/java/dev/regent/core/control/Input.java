package dev.regent.core.control;

import dev.regent.core.model.Moment;
import dev.regent.core.model.Observation;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Outcome;

/** Everything the controller can learn. Time comes with it. */
public sealed interface Input {
  Moment at();

  record Observed(ServerId server, Observation observation) implements Input {
    @Override
    public Moment at() {
      return observation.at();
    }
  }

  /**
   * A held connection, or a client's, saw its end: the fastest crash signal, and only a reason to
   * probe.
   */
  record ConnectionLost(ServerId server, Moment at) implements Input {}

  /** A step that was to be executed has ended. */
  record StepEnded(long plan, int number, Outcome outcome, Moment at) implements Input {}

  /** The store could not make entries durable: automatic action stops until it can. */
  record StoreFailed(String reason, Moment at) implements Input {}

  /** An operator's command; it is answered exactly once with the same id. */
  record Ordered(long id, Command command, Moment at) implements Input {}

  /** Time passed; sent at least every 250 ms. */
  record Tick(Moment at) implements Input {}
}
