package dev.regent.sim.swarm;

import dev.regent.core.model.ClusterRecord.Reign;
import dev.regent.core.model.ServerId;
import dev.regent.sim.world.World;
import java.util.List;

/**
 * Whom a mishap befalls, found out when it happens.
 *
 * @param number counts from 0, beyond the end from the beginning again
 */
public record Target(Role role, int number) {
  /** Who it is. */
  public enum Role {
    /** Whoever has the role now, as far as is stored. */
    PRIMARY,
    /** One of the others. */
    OTHER,
    /** One in the order of the configuration, whatever its role. */
    ANY,
    /** The one to which the step was sent that the mishap waited for. */
    ACTED_ON
  }

  public static final Target PRIMARY = new Target(Role.PRIMARY, 0);

  public static final Target ACTED_ON = new Target(Role.ACTED_ON, 0);

  public static Target other(int number) {
    return new Target(Role.OTHER, number);
  }

  public static Target any(int number) {
    return new Target(Role.ANY, number);
  }

  ServerId in(World world) {
    List<ServerId> all = List.copyOf(world.servers().keySet());
    ServerId primary =
        world.manager().store().state().reign().map(Reign::primary).orElse(all.getFirst());
    List<ServerId> others = all.stream().filter(s -> !s.equals(primary)).toList();
    return switch (role) {
      case PRIMARY -> primary;
      case OTHER -> others.isEmpty() ? primary : others.get(number % others.size());
      case ANY -> all.get(number % all.size());
      case ACTED_ON -> world.surroundings().actedOn().orElse(primary);
    };
  }

  @Override
  public String toString() {
    return switch (role) {
      case PRIMARY -> "the primary";
      case OTHER -> "replica " + number;
      case ANY -> "server " + number;
      case ACTED_ON -> "the server of the step";
    };
  }
}
