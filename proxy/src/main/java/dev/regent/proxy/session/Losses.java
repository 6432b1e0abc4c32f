package dev.regent.proxy.session;

import dev.regent.core.model.ServerId;
import dev.regent.proxy.session.State.Phase;
import dev.regent.proxy.text.Statement;
import dev.regent.proxy.wire.Err;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** What the loss of a server means: what is sent again, what is repeated, what the client hears. */
final class Losses {
  /** From one read that is taken away from a silent replica to the next. */
  static final Duration BUSY_READS = Duration.ofSeconds(60);

  private final State state;
  private final Links links;
  private final Router router;

  /** No other read is taken away before that. */
  private OptionalLong takenUntil = OptionalLong.empty();

  Losses(State state, Links links, Router router) {
    this.state = state;
    this.links = links;
    this.router = router;
  }

  /** An open transaction lost its server: it is repeated, if it can be. */
  private void interrupted(Link link) {
    Optional<Transcript.Refusal> refusal = state.transcript.refusal();
    if (refusal.isPresent()) {
      mourn(refusal.get());
    } else if (state.transcript.isEmpty()) {
      mourn(Transcript.Refusal.LATE);
    } else {
      state.repeats = Optional.of(link);
    }
  }

  /** A transaction that only reads cannot stay at its replica: it goes on at the primary. */
  void leaveReplica() {
    links.drop(state.replica);
    state.readsOnlyAtPrimary = true;
    interrupted(state.primary);
  }

  /** The server has not committed the transaction whose commit was lost, and never will. */
  void takenBack() {
    interrupted(state.primary);
    if (!answeredForAgain()) {
      links.proceed();
    }
  }

  /** A transaction was given up with its link; whether its client has to hear of it first. */
  boolean isMourned(Link link) {
    interrupted(link);
    if (state.rolledBack.isEmpty()) {
      return false;
    }
    if (!answeredForAgain()) {
      state.idle();
    }
    return true;
  }

  /** The client is to be told that its transaction is gone. */
  void mourn(Transcript.Refusal why) {
    state.forgetTransaction();
    state.rolledBack = Optional.of(why);
  }

  /** What waits to be sent again hears of the lost transaction instead; false if nothing waits. */
  boolean answeredForAgain() {
    if (state.again.isEmpty() || state.rolledBack.isEmpty()) {
      return false;
    }
    state.again = Optional.empty();
    Err err = Trouble.rolledBack(state.rolledBack.get());
    state.rolledBack = Optional.empty();
    links.failed(err, 1);
    return true;
  }

  /**
   * @param moved another server has the role: there is somewhere to go at once
   */
  void lost(Link link, boolean moved) {
    boolean others = link != state.replica && state.replica.inTransaction();
    boolean tells = link == state.home && !others && !state.transcript.isEmpty();
    boolean known = state.inDoubt.isEmpty();
    if (known
        && (link.inTransaction() || tells)
        && !(state.phase == Phase.BUSY && link == state.way)) {
      interrupted(link);
    }
    boolean repeating = link.repeating;
    boolean reused = link.reused;
    state.fresh |= reused;
    if (link == state.replica && !reused) {
      link.server.ifPresent(server -> router.avoid(server, Router.LOST));
    }
    link.clear();
    if (link != state.way) {
      return;
    }
    switch (state.phase) {
      case LOGIN, REFRESH, OVER, IDLE -> {}
      case HELD -> {
        if (state.rolledBack.isPresent()) {
          // That much is certain already, wherever it goes next.
          state.idle();
        } else {
          links.proceed();
        }
      }
      case APPROACH -> {
        boolean another = link == state.replica && state.settings.splits();
        if (repeating && !state.transcript.attempt()) {
          mourn(Transcript.Refusal.TOO_OFTEN);
          if (!answeredForAgain()) {
            state.idle();
          }
        } else if (moved || another || reused) {
          links.proceed();
        } else {
          links.hold();
        }
      }
      case SENDING, FILE -> {
        // The client is not done sending, so there is no way back into step with it.
        if (!state.flight.map(Flight::over).orElse(true)) {
          state.say(Trouble.unknownOutcome(), 1);
        }
        links.end();
      }
      case BUSY -> lostInFlight(state.flight.orElseThrow());
    }
  }

  /**
   * A server gave no sign of life for a while. Of its own accord a read would wait for it until the
   * connection breaks; it is read elsewhere, if nothing of the answer has come. Once in a while
   * only: the read itself may be what keeps one replica after the other busy.
   */
  void silent(ServerId server) {
    Link link = state.replica;
    boolean waits =
        state.phase == Phase.BUSY
            && state.way == link
            && link.reads
            && link.server.equals(Optional.of(server))
            && links.tied().isEmpty();
    boolean harmless =
        state
            .flight
            .filter(f -> !f.begun() && !f.stream().insidePacket())
            .filter(f -> f.loss() != Flight.Loss.UNKNOWN)
            .filter(f -> !f.inTransaction() || state.transcript.refusal().isEmpty())
            .isPresent();
    if (waits && harmless && (takenUntil.isEmpty() || state.now - takenUntil.getAsLong() >= 0)) {
      takenUntil = OptionalLong.of(state.now + BUSY_READS.toNanos());
      links.abandon(link);
    }
  }

  private void lostInFlight(Flight flight) {
    state.flight = Optional.empty();
    state.refusal = Optional.empty();
    if (flight.stream().insidePacket()) {
      links.end();
    } else if (flight.begun()) {
      boolean read = flight.statement().kind() == Statement.Kind.READ;
      Err err = read ? Trouble.lostResult() : Trouble.unknownOutcome();
      links.endWith(err, flight.stream().sequence() + 1);
    } else {
      switch (flight.loss()) {
        case ROLLED_BACK -> sendAgain(flight, true);
        case UNKNOWN -> {
          if (flight.token().isPresent() && links.tied().isEmpty()) {
            state.inDoubt = flight.token();
            sendAgain(flight, false);
          } else {
            links.endWith(Trouble.unknownOutcome(), 1);
          }
        }
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
      links.endWith(Trouble.cannotMove("the length of the statement"), 1);
      return;
    }
    state.again = Optional.of(flight);
    if (inTransaction) {
      interrupted(state.way);
    }
    state.countHold();
    if (!answeredForAgain()) {
      links.proceed();
    }
  }

  /** The server did nothing, since it takes no writes: wait for one that does. */
  void refusedToWrite(Flight flight) {
    boolean inTransaction = flight.inTransaction();
    if (inTransaction) {
      // The server would keep the transaction, and never let it end well: it ends now.
      links.drop(state.way);
      interrupted(state.way);
    }
    state.again = Optional.of(flight);
    state.countHold();
    if (answeredForAgain()) {
      return;
    }
    if (state.way == state.primary) {
      links.hold();
    } else {
      state.way = state.primary;
      links.proceed();
    }
  }
}
