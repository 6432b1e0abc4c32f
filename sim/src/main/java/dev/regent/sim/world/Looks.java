package dev.regent.sim.world;

import dev.regent.core.control.Effect;
import dev.regent.core.control.Input;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Receiving;
import dev.regent.core.plan.Step;
import dev.regent.sim.runtime.SimManager;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Nothing is retried blindly (DESIGN 3): a step of which nobody knows whether it was done is not
 * sent again before its server was looked at. Only whoever was to follow a new primary before it
 * was opened is told so again behind that: the step itself sees first whom it follows.
 */
final class Looks implements Surroundings.Watcher {
  /** Steps that nobody answered, of servers that were not looked at since. */
  private final SortedMap<ServerId, SortedSet<String>> unknown = new TreeMap<>();

  @Override
  public void learned(SimManager manager, Input input) {
    if (input instanceof Input.Observed observed) {
      unknown.remove(observed.server());
    }
  }

  @Override
  public void ended(SimManager manager, Effect.Execute execute, Outcome outcome) {
    Step step = execute.step();
    if (!step.mutates()) {
      unknown.remove(step.server());
    } else if (outcome instanceof Outcome.Unknown && !(step instanceof Receiving.Follow)) {
      unknown.computeIfAbsent(step.server(), s -> new TreeSet<>()).add(step.sentence());
    }
  }

  @Override
  public void sent(SimManager manager, Effect.Execute execute) {
    Step step = execute.step();
    SortedSet<String> steps = unknown.get(step.server());
    if (steps != null && steps.contains(step.sentence())) {
      throw new BrokenPromise(
          "look before you retry",
          "to " + step.sentence() + " again, although nobody knows whether that was done");
    }
  }
}
