package dev.regent.server.execute;

import dev.regent.core.plan.Outcome;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The promise to tell once how a step ended, whoever finds out first: the step or the clock. */
final class Report {
  private enum State {
    WAITING,
    BEGUN,
    TOLD
  }

  private final Consumer<Outcome> done;
  private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

  Report(Consumer<Outcome> done) {
    this.done = done;
  }

  /** Does the work and tells its outcome, unless it was told already that it would not begin. */
  void begun(Supplier<Outcome> work) {
    if (state.compareAndSet(State.WAITING, State.BEGUN)) {
      tell(work.get());
    }
  }

  void tell(Outcome outcome) {
    if (state.getAndSet(State.TOLD) != State.TOLD) {
      done.accept(outcome);
    }
  }

  /** The time is up. */
  void expire() {
    if (state.compareAndSet(State.WAITING, State.TOLD)) {
      done.accept(new Outcome.Failed("not begun in time: an earlier step on the server goes on"));
    } else if (state.compareAndSet(State.BEGUN, State.TOLD)) {
      done.accept(new Outcome.Unknown("not ended in time"));
    }
  }
}
