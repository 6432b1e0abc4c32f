package dev.regent.proxy.session;

import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.proxy.session.State.Phase;
import dev.regent.proxy.wire.Command;
import dev.regent.proxy.wire.Err;
import dev.regent.proxy.wire.Ok;
import dev.regent.proxy.wire.PacketWriter;
import dev.regent.proxy.wire.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

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

  private final State state;

  Links(State state) {
    this.state = state;
  }

  void routed(RoutingTable table) {
    state.obey(table);
    if (state.linkedToFormer()) {
      unlink();
      lost(true);
    } else if (state.phase == Phase.HELD) {
      proceed();
    }
  }

  /** The connection broke, or could not be opened. */
  void unlinked(int link) {
    if (link == state.link && state.linked.isPresent()) {
      state.linked = Optional.empty();
      lost(false);
    }
  }

  /** The server said what the protocol does not allow, and is not linked to any more. */
  void lostToNonsense() {
    lost(false);
  }

  /**
   * Goes on with what waits: a login, a command that is to be sent again, or the client's next one.
   */
  void proceed() {
    Optional<ServerId> open = state.open();
    if (state.linked.isEmpty() && tied().isPresent()) {
      cannotMove();
    } else if (open.isEmpty()) {
      hold();
    } else if (state.linked.isEmpty()) {
      approach(open.get());
    } else if (state.again.isPresent()) {
      Flight before = state.again.get();
      state.again = Optional.empty();
      state.refusal = Optional.empty();
      state.flight = Optional.of(before.anew());
      state.phase = Phase.BUSY;
      state.tell(before.packet().orElseThrow());
    } else {
      state.idle();
    }
  }

  /** A conversation with the server is over, and it waits for the client's commands. */
  void ready(int status) {
    state.approach = Optional.empty();
    state.status = status;
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
    } else {
      endWith(Trouble.cannotMove(refused.err().message()), 1);
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
  void errand(String sql) {
    state.countHold();
    Approach talk = Approach.errands(state.mine(), List.of(sql));
    state.approach = Optional.of(talk);
    state.phase = Phase.APPROACH;
    state.tell(talk.firstErrand());
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

  void unlink() {
    if (state.linked.isPresent()) {
      if (state.phase == Phase.IDLE || state.phase == Phase.HELD) {
        // So that the server does not complain of a client that went without a word.
        state.tell(new PacketWriter().int1(Command.QUIT.code()).packet(0));
      }
      state.linked = Optional.empty();
      state.effects.add(new Effect.Unlink(state.link));
    }
    state.approach = Optional.empty();
  }

  void end() {
    unlink();
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
    List<String> errands = new ArrayList<>();
    errands.add(Memory.TELL_ALL);
    mine.restoring().ifPresent(errands::add);
    state.countHold();
    state.refusal = Optional.empty();
    state.linked = Optional.of(server);
    state.approach = Optional.of(Approach.login(mine, errands, state.settings.door()));
    state.phase = Phase.APPROACH;
    state.link++;
    state.effects.add(new Effect.Link(state.link, server));
    state.effects.add(new Effect.Wake(deadline()));
  }

  /**
   * @param moved another server has the role: there is somewhere to go at once
   */
  private void lost(boolean moved) {
    state.approach = Optional.empty();
    boolean inTransaction = state.inTransaction();
    state.status = Status.AUTOCOMMIT;
    switch (state.phase) {
      case LOGIN, REFRESH, OVER -> {}
      case IDLE -> state.rolledBack |= inTransaction;
      case HELD -> {
        state.rolledBack |= inTransaction;
        if (state.rolledBack) {
          // That much is certain already, wherever it goes next.
          state.idle();
        } else {
          proceed();
        }
      }
      case APPROACH -> {
        if (moved) {
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
        case ROLLED_BACK -> failed(Trouble.rolledBack(), 1);
        case UNKNOWN -> endWith(Trouble.unknownOutcome(), 1);
        case HARMLESS -> {
          state.again = Optional.of(flight);
          state.countHold();
          proceed();
        }
      }
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
    if (state.loginAnswer.isPresent()) {
      endWith(err, state.loginAnswer.get());
    } else if (state.again.isPresent()) {
      state.again = Optional.empty();
      failed(err, 1);
    } else {
      state.holdOver = true;
      state.idle();
    }
  }
}
