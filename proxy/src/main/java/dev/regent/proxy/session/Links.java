package dev.regent.proxy.session;

import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.proxy.session.State.Phase;
import dev.regent.proxy.text.Statement;
import dev.regent.proxy.wire.Command;
import dev.regent.proxy.wire.Err;
import dev.regent.proxy.wire.Ok;
import dev.regent.proxy.wire.PacketWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The session's way to its server: made, held up, lost, and what is lost with it. */
final class Links {
  /** A server that is read-only though the table is open: the table may be a moment late. */
  private static final Duration READ_ONLY_PATIENCE = Duration.ofSeconds(2);

  /** From one attempt to the next, while a server cannot be reached or does not take writes. */
  private static final Duration RETRY = Duration.ofMillis(50);

  /** How long a login waits for room at its server; then it is told. */
  static final Duration ROOM_PATIENCE = Duration.ofSeconds(5);

  private static final int TOO_MANY = 1040;
  private static final int LOCKED = 4151;
  private static final byte[] QUIT = new PacketWriter().int1(Command.QUIT.code()).packet(0);

  private final State state;

  Links(State state) {
    this.state = state;
  }

  void routed(RoutingTable table) {
    state.obey(table);
    if (state.linkedToFormer()) {
      leave(state.primary);
      lost(state.primary, true);
    } else if (state.repeats && state.phase == Phase.APPROACH && !state.mayLeave()) {
      // Its writes wait too; what was repeated of it so far is taken back.
      unlink();
      hold();
    } else if (state.phase == Phase.HELD) {
      proceed();
    }
  }

  /** The connection broke, or could not be opened. */
  void unlinked(int link) {
    state.link(link).ifPresent(gone -> lost(gone, false));
  }

  /** The server said what the protocol does not allow, and is not linked to any more. */
  void lostToNonsense() {
    leave(state.way);
    lost(state.way, false);
  }

  /**
   * Goes on with what waits: a login, a command that is to be sent again, or the client's next one.
   */
  void proceed() {
    Optional<ServerId> open = state.open();
    if (state.way.server.isEmpty() && tied().isPresent()) {
      cannotMove();
    } else if (open.isEmpty()) {
      hold();
    } else if (state.way.server.isEmpty()) {
      approach(open.get());
    } else if (state.again.isPresent()) {
      Flight before = state.again.get();
      state.again = Optional.empty();
      state.refusal = Optional.empty();
      state.flight = Optional.of(before.anew(state.inTransaction()));
      state.phase = Phase.BUSY;
      state.tell(before.outgoing(state.way));
    } else {
      state.idle();
    }
  }

  /** A conversation with the server is over, and it waits for the client's commands. */
  void ready(int status) {
    state.way.approach = Optional.empty();
    state.way.status = status;
    state.way.repeating = false;
    state.repeats = false;
    state.refusal = Optional.empty();
    state.loginAnswer.ifPresent(number -> state.say(PacketWriter.frame(Ok.encode(status), number)));
    state.loginAnswer = Optional.empty();
    state.phase = Phase.IDLE;
    proceed();
  }

  void refused(Approach.Result.Refused refused) {
    unlink();
    if (state.loginAnswer.isPresent() && !waitsForRoom(refused.err())) {
      endWith(refused.err(), state.loginAnswer.get());
    } else if (refused.atLogin() && !isFinal(refused.err())) {
      // Too many connections, or not yet ready: another attempt, until the hold is over.
      hold();
    } else if (Trouble.isReadOnly(refused.err())) {
      state.refusal = Optional.of(refused.err());
      hold();
    } else {
      endWith(Trouble.cannotMove(refused.err().message()), 1);
    }
  }

  /** The transaction that was repeated is not the one that the client knows. */
  void differs() {
    unlink();
    mourn(Transcript.Refusal.DIFFERENT);
    if (!answeredForAgain()) {
      state.idle();
    }
  }

  /** A server that is full has room again when somebody leaves: a login waits for that a while. */
  private boolean waitsForRoom(Err err) {
    return err.code() == TOO_MANY
        && state.now - state.heldSince.orElse(state.now) < ROOM_PATIENCE.toNanos();
  }

  /** Who may not come in, or finds no database, will not a moment later either. */
  private static boolean isFinal(Err err) {
    return err.state().equals("28000") || err.state().startsWith("42") || err.code() == LOCKED;
  }

  /** Says something to the server that the client did not say. */
  void errand(Errand errand) {
    state.countHold();
    Errands errands = new Errands(List.of(errand), state.way, state.mine(), state.capabilities());
    Approach talk = Approach.errands(state.mine(), errands);
    state.way.approach = Optional.of(talk);
    state.phase = Phase.APPROACH;
    if (talk.firstErrand(state.way.status) instanceof Approach.Result.Answer first) {
      state.tell(first.packet().bytes());
    }
    state.effects.add(new Effect.Wake(deadline()));
  }

  void hold() {
    state.phase = Phase.HELD;
    long retry = state.now + RETRY.toNanos();
    boolean open = state.open().isPresent();
    state.effects.add(new Effect.Wake(open ? Math.min(deadline(), retry) : deadline()));
  }

  void tick() {
    if (state.phase == Phase.LOGIN && state.memory.isEmpty()) {
      // Who connects and says nothing does not stay; a server's limit is the same.
      end();
      return;
    }
    boolean waits = state.phase == Phase.HELD || state.phase == Phase.APPROACH;
    if (waits && state.now - deadline() >= 0) {
      giveUp();
    } else if (state.phase == Phase.HELD) {
      proceed();
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
    state.say(err, sequence);
    end();
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

  /** Leaves the way's server, and its transaction. */
  void unlink() {
    leave(state.way);
    state.way.clear();
  }

  /** Leaves all servers. */
  void unlinkAll() {
    for (Link link : List.of(state.replica, state.primary)) {
      leave(link);
      link.clear();
    }
    state.way = state.primary;
  }

  /** Closes a connection; what was lost with it is looked at after that. */
  private void leave(Link link) {
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

  void end() {
    unlinkAll();
    state.forgetTransaction();
    if (state.phase != Phase.OVER) {
      state.phase = Phase.OVER;
      state.effects.add(new Effect.Hangup());
    }
  }

  /** Why the session cannot go to another server. */
  private Optional<String> tied() {
    return state.memory.flatMap(Memory::pinned);
  }

  private void cannotMove() {
    if (state.again.isPresent()) {
      state.again = Optional.empty();
      endWith(Trouble.cannotMove(tied().orElseThrow()), 1);
    } else {
      // The next command will hear it.
      state.idle();
    }
  }

  private void approach(ServerId server) {
    Memory mine = state.mine();
    Errands errands = new Errands(errands(mine), state.way, state.mine(), state.capabilities());
    state.countHold();
    Approach talk = Approach.login(mine, errands, state.settings.door());
    state.way.begin(state.nextNumber(), server, talk);
    state.phase = Phase.APPROACH;
    state.effects.add(new Effect.Link(state.way.number, server));
    state.effects.add(new Effect.Wake(deadline()));
  }

  /** All that makes a fresh connection the one that the session had. */
  private List<Errand> errands(Memory mine) {
    List<Errand> errands = new ArrayList<>();
    errands.add(new Errand.Say(Memory.TELL_ALL));
    mine.restoring().map(Errand.Say::new).ifPresent(errands::add);
    Set<Prepared.One> needed = new LinkedHashSet<>();
    if (state.repeats) {
      needed.addAll(state.transcript.prepared());
    }
    state.again.flatMap(Flight::prepared).ifPresent(needed::add);
    needed.forEach(one -> errands.add(new Errand.Prepare(one)));
    if (state.repeats) {
      state.transcript.entries().forEach(entry -> errands.add(new Errand.Repeat(entry)));
    }
    return errands;
  }

  /** An open transaction lost its server: it is repeated, if it can be. */
  private void interrupted() {
    Optional<Transcript.Refusal> refusal = state.transcript.refusal();
    if (refusal.isPresent()) {
      mourn(refusal.get());
    } else {
      state.repeats = true;
    }
  }

  /** The client is to be told that its transaction is gone. */
  private void mourn(Transcript.Refusal why) {
    state.forgetTransaction();
    state.rolledBack = Optional.of(why);
  }

  /** What waits to be sent again hears of the lost transaction instead; false if nothing waits. */
  private boolean answeredForAgain() {
    if (state.again.isEmpty() || state.rolledBack.isEmpty()) {
      return false;
    }
    state.again = Optional.empty();
    Err err = Trouble.rolledBack(state.rolledBack.get());
    state.rolledBack = Optional.empty();
    failed(err, 1);
    return true;
  }

  /**
   * @param moved another server has the role: there is somewhere to go at once
   */
  private void lost(Link link, boolean moved) {
    boolean something = link.inTransaction() || !state.transcript.isEmpty();
    if (something && link == state.primary && state.phase != Phase.BUSY) {
      interrupted();
    }
    boolean repeating = link.repeating;
    link.clear();
    switch (state.phase) {
      case LOGIN, REFRESH, OVER, IDLE -> {}
      case HELD -> {
        if (state.rolledBack.isPresent()) {
          // That much is certain already, wherever it goes next.
          state.idle();
        } else {
          proceed();
        }
      }
      case APPROACH -> {
        if (repeating && !state.transcript.attempt()) {
          mourn(Transcript.Refusal.TOO_OFTEN);
          if (!answeredForAgain()) {
            state.idle();
          }
        } else if (moved) {
          proceed();
        } else {
          hold();
        }
      }
      case SENDING, FILE -> {
        // The client is not done sending, so there is no way back into step with it.
        if (!state.flight.map(Flight::over).orElse(true)) {
          state.say(Trouble.unknownOutcome(), 1);
        }
        end();
      }
      case BUSY -> lostInFlight(state.flight.orElseThrow());
    }
  }

  private void lostInFlight(Flight flight) {
    state.flight = Optional.empty();
    state.refusal = Optional.empty();
    if (flight.stream().insidePacket()) {
      end();
    } else if (flight.begun()) {
      boolean read = flight.statement().kind() == Statement.Kind.READ;
      Err err = read ? Trouble.lostResult() : Trouble.unknownOutcome();
      endWith(err, flight.stream().sequence() + 1);
    } else {
      switch (flight.loss()) {
        case ROLLED_BACK -> sendAgain(flight, true);
        case UNKNOWN -> endWith(Trouble.unknownOutcome(), 1);
        case HARMLESS -> {
          if (flight.inTransaction()) {
            state.forgetTransaction();
          }
          sendAgain(flight, !state.transcript.isEmpty());
        }
      }
    }
  }

  /**
   * It certainly did nothing, and goes out again.
   *
   * @param inTransaction after all that came before it in its transaction
   */
  private void sendAgain(Flight flight, boolean inTransaction) {
    if (flight.packet().isEmpty()) {
      endWith(Trouble.cannotMove("the length of the statement"), 1);
      return;
    }
    state.again = Optional.of(flight);
    if (inTransaction) {
      interrupted();
    }
    state.countHold();
    if (!answeredForAgain()) {
      proceed();
    }
  }

  /** The server did nothing, since it takes no writes: wait for one that does. */
  void refusedToWrite(Flight flight) {
    boolean inTransaction = flight.inTransaction();
    if (inTransaction) {
      // The server would keep the transaction, and never let it end well: it ends now.
      unlink();
      interrupted();
    }
    state.again = Optional.of(flight);
    state.countHold();
    if (!answeredForAgain()) {
      hold();
    }
  }

  private long deadline() {
    boolean impatient = state.refusal.isPresent() && state.open().isPresent();
    Duration limit = impatient ? READ_ONLY_PATIENCE : state.settings.hold();
    return state.heldSince.orElse(state.now) + limit.toNanos();
  }

  private void giveUp() {
    Err err = state.refusal.orElseGet(() -> Trouble.holdOver(state.settings.hold()));
    state.refusal = Optional.empty();
    if (state.phase == Phase.APPROACH) {
      unlink();
    }
    state.heldSince = OptionalLong.empty();
    if (state.repeats) {
      mourn(Transcript.Refusal.HOLD_OVER);
    }
    if (state.loginAnswer.isPresent()) {
      endWith(err, state.loginAnswer.get());
    } else if (answeredForAgain()) {
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
