package dev.regent.sim.world;

import dev.regent.core.control.Effect;
import dev.regent.core.model.ClusterRecord.OpenPlan;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Evidence;
import dev.regent.core.plan.Freezing;
import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Promoting;
import dev.regent.core.plan.Step;
import dev.regent.sim.runtime.SimManager;
import java.util.Optional;

/**
 * Sending the reign row is the point of no return (DESIGN 7.7): as long as nobody knows whether it
 * arrived, no other server gets one, and the old primary is not opened again. Only an operator's
 * force overrules that.
 */
final class Heirs implements Surroundings.Watcher {
  /** The server that may hold a reign row of which nobody knows yet. */
  private Optional<ServerId> heir = Optional.empty();

  @Override
  public void sent(SimManager manager, Effect.Execute execute) {
    Step step = execute.step();
    boolean makes = step instanceof Promoting.WriteReign || step instanceof Freezing.Unfreeze;
    boolean forced = manager.store().state().plan().filter(OpenPlan::force).isPresent();
    if (makes && !forced && heir.filter(h -> !h.equals(step.server())).isPresent()) {
      throw new BrokenPromise(
          "one heir", "to " + step.sentence() + " while " + heir.get() + " may hold the reign row");
    }
    if (step instanceof Promoting.WriteReign) {
      heir = Optional.of(step.server());
    }
  }

  @Override
  public void ended(SimManager manager, Effect.Execute execute, Outcome outcome) {
    switch (execute.step()) {
      case Promoting.WriteReign s when !(outcome instanceof Outcome.Unknown) ->
          heir = Optional.empty();
      case Promoting.LookForReign s
          when outcome instanceof Outcome.Done d && d.evidence() instanceof Evidence.Found ->
          heir = Optional.empty();
      default -> {}
    }
  }
}
