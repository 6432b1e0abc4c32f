package dev.regent.sim.steps;

import dev.regent.core.plan.Evidence;
import dev.regent.core.plan.Freezing;
import dev.regent.core.plan.Keeping;
import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Promoting;
import dev.regent.core.plan.Receiving;
import dev.regent.core.plan.Step;
import java.util.function.Consumer;

/** Executes a step on its server: every kind of step has its acts here, or nothing compiles. */
public final class Steps {
  private Steps() {}

  /** Tells once how it ended, unless the manager dies. */
  public static void perform(Step step, Work work, Consumer<Outcome> done) {
    acts(step)
        .start(
            work,
            evidence -> done.accept(new Outcome.Done(evidence)),
            why -> done.accept(work.outcome(why)));
  }

  private static Act<Evidence> acts(Step step) {
    return switch (step) {
      case Receiving s -> ReceivingActs.perform(s);
      case Promoting s -> PromotingActs.perform(s);
      case Freezing s -> FreezingActs.perform(s);
      case Keeping s -> KeepingActs.perform(s);
    };
  }
}
