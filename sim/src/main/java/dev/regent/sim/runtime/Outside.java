package dev.regent.sim.runtime;

import dev.regent.core.control.Effect;
import dev.regent.core.control.Event;
import dev.regent.core.control.Input;
import dev.regent.core.control.Picture;
import dev.regent.core.control.Reply;
import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Keeping;
import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Promoting;
import dev.regent.sim.mariadb.SimServer;

/** The world around a manager: what it acts on, and who watches it. */
public interface Outside {
  SimServer server(ServerId id);

  /** Whether it is killed in this moment, before the effect begins. */
  boolean diesBefore(SimManager manager, Effect effect);

  /** The controller is about to learn something. */
  void learns(SimManager manager, Input input);

  /** A step is on its way to its server. */
  void sends(SimManager manager, Effect.Execute step);

  void ended(SimManager manager, Effect.Execute step, Outcome outcome);

  void publishes(SimManager manager, RoutingTable table);

  void shows(SimManager manager, Picture picture);

  void tells(SimManager manager, Event event);

  void answers(SimManager manager, long order, Reply reply);

  /** What a hook does: after so many nanoseconds, this. */
  HookEnd runHook(Promoting.RunHook hook);

  /** What became of the saving of errant transactions. */
  Outcome save(Keeping.SaveErrant step);

  /** A hook that ends after its deadline is killed then. */
  record HookEnd(long nanos, Outcome outcome) {}
}
