package dev.regent.proxy.session;

import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.proxy.fleet.Positions;
import dev.regent.proxy.seen.Refusal;
import dev.regent.proxy.session.State.Phase;
import dev.regent.proxy.wire.Err;
import dev.regent.proxy.wire.Ok;
import dev.regent.proxy.wire.PacketWriter;
import dev.regent.proxy.wire.Seed;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The session's way to its server: made, held up, lost, and what is lost with it. */
final class Links {
  private final State state;
  private final Router router;
  private final Losses losses;
  private final Tokens tokens;
  private final Restoration restoration;
  private final Standby standby;
  private final Patience patience;
  private final Partings partings;

  Links(State state, Router router, Seed seed) {
    this.state = state;
    this.router = router;
    this.losses = new Losses(state, this, router);
    this.tokens = new Tokens(state, this, router, seed);
    this.restoration = new Restoration(state, tokens);
    this.standby = new Standby(state, this, restoration);
    this.patience = new Patience(state);
    this.partings = new Partings(state);
  }

  void routed(RoutingTable table) {
    state.obey(table);
    boolean moved = false;
    for (Link link : List.of(state.primary, state.replica)) {
      if (state.linkedToFormer(link)) {
        Optional<ServerId> former = link.server;
        partings.leave(link);
        link.server = former;
        losses.lost(link, true);
        moved = true;
      }
    }
    dropReplica();
    boolean asks = state.repeats.isPresent() || state.inDoubt.isPresent();
    boolean repeating = asks && state.phase == Phase.APPROACH;
    boolean mayRepeat = state.way == state.replica || state.open().equals(state.way.server);
    if (!moved && repeating && !mayRepeat) {
      // Its writes wait too; what was repeated of it so far is taken back.
      drop(state.way);
      hold();
    } else if (!moved && state.phase == Phase.HELD) {
      reconsider();
    }
    standby.consider();
  }

  /** Leaves a replica that is not to be read from any more, unless it is at work. */
  void dropReplica() {
    standby.take();
    boolean atWork = state.way == state.replica && (state.busy() || state.phase == Phase.APPROACH);
    if (state.replica.server.isPresent() && !atWork && !router.isKept(state.replica)) {
      drop(state.replica);
    }
  }

  /** What waits may have another way now. */
  private void reconsider() {
    boolean command = state.again.isEmpty() && state.loginAnswer.isEmpty();
    if (state.settings.splits() && command) {
      state.idle();
    } else {
      proceed();
    }
  }

  /** The connection broke, or could not be opened. */
  void unlinked(int link) {
    if (!standby.lost(link)) {
      state.link(link).ifPresent(gone -> losses.lost(gone, false));
    }
  }

  /**
   * Goes on with what waits: a login, a command that is to be sent again, or the client's next one.
   */
  void proceed() {
    if (state.loginAnswer.isPresent()) {
      state.way = router.atLogin();
    } else if (state.again.isPresent() && state.refusal.isEmpty()) {
      Flight before = state.again.get();
      state.way = router.choose(before.command(), before.statement());
    }
    Link way = state.way;
    Optional<ServerId> target = router.target(way);
    boolean leads = way == state.replica || way.server.isEmpty();
    if (router.mayLeave(way)) {
      goOn();
    } else if (target.isPresent() && leads) {
      boolean open = way.inTransaction();
      drop(way);
      if (open && losses.isMourned(way)) {
        return;
      }
      if (tied().isPresent()) {
        cannotMove();
      } else {
        approach(target.get());
      }
    } else if (way.server.isEmpty() && tied().isPresent()) {
      cannotMove();
    } else if (way == state.replica && state.settings.splits()) {
      state.way = state.primary;
      proceed();
    } else {
      hold();
    }
  }

  private void goOn() {
    if (state.again.isEmpty()) {
      state.idle();
    } else if (!catchUp() && !prepares(state.again.get()) && !tokens.marks(state.again.get())) {
      Flight before = state.again.get();
      state.again = Optional.empty();
      state.refusal = Optional.empty();
      state.flight = Optional.of(tokens.leaving(before.anew(state.inTransaction())));
      state.last = state.way;
      state.phase = Phase.BUSY;
      state.tell(before.outgoing(state.way));
    }
  }

  Standby standby() {
    return standby;
  }

  Tokens tokens() {
    return tokens;
  }

  private boolean prepares(Flight flight) {
    Optional<Prepared.One> unknown = flight.prepared().filter(one -> !state.way.knows(one));
    unknown.ifPresent(one -> errands(List.of(new Errand.Prepare(one))));
    return unknown.isPresent();
  }

  /**
   * Whether the server has to hear, or to wait for, something before the client's next statement:
   * then it is told now.
   */
  boolean catchUp() {
    Link way = state.way;
    Memory mine = state.mine();
    if (way.told != mine.version() || way.ahead) {
      List<String> changes = restoration.since(way);
      way.told = mine.version();
      if (!changes.isEmpty()) {
        errands(Restoration.said(changes));
        return true;
      }
    }
    if (state.repeats.isPresent() && state.transcript.isEmpty()) {
      state.repeats = Optional.empty();
    }
    if (state.repeats.isPresent()) {
      errands(restoration.repetition());
      return true;
    }
    Positions wanted = router.awaited();
    if (way.waited || wanted.isEmpty() || wanted.equals(way.reached)) {
      // Once for each command: others may write all the time.
      way.waited = false;
      return false;
    }
    way.awaited = Optional.of(wanted);
    errands(Restoration.said(List.of(Memory.awaiting(wanted, state.settings.reads().patience()))));
    return true;
  }

  /** A conversation with the server is over, and it waits for the client's commands. */
  void ready(int status) {
    Link way = state.way;
    way.approach = Optional.empty();
    way.reused = false;
    state.fresh = false;
    way.status = status;
    way.reached = way.awaited.orElse(way.reached);
    way.waited = way.awaited.isPresent();
    way.awaited = Optional.empty();
    if (way.repeating) {
      way.repeating = false;
      state.repeats = Optional.empty();
    }
    state.refusal = Optional.empty();
    if (state.asksForStatus) {
      state.asksForStatus = false;
      state.transcript.failed(way.inTransaction());
    }
    state.loginAnswer.ifPresent(number -> state.say(PacketWriter.frame(Ok.encode(status), number)));
    state.loginAnswer = Optional.empty();
    if (state.inDoubt.isPresent()) {
      tokens.decided();
      return;
    }
    state.phase = Phase.IDLE;
    proceed();
  }

  void refused(Approach.Result.Refused refused) {
    if (state.way.reused) {
      startAfresh();
      return;
    }
    Err err = refused.err();
    boolean room = patience.waitsForRoom(err);
    if (state.inDoubt.isPresent() && (!refused.atLogin() || Trouble.isFinal(err))) {
      endWith(Trouble.unknownOutcome(), 1);
      return;
    }
    boolean late = state.way.awaited.isPresent();
    ServerId server = state.way.server.orElseThrow();
    if (state.way == state.replica) {
      router.avoid(
          server,
          late
              ? Router.LATE
              : refused.atLogin() && !Trouble.isFinal(err) ? Router.LOST : Router.UNFIT);
    }
    if (late) {
      // It is well, only behind: the link is kept.
      state.way.approach = Optional.empty();
      state.way.awaited = Optional.empty();
      proceed();
      return;
    }
    if (state.way == state.replica && state.way.inTransaction()) {
      abandon(state.way);
      return;
    }
    if (state.way.ahead) {
      // It may have been asked too early, or for more than is needed now.
      drop(state.way);
      proceed();
      return;
    }
    drop(state.way);
    boolean another =
        state.way == state.replica
            && router.target(state.replica).filter(t -> !t.equals(server)).isPresent();
    if (another || (state.way == state.replica && state.settings.splits())) {
      proceed();
    } else if (state.loginAnswer.isPresent() && !room) {
      endWith(err, state.loginAnswer.get());
    } else if (refused.atLogin() && !Trouble.isFinal(err)) {
      // Too many connections, or not yet ready: another attempt, until the hold is over.
      hold();
    } else if (Trouble.isReadOnly(err)) {
      state.refusal = Optional.of(err);
      hold();
    } else {
      endWith(Trouble.cannotMove(err.message()), 1);
    }
  }

  /** The way's server is to lead, and takes no writes: what it has may not be what it had. */
  void closed() {
    if (state.way.reused) {
      startAfresh();
      return;
    }
    // At rest, so that it hears a farewell.
    state.way.approach = Optional.empty();
    state.phase = Phase.HELD;
    drop(state.way);
    hold(Patience.CLOSED);
  }

  /** The transaction that was repeated is not the one that the client knows. */
  void differs() {
    drop(state.way);
    losses.mourn(Transcript.Refusal.DIFFERENT);
    if (!losses.answeredForAgain()) {
      state.idle();
    }
  }

  /** Says something to the server that the client did not say. */
  void errands(List<Errand> all) {
    state.countHold();
    Errands errands = new Errands(all, state.way, state.mine(), state.capabilities());
    Approach talk = Approach.errands(state.mine(), errands);
    state.way.approach = Optional.of(talk);
    state.phase = Phase.APPROACH;
    if (talk.firstErrand(state.way.status) instanceof Approach.Result.Answer first) {
      state.tell(first.packet().bytes());
    }
    patience.begins();
  }

  void hold() {
    hold(Patience.RETRY);
  }

  private void hold(Duration retry) {
    state.phase = Phase.HELD;
    standby.consider();
    patience.waits(retry);
  }

  void tick() {
    if (patience.isOver()) {
      giveUp();
    } else if (state.phase == Phase.HELD) {
      proceed();
    } else if (state.phase == Phase.APPROACH) {
      patience.goesOn();
    }
  }

  /** The command failed; the session goes on, unless it cannot without its server. */
  void failed(Err err, int sequence) {
    state.say(err, sequence);
    if (tied().isPresent()) {
      end();
    } else {
      state.idle();
    }
  }

  /** The client's connection ends, and this is why. */
  void endWith(Err err, int sequence) {
    state.loginAnswer.ifPresent(login -> state.effects.add(new Effect.Refused(Refusal.SERVER)));
    state.say(err, sequence);
    end();
  }

  Losses losses() {
    return losses;
  }

  /** Somebody wants the session to end. */
  void leave(boolean atOnce) {
    state.leaving = true;
    if (!atOnce || state.phase == Phase.OVER) {
      return;
    }
    boolean asked = state.flight.map(f -> !f.begun()).orElse(state.phase != Phase.IDLE);
    if (state.memory.isPresent() && asked) {
      state.say(Trouble.killed(), state.loginAnswer.orElse(1));
    }
    end();
  }

  /** Ends the session if it is to end and owes nobody anything. */
  void leaveIfFree() {
    if (state.leaving && state.phase == Phase.IDLE && !state.inTransaction()) {
      end();
    }
  }

  /** Leaves a link's server, and its transaction. */
  void drop(Link link) {
    partings.leave(link);
    link.clear();
  }

  /** Leaves all servers, and what is of use to other sessions to them. */
  void unlinkAll() {
    standby.leave();
    partings.park(state.replica);
    partings.park(state.primary);
    state.way = state.home;
    state.nextIsSpecial = false;
  }

  void end() {
    unlinkAll();
    state.forgetTransaction();
    if (state.phase != Phase.OVER) {
      state.phase = Phase.OVER;
      state.effects.add(new Effect.Hangup());
    }
  }

  /** Why what goes over the way cannot go to another server. */
  Optional<String> tied() {
    return state.way == state.home ? state.memory.flatMap(Memory::pinned) : Optional.empty();
  }

  private void cannotMove() {
    if (state.again.isPresent()) {
      state.again = Optional.empty();
      boolean doubt = state.inDoubt.isPresent();
      endWith(doubt ? Trouble.unknownOutcome() : Trouble.cannotMove(tied().orElseThrow()), 1);
    } else {
      // The next command will hear it.
      state.idle();
    }
  }

  private void approach(ServerId server) {
    if (standby.takes(server)) {
      if (state.way.approach.isEmpty()) {
        proceed();
        return;
      }
      state.countHold();
      state.phase = Phase.APPROACH;
      patience.begins();
      return;
    }
    Memory mine = state.mine();
    boolean leads = state.table().primary().equals(Optional.of(server));
    Errands errands =
        new Errands(restoration.all(leads), state.way, state.mine(), state.capabilities());
    state.countHold();
    Approach talk = Approach.login(mine, errands, state.settings.door());
    state.way.begin(state.nextNumber(), server, talk);
    state.way.told(mine, restoration.insertId());
    state.way.reads = !leads;
    state.phase = Phase.APPROACH;
    state.effects.add(new Effect.Link(state.way.number, server, partings.wish()));
    patience.begins();
  }

  /** Leaves a connection that is of no use, as if it had broken. */
  void abandon(Link link) {
    Optional<ServerId> server = link.server;
    partings.leave(link);
    link.server = server;
    losses.lost(link, false);
  }

  /** The link that is wanted is one that another session has left. */
  void reused(Input.Reused found) {
    Link way = state.way;
    if (way.number == found.link() && way.server.isPresent() && way.approach.isPresent()) {
      way.reused = true;
      state.tell(way.approach.get().reused(found.thread()));
      patience.begins();
    }
  }

  /** What another session had left is of no use; if there is a reason, a fresh link tells it. */
  private void startAfresh() {
    drop(state.way);
    state.fresh = true;
    proceed();
  }

  private void giveUp() {
    if (patience.takesOver()) {
      startAfresh();
      return;
    }
    if (patience.hasAnotherWay()) {
      abandon(state.replica);
      return;
    }
    if (state.inDoubt.isPresent()) {
      endWith(Trouble.unknownOutcome(), 1);
      return;
    }
    Err err = state.refusal.orElseGet(() -> Trouble.holdOver(state.settings));
    state.refusal = Optional.empty();
    if (state.phase == Phase.APPROACH) {
      if (state.way.inTransaction()) {
        losses.mourn(Transcript.Refusal.HOLD_OVER);
      }
      drop(state.way);
    }
    state.heldSince = OptionalLong.empty();
    if (state.repeats.isPresent()) {
      losses.mourn(Transcript.Refusal.HOLD_OVER);
    }
    if (state.loginAnswer.isPresent()) {
      endWith(err, state.loginAnswer.get());
    } else if (losses.answeredForAgain()) {
      return;
    } else if (state.rolledBack.isPresent()) {
      state.idle();
    } else if (state.again.isPresent()) {
      state.again = Optional.empty();
      failed(err, 1);
    } else {
      state.holdOver = true;
      state.idle();
    }
  }
}
