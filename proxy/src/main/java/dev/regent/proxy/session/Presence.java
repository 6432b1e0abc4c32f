package dev.regent.proxy.session;

import dev.regent.core.model.ServerId;
import dev.regent.proxy.seen.Counters;
import dev.regent.proxy.seen.Counters.Name;
import dev.regent.proxy.seen.Gist;
import dev.regent.proxy.seen.Kill;
import dev.regent.proxy.seen.Neighbours;
import dev.regent.proxy.seen.Samples;
import dev.regent.proxy.seen.SessionView;
import dev.regent.proxy.seen.SessionView.Activity;
import dev.regent.proxy.text.Statement;
import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.LoginRequest;
import dev.regent.proxy.wire.PacketWriter;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Watches a session from beside it, after each step, for those who look from outside. */
final class Presence {
  /** The kinds of statements, as they are counted. */
  private static final Map<Statement.Kind, String> CLASSES = new EnumMap<>(Statement.Kind.class);

  static {
    for (Statement.Kind kind : Statement.Kind.values()) {
      CLASSES.put(kind, kind.name().toLowerCase(Locale.ROOT).replace('_', ' '));
    }
  }

  private final State state;
  private final long number;
  private final Neighbours neighbours;
  private final Counters counters;
  private final Samples samples;
  private Activity activity = Activity.LOGGING_IN;
  private long since;
  private OptionalLong transactionSince = OptionalLong.empty();
  private Optional<Neighbours.Place> place = Optional.empty();
  private @Nullable Flight flight;
  private long flightSince;
  private boolean repeats;
  private boolean held;
  private long waitingSince;

  Presence(State state, long number, Neighbours neighbours) {
    this.state = state;
    this.neighbours = neighbours;
    this.number = number;
    this.counters = neighbours.counters();
    this.samples = neighbours.samples();
    state.counters = counters;
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
      countHold(now);
      activity = now;
      since = state.now;
    }
    if (state.again.isPresent() != repeats) {
      repeats = state.again.isPresent();
      if (repeats) {
        boolean refused = state.refusal.isPresent();
        counters.count(Name.REPEATED, refused ? "server is read-only" : "server was lost");
      }
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
      flightSince = state.now;
      if (flight != null) {
        left(flight);
      }
    }
    look(state.way);
  }

  private void look(Link way) {
    boolean there = way.server.isPresent() && way.thread != 0;
    boolean same =
        place
            .filter(p -> p.thread() == way.thread && way.server.equals(Optional.of(p.server())))
            .isPresent();
    if (there ? !same : place.isPresent()) {
      place =
          there
              ? Optional.of(new Neighbours.Place(way.server.get(), way.thread))
              : Optional.empty();
    }
  }

  /** A wait for a primary, and the way to it, are one hold; a way without a wait is none. */
  private void countHold(Activity next) {
    boolean waited = activity == Activity.WAITING || activity == Activity.CONNECTING;
    boolean waits = next == Activity.WAITING || next == Activity.CONNECTING;
    if (waits && !waited) {
      waitingSince = state.now;
      held = false;
    }
    held |= next == Activity.WAITING;
    if (waited && !waits && held) {
      counters.held(Duration.ofNanos(state.now - waitingSince));
    }
  }

  private void left(Flight now) {
    counters.count(Name.STATEMENTS, CLASSES.getOrDefault(now.statement().kind(), "other"));
    state.way.server.ifPresent(server -> counters.count(Name.SERVER_STATEMENTS, server.name()));
  }

  private void sample(Flight ended) {
    Duration time = Duration.ofNanos(state.now - flightSince);
    if (ended.error() != 0 || time.compareTo(Samples.SLOW) >= 0) {
      samples.offer(
          state.now,
          () ->
              new Samples.Sample(
                  state.now,
                  number,
                  state.memory.map(Memory::login).map(LoginRequest::user).orElse(""),
                  time,
                  ended.error(),
                  gist(ended)));
    }
  }

  private static String gist(Flight ended) {
    return switch (ended.command()) {
      case QUERY, PREPARE ->
          ended
              .packet()
              .map(packet -> Gist.of(Bytes.of(packet), PacketWriter.HEADER + 1))
              .orElse("(a long statement)");
      default -> "(" + ended.command().name().toLowerCase(Locale.ROOT).replace('_', ' ') + ")";
    };
  }

  /** What a server has killed does not move to another one. */
  private void landed(Flight ended) {
    sample(ended);
    ended
        .kill()
        .filter(Kill::connection)
        .filter(k -> ended.succeeded())
        .ifPresent(k -> neighbours.end(k.number()));
  }

  /** The server at which the victim is now. */
  Optional<ServerId> whereabouts(Kill kill) {
    return neighbours.find(kill.number()).map(Neighbours.Place::server);
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
        .aim(kill.get().number())
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

  SessionView view(String client, String listener, long now) {
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
