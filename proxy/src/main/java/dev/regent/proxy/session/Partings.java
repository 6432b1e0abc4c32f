package dev.regent.proxy.session;

import dev.regent.core.model.ServerId;
import dev.regent.proxy.session.State.Phase;
import dev.regent.proxy.wire.Command;
import dev.regent.proxy.wire.LoginRequest;
import dev.regent.proxy.wire.PacketWriter;
import java.util.Optional;

/** How a session lets go of its links: it closes them, or leaves them to other sessions. */
final class Partings {
  private static final byte[] QUIT = new PacketWriter().int1(Command.QUIT.code()).packet(0);

  private final State state;

  Partings(State state) {
    this.state = state;
  }

  /** The terms on which another session's link will do; empty: it takes a fresh one. */
  Optional<Terms> wish() {
    return state.fresh ? Optional.empty() : terms();
  }

  private Optional<Terms> terms() {
    LoginRequest client = state.mine().login();
    return state.settings.pooling().parks()
        ? Optional.of(new Terms(Approach.agreed(client, state.settings.door()), client.packetMax()))
        : Optional.empty();
  }

  /** Closes a connection; what was lost with it is looked at after that. */
  void leave(Link link) {
    if (link.server.isPresent()) {
      boolean silent = link != state.way || state.phase == Phase.IDLE || state.phase == Phase.HELD;
      if (silent && link.approach.isEmpty()) {
        // So that the server does not complain of a client that went without a word.
        state.effects.add(new Effect.Tell(link.number, new Packet(QUIT)));
      }
      link.server = Optional.empty();
      state.effects.add(new Effect.Unlink(link.number));
    }
  }

  /** Leaves a link to others, if it is of use to them; else it closes it. */
  void park(Link link) {
    Optional<Terms> terms = isOfUse(link) ? terms() : Optional.empty();
    if (terms.isEmpty()) {
      leave(link);
    } else {
      link.server = Optional.empty();
      state.effects.add(new Effect.Park(link.number, terms.get(), link.thread));
    }
    link.clear();
  }

  private boolean isOfUse(Link link) {
    boolean atRest = link != state.way || (state.phase == Phase.IDLE && state.flight.isEmpty());
    return link.server.filter(server -> hasRole(link, server)).isPresent()
        && atRest
        && link.approach.isEmpty()
        && !link.bound
        && link.thread != 0
        && state.inDoubt.isEmpty()
        && state.memory.filter(Memory::canBeForgotten).isPresent();
  }

  private boolean hasRole(Link link, ServerId server) {
    return link.reads
        ? state.table().replicas().contains(server)
        : state.open().equals(link.server);
  }
}
