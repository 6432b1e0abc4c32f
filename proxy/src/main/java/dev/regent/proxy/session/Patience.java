package dev.regent.proxy.session;

import dev.regent.proxy.session.State.Phase;
import dev.regent.proxy.wire.Err;
import java.time.Duration;

/** How long something may wait for a server, and when it is looked at again. */
final class Patience {
  /** A server that is read-only though the table is open: the table may be a moment late. */
  private static final Duration READ_ONLY = Duration.ofSeconds(2);

  /** From one attempt to the next, while a server cannot be reached or does not take writes. */
  static final Duration RETRY = Duration.ofMillis(50);

  /** The same, while it recovers: it is not to be kept busy, and a new table comes first. */
  static final Duration CLOSED = Duration.ofMillis(250);

  /** How long a login waits for room at its server; then it is told. */
  private static final Duration ROOM = Duration.ofSeconds(5);

  /** For a connection to a replica: there is always another way. */
  private static final Duration REPLICA = Duration.ofSeconds(2);

  private final State state;
  private long replicaUntil;

  Patience(State state) {
    this.state = state;
  }

  /** Counts from now how long the way's server may take for the proxy's own words. */
  void begins() {
    Duration limit = REPLICA.plus(state.settings.reads().patience());
    replicaUntil = state.now + limit.toNanos();
    state.effects.add(new Effect.Wake(deadline()));
  }

  /** What was to be over by now has become something that may take longer. */
  void goesOn() {
    state.effects.add(new Effect.Wake(deadline()));
  }

  /** Something waits, until the end of it or the next attempt. */
  void waits(Duration retry) {
    long next = state.now + retry.toNanos();
    boolean open = state.way == state.replica || state.open().isPresent();
    state.effects.add(new Effect.Wake(open ? Math.min(deadline(), next) : deadline()));
  }

  boolean isOver() {
    boolean waits = state.phase == Phase.HELD || state.phase == Phase.APPROACH;
    return waits && state.now - deadline() >= 0;
  }

  /** Whether the proxy talks to a server over one link, and there is another way. */
  boolean hasAnotherWay() {
    boolean another = state.way == state.replica && state.settings.splits();
    return state.phase == Phase.APPROACH && (another || takesOver());
  }

  /** Whether the server has yet to take the session for the one before it. */
  boolean takesOver() {
    return state.way.reused && state.way.approach.filter(Approach::takesOver).isPresent();
  }

  /** A server that is full has room again when somebody leaves: a login waits for that a while. */
  boolean waitsForRoom(Err err) {
    if (Trouble.isFull(err) && state.settings.pooling().crowds()) {
      state.effects.add(new Effect.Crowded(state.way.server.orElseThrow()));
    }
    return Trouble.isFull(err) && state.now - state.heldSince.orElse(state.now) < ROOM.toNanos();
  }

  private long deadline() {
    if (hasAnotherWay()) {
      return replicaUntil;
    }
    boolean impatient = state.refusal.isPresent() && state.open().isPresent();
    Duration limit = impatient ? READ_ONLY : state.settings.hold();
    return state.heldSince.orElse(state.now) + limit.toNanos();
  }
}
