package dev.regent.proxy.session;

import dev.regent.proxy.session.State.Phase;
import dev.regent.proxy.wire.Err;
import java.time.Duration;
import java.util.OptionalLong;

/** How long something may wait for a server, and when it is looked at again. */
final class Patience {
  /** A server that is read-only though the table is open: the table may be a moment late. */
  private static final Duration READ_ONLY = Duration.ofSeconds(2);

  /** From one attempt to the next, while a server cannot be reached or does not take writes. */
  private static final Duration RETRY = Duration.ofMillis(50);

  /** How long a login waits for room at its server; then it is told. */
  private static final Duration ROOM = Duration.ofSeconds(5);

  /** How long it takes at most until what was parked at a server is closed. */
  private static final Duration PARKED = Duration.ofSeconds(1);

  /** For a connection to a replica: there is always another way. */
  private static final Duration REPLICA = Duration.ofSeconds(2);

  private final State state;
  private long replicaUntil;

  /** A user has had too many connections since. */
  private OptionalLong crowdedSince = OptionalLong.empty();

  Patience(State state) {
    this.state = state;
  }

  /** Counts from now how long the way's server may take for the proxy's own words. */
  void begins() {
    Duration limit = REPLICA.plus(state.settings.reads().patience());
    replicaUntil = state.now + limit.toNanos();
    state.effects.add(new Effect.Wake(deadline()));
  }

  /** Something waits, until the end of it or the next attempt. */
  void waits() {
    long retry = state.now + RETRY.toNanos();
    boolean open = state.way == state.replica || state.open().isPresent();
    state.effects.add(new Effect.Wake(open ? Math.min(deadline(), retry) : deadline()));
  }

  boolean isOver() {
    boolean waits = state.phase == Phase.HELD || state.phase == Phase.APPROACH;
    return waits && state.now - deadline() >= 0;
  }

  /** Whether the proxy talks to a server over one link, and there is another way. */
  boolean hasAnotherWay() {
    boolean another = state.way == state.replica && state.settings.splits();
    return state.phase == Phase.APPROACH && (another || state.way.reused);
  }

  /** A server that is full has room again when somebody leaves: a login waits for that a while. */
  boolean waitsForRoom(Err err) {
    boolean crowded = state.settings.pooling().crowds();
    if (crowded && (Trouble.isFull(err) || Trouble.isFullOfUser(err))) {
      state.effects.add(new Effect.Crowded(state.way.server.orElseThrow()));
    }
    if (crowded && Trouble.isFullOfUser(err)) {
      long since = crowdedSince.orElse(state.now);
      crowdedSince = OptionalLong.of(since);
      return state.now - since < PARKED.toNanos();
    }
    return Trouble.isFull(err) && state.now - state.heldSince.orElse(state.now) < ROOM.toNanos();
  }

  /** The server has taken the session. */
  void ends() {
    crowdedSince = OptionalLong.empty();
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
