package dev.regent.proxy.session;

import dev.regent.core.model.ServerId;
import dev.regent.proxy.session.State.Phase;
import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.MalformedPacketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A link to the server that is about to have the role: it logs in, is told what the session has
 * set, and prepares its statements while the role change is under way, beside whatever the session
 * does. Nothing of the client's goes over it before the table is open with that server.
 *
 * <p>It is a matter of speed only. If anything goes wrong with it, it is left, and the session
 * moves as if it had never been.
 */
final class Standby {
  /** A session that has been idle for longer logs in when its client has something to say. */
  private static final Duration AT_WORK = Duration.ofSeconds(2);

  /** What takes longer is stuck: a fresh link may not be. */
  private static final Duration LOGIN_MAX = Duration.ofSeconds(2);

  /** More than that are prepared when they are executed. */
  private static final int PREPARED_MAX = 16;

  private final State state;
  private final Links links;
  private final Restoration restoration;

  /** Where it was tried; once for each candidate. */
  private Optional<ServerId> tried = Optional.empty();

  private long begun;

  Standby(State state, Links links, Restoration restoration) {
    this.state = state;
    this.links = links;
    this.restoration = restoration;
  }

  /** The table, or what the session does, is another one now. */
  void consider() {
    Optional<ServerId> candidate = state.table().candidate();
    if (candidate.isEmpty() && !isForPrimary()) {
      tried = Optional.empty();
      leave();
      return;
    }
    if (candidate.isEmpty() || candidate.equals(tried) || !isOfUse(candidate.get())) {
      return;
    }
    leave();
    tried = candidate;
    begin(candidate.get());
  }

  /** The role has moved to it, and the session has no other link there. */
  private boolean isForPrimary() {
    Optional<ServerId> server = state.standby.server;
    return server.isPresent()
        && state.table().primary().equals(server)
        && state.primary.server.isEmpty()
        && isMovable();
  }

  private boolean isOfUse(ServerId candidate) {
    boolean writes = state.home == state.primary && !state.leaving;
    return writes
        && isMovable()
        && !state.primary.server.equals(Optional.of(candidate))
        && !canTake(state.replica, candidate)
        && isAtWork();
  }

  /** Nothing ties the session to a server, and none has to be asked what became of a commit. */
  private boolean isMovable() {
    return isOneUsers()
        && state.memory.flatMap(Memory::pinned).isEmpty()
        && state.inDoubt.isEmpty();
  }

  /** Its client is logged in, and is nobody else in a moment. */
  private boolean isOneUsers() {
    boolean known = state.memory.isPresent() && state.loginAnswer.isEmpty();
    return known
        && switch (state.phase) {
          case LOGIN, REFRESH, OVER -> false;
          case APPROACH, IDLE, SENDING, BUSY, FILE, HELD -> true;
        };
  }

  private boolean isAtWork() {
    boolean idle = state.phase == Phase.IDLE && !state.inTransaction() && state.repeats.isEmpty();
    return !idle || state.now - state.lastCommand <= AT_WORK.toNanos();
  }

  private void begin(ServerId server) {
    Memory mine = state.mine();
    Link link = state.standby;
    link.ahead = true;
    begun = state.now;
    List<Errand> errands = new ArrayList<>(restoration.settings(false));
    mine.prepared().latest(PREPARED_MAX).forEach(one -> errands.add(new Errand.Prepare(one)));
    Errands all = new Errands(errands, link, mine, state.capabilities());
    link.begin(state.nextNumber(), server, Approach.login(mine, all, state.settings.door()));
    link.told(mine, restoration.insertId());
    state.effects.add(new Effect.Link(link.number, server, Optional.empty()));
  }

  int read(Bytes in) throws MalformedPacketException {
    Link link = state.standby;
    if (link.approach.isEmpty()) {
      return in.length();
    }
    Approach approach = link.approach.get();
    Approach.Result result = approach.read(in);
    int used = approach.used();
    link.thread = approach.thread();
    switch (result) {
      case Approach.Result.Incomplete incomplete -> {}
      case Approach.Result.Answer answer ->
          state.effects.add(new Effect.Tell(link.number, answer.packet()));
      case Approach.Result.Secure secure -> {
        if (used < in.length()) {
          throw new MalformedPacketException("plain bytes of a server where TLS was agreed on");
        }
        state.effects.add(new Effect.Tell(link.number, secure.packet()));
        state.effects.add(new Effect.SecureLink(link.number));
      }
      case Approach.Result.Ready ready -> {
        link.approach = Optional.empty();
        link.status = ready.status();
        take();
      }
      // The usual way finds out the same, and tells it.
      case Approach.Result.Refused refused -> leave();
      case Approach.Result.Closed closed -> leave();
      case Approach.Result.Differs differs -> leave();
      case Approach.Result.Broken broken -> leave();
    }
    return used;
  }

  /** TLS is up. */
  void tell(byte[] packet) {
    state.effects.add(new Effect.Tell(state.standby.number, new Packet(packet)));
  }

  /** Leaves it; it was of no use. */
  void leave() {
    links.drop(state.standby);
  }

  /** Whether it was this connection that is gone by itself. */
  boolean lost(int link) {
    boolean mine = isThis(link);
    if (mine) {
      state.standby.clear();
    }
    return mine;
  }

  boolean isThis(int link) {
    return state.standby.number == link && state.standby.server.isPresent();
  }

  /** A session that waits for nothing has its link to the new primary at once. */
  void take() {
    if (state.open().isPresent() && state.primary.server.isEmpty() && isMovable()) {
      ServerId server = state.open().get();
      if (isReady(state.standby, server)) {
        adopt(state.standby);
      } else if (isReady(state.replica, server) && canTake(state.replica, server)) {
        adopt(state.replica);
      }
    }
  }

  /**
   * Makes a link to the server that was made ahead the primary's.
   *
   * @return whether there was one; it may still be logging in
   */
  boolean takes(ServerId server) {
    if (state.way != state.primary || state.primary.server.isPresent() || !isMovable()) {
      return false;
    }
    boolean stuck = state.standby.approach.isPresent() && state.now - begun > LOGIN_MAX.toNanos();
    if (state.standby.server.equals(Optional.of(server)) && !stuck) {
      adopt(state.standby);
      return true;
    }
    leave();
    if (isReady(state.replica, server) && canTake(state.replica, server)) {
      adopt(state.replica);
      return true;
    }
    return false;
  }

  private static boolean isReady(Link link, ServerId server) {
    return link.server.equals(Optional.of(server)) && link.approach.isEmpty();
  }

  /** Whether the session's reader there can become its writer. */
  private boolean canTake(Link reader, ServerId server) {
    boolean atWork = state.way == reader && state.busy();
    return state.settings.splits()
        && reader.server.equals(Optional.of(server))
        && !reader.inTransaction()
        && !atWork;
  }

  private void adopt(Link ahead) {
    state.becomesPrimary(ahead);
    state.primary.reads = false;
    state.primary.ahead = true;
  }
}
