package dev.regent.proxy.session;

import dev.regent.proxy.fleet.Positions;
import dev.regent.proxy.session.State.Phase;
import dev.regent.proxy.text.Statement;
import dev.regent.proxy.text.Statement.Pin;
import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.Capability;
import dev.regent.proxy.wire.Command;
import dev.regent.proxy.wire.Err;
import dev.regent.proxy.wire.Heard;
import dev.regent.proxy.wire.MalformedPacketException;
import dev.regent.proxy.wire.Ok;
import dev.regent.proxy.wire.PacketWriter;
import dev.regent.proxy.wire.ResponseStream;
import dev.regent.proxy.wire.Status;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What a server answers to a client's command: passed on, and listened to where it concerns us. */
final class Responses {
  private static final int DEADLOCK = 1213;

  /** Of COM_SET_OPTION; 1 takes it back. */
  private static final int MANY_STATEMENTS = 0;

  private final State state;
  private final Links links;
  private final Router router;
  private final Executions executions;

  Responses(State state, Links links, Router router) {
    this.state = state;
    this.links = links;
    this.router = router;
    this.executions = new Executions(state);
  }

  int read(Bytes in) throws MalformedPacketException {
    Flight flight = state.flight.orElseThrow();
    int used = flight.stream().read(in, flight.response(), new Ears(flight));
    if (state.phase != Phase.SENDING) {
      landIfOver();
    }
    return used;
  }

  /** If the response is complete, the next command may come. */
  void landIfOver() {
    if (state.flight.filter(Flight::over).isPresent()) {
      Flight flight = state.flight.get();
      state.flight = Optional.empty();
      if (state.refusal.isPresent()) {
        links.losses().refusedToWrite(flight);
      } else {
        land(flight);
      }
    }
  }

  private void land(Flight flight) {
    Memory mine = state.mine();
    executions.executed(flight, state.way.status);
    if (flight.command() == Command.RESET_CONNECTION) {
      mine.reset();
      state.nextIsSpecial = false;
      state.way.told = mine.version();
      state.way.prepared.clear();
      links.drop(state.way == state.primary ? state.replica : state.primary);
      links.standby().leave();
    }
    if (flight.command() == Command.SET_OPTION && flight.succeeded()) {
      setOption(flight);
    }
    state.transcript.landed(flight, state.inTransaction());
    noteTransaction(flight);
    if (flight.statement().kind() == Statement.Kind.UNLOCK) {
      mine.unpin(Pin.TABLE_LOCK);
    }
    state.heldSince = OptionalLong.empty();
    if (flight.hidesTransaction()) {
      state.asksForStatus = true;
      links.errands(List.of(new Errand.Ping()));
    } else if (mine.takeTrackingChanged()) {
      links.errands(List.of(new Errand.Say(Memory.TELL_ALL)));
    } else {
      state.idle();
      links.dropReplica();
    }
  }

  /** What it sets is agreed on in a login: this server was told, and others hear it in theirs. */
  private void setOption(Flight flight) {
    flight
        .packet()
        .map(packet -> packet[PacketWriter.HEADER + 1])
        .ifPresent(option -> state.mine().takesManyStatements(option == MANY_STATEMENTS));
    state.way.bound = true;
    links.drop(state.way == state.primary ? state.replica : state.primary);
    links.standby().leave();
  }

  /** What was said of the next transaction ends with it. */
  private void noteTransaction(Flight flight) {
    if (flight.command() != Command.PING) {
      boolean said = flight.statement().kind() == Statement.Kind.NEXT_TRANSACTION;
      state.nextIsSpecial = said || (state.nextIsSpecial && state.primary.inTransaction());
    }
  }

  private final class Ears implements ResponseStream.Sink {
    private final Flight flight;

    Ears(Flight flight) {
      this.flight = flight;
    }

    @Override
    public boolean sums() {
      return flight.digest().isPresent();
    }

    @Override
    public void row(byte[] bytes, int from, int to) {
      flight.digest().orElseThrow().row(bytes, from, to);
    }

    @Override
    public void pass(int from, int to) {
      flight.begin();
      state.passOn(from, to);
    }

    @Override
    public void heard(Heard heard, Bytes packet, int from, int to) throws MalformedPacketException {
      flight.digest().ifPresent(digest -> digest.heard(heard));
      switch (heard) {
        case Heard.Failed failed -> {
          flight.fail(failed.err().code());
          if (noWrites(failed.err())) {
            state.refusal = Optional.of(failed.err());
            return;
          }
          if (flight.command() == Command.PREPARE) {
            state.mine().prepared().failed();
          }
          if (failed.err().code() == DEADLOCK) {
            // An error has no status; this one tells by itself.
            state.way.status &= ~Status.IN_TRANSACTION;
          }
        }
        case Heard.Done done -> {
          Ok ok = done.ok();
          state.way.status = ok.status();
          if (state.inTransaction() && Memory.tellsOfTransaction(ok)) {
            // It is in the binary log, and on replicas, whatever becomes of the rest.
            state.transcript.refuse(Transcript.Refusal.PERSISTED);
          }
          remember(ok);
          if (Status.has(ok.status(), Status.STATE_CHANGED) && !clientTracks()) {
            flight.begin();
            state.say(PacketWriter.frame(ok.plain(packet), flight.stream().sequence()));
            return;
          }
        }
        case Heard.End end -> state.way.status = end.status();
        case Heard.Prepared prepared -> {
          flight.begin();
          int sequence = flight.stream().sequence();
          state.say(
              executions.prepared(
                  flight, prepared.statement(), prepared.parameters(), packet, sequence));
          return;
        }
        case Heard.FileWanted wanted -> state.takeFile();
        case Heard.Passing passing -> {}
        case Heard.Text text -> {}
      }
      pass(from, to);
    }

    private void remember(Ok ok) {
      Memory mine = state.mine();
      Positions before = mine.written();
      mine.heard(ok);
      flight.statement().names().ifPresent(mine::names);
      state.way.told = mine.version();
      if (!mine.written().equals(before)) {
        router.wrote();
      }
    }

    private boolean noWrites(Err err) {
      boolean elsewhere =
          state.way == state.primary || (state.settings.splits() && !flight.inTransaction());
      return elsewhere
          && Trouble.isReadOnly(err)
          && !flight.begun()
          && flight.packet().isPresent()
          && flight.didNothingIfRefused();
    }

    private boolean clientTracks() {
      return Capability.has(state.mine().login().capabilities(), Capability.SESSION_TRACK);
    }
  }
}
