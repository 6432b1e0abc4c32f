package dev.regent.sim.swarm;

import dev.regent.core.control.Command;
import dev.regent.core.control.Reply;
import dev.regent.core.model.ServerId;
import dev.regent.sim.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Somebody who gives orders, at moments that are often bad ones. */
final class Operator {
  private static final String NAME = "ann";

  private final World world;
  private final List<Long> given = new ArrayList<>();
  private long next;

  Operator(World world) {
    this.world = world;
  }

  void happen(Mishap.OfOperator mishap, Injector injector) {
    switch (mishap) {
      case Mishap.OrderSwitchover m -> {
        if (m.force()) {
          world.promises().voided("an operator forced a switchover");
        }
        order(new Command.SwitchOver(NAME, Optional.of(m.to().in(world)), m.force(), false));
      }
      case Mishap.OrderFailover m -> {
        if (m.force()) {
          world.promises().voided("an operator forced a failover");
        }
        order(new Command.FailOver(NAME, Optional.empty(), m.force(), false));
      }
      case Mishap.OrderRejoin m -> order(new Command.Rejoin(NAME, m.server().in(world), false));
      case Mishap.Maintain m -> {
        ServerId server = m.server().in(world);
        order(new Command.BeginMaintenance(NAME, server, "its disk is changed"));
        injector.later(m.lasts(), () -> order(new Command.EndMaintenance(NAME, server)));
      }
      case Mishap.Pause m -> {
        order(new Command.PauseCluster(NAME, "wait"));
        injector.later(m.lasts(), () -> order(new Command.ResumeCluster(NAME)));
      }
    }
  }

  long order(Command command) {
    next++;
    if (world.manager().alive()) {
      given.add(next);
      world.trace().tell(NAME, next, command::toString);
      world.manager().order(next, command);
    }
    return next;
  }

  /** The answer to an order. */
  Optional<Reply> answer(long order) {
    return world.surroundings().reply(order);
  }
}
