package dev.regent.proxy.session;

import dev.regent.proxy.seen.Kill;
import dev.regent.proxy.seen.Neighbours;
import dev.regent.proxy.seen.SessionView;
import dev.regent.proxy.seen.SessionView.Activity;
import dev.regent.proxy.wire.LoginRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Watches a session from beside it, after each step, for those who look from outside. */
final class Presence {
  private final State state;
  private final Neighbours neighbours;
  private Activity activity = Activity.LOGGING_IN;
  private long since;
  private OptionalLong transactionSince = OptionalLong.empty();
  private Optional<Neighbours.Place> place = Optional.empty();
  private @Nullable Flight flight;

  Presence(State state, Neighbours neighbours) {
    this.state = state;
    this.neighbours = neighbours;
  }

  void begin() {
    since = state.now;
  }

  /** The server of the link that is used now has said which number it gave the connection. */
  void greeted(long number) {
    state.way.thread = number;
  }

  void afterStep() {
    Activity now = activity(state.phase);
    if (now != activity) {
      activity = now;
      since = state.now;
    }
    if (state.inTransaction() != transactionSince.isPresent()) {
      transactionSince = state.inTransaction() ? OptionalLong.of(state.now) : OptionalLong.empty();
    }
    Flight under = state.flight.orElse(null);
    if (under != flight) {
      if (flight != null) {
        landed(flight);
      }
      flight = under;
    }
    look(state.way);
  }

  private void look(Link way) {
    boolean there = way.server.isPresent() && way.thread != 0;
    if (there != place.isPresent() || (there && place.get().thread() != way.thread)) {
      place =
          there
              ? Optional.of(new Neighbours.Place(way.server.get(), way.thread))
              : Optional.empty();
    }
  }

  /** What a server has killed does not move to another one. */
  private void landed(Flight ended) {
    ended
        .kill()
        .filter(Kill::connection)
        .filter(k -> ended.succeeded())
        .ifPresent(k -> neighbours.end(k.number()));
  }

  /**
   * The command as it leaves: what a client knows by a number of ours, its server knows by another
   * one. Whether the client may kill it is for the server to say.
   */
  byte[] leaving(Flight leaving, byte[] packet) {
    Optional<Kill> kill = leaving.kill();
    if (kill.isEmpty()) {
      return packet;
    }
    return neighbours
        .find(kill.get().number())
        .filter(p -> state.way.server.filter(p.server()::equals).isPresent())
        .map(p -> kill.get().of(leaving.command(), p.thread()))
        .orElse(packet);
  }

  Optional<Neighbours.Place> place() {
    return place;
  }

  private static Activity activity(State.Phase phase) {
    return switch (phase) {
      case LOGIN, REFRESH -> Activity.LOGGING_IN;
      case APPROACH -> Activity.CONNECTING;
      case IDLE -> Activity.IDLE;
      case SENDING, BUSY, FILE -> Activity.EXECUTING;
      case HELD -> Activity.WAITING;
      case OVER -> Activity.ENDED;
    };
  }

  SessionView view(long number, String client, String listener, long now) {
    return new SessionView(
        number,
        client,
        listener,
        state.memory.map(Memory::login).map(LoginRequest::user).orElse(""),
        state.memory.map(Memory::database).orElse(""),
        state.way.server,
        place.map(Neighbours.Place::thread).orElse(0L),
        activity,
        Duration.ofNanos(now - since),
        transactionSince.isPresent()
            ? Optional.of(Duration.ofNanos(now - transactionSince.getAsLong()))
            : Optional.empty(),
        state.memory.flatMap(Memory::pinned));
  }
}
