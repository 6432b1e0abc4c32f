package dev.regent.core.control;

import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Step;
import java.util.List;

/** What the controller asks its runtime to do. Effects of one list start in order. */
public sealed interface Effect {

  /**
   * Append entries to the store; once they are durable, do {@code then}. If they cannot be made
   * durable, {@code then} never happens and {@link Input.StoreFailed} follows. With {@code lazy}
   * the entries may be lost in a crash and {@code then} is empty.
   */
  record Store(List<Entry> entries, boolean lazy, List<Effect> then) implements Effect {
    public Store {
      entries = List.copyOf(entries);
      then = List.copyOf(then);
    }
  }

  /** Run a step; exactly one {@link Input.StepEnded} with the same numbers follows. */
  record Execute(long plan, int number, Step step) implements Effect {}

  /** Probe a server now, besides the regular rhythm. */
  record ProbeNow(ServerId server) implements Effect {}

  /** Make a routing table known to everybody who routes. */
  record Publish(RoutingTable table) implements Effect {}

  /** Make the present picture known to those who only look. */
  record Show(Picture picture) implements Effect {}

  /** Append to the audit trail and tell subscribers. */
  record Tell(Event event) implements Effect {}

  record Answer(long id, Reply reply) implements Effect {}
}
