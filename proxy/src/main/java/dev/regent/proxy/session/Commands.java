package dev.regent.proxy.session;

import dev.regent.proxy.seen.Kill;
import dev.regent.proxy.session.State.Phase;
import dev.regent.proxy.text.Statement;
import dev.regent.proxy.text.Statement.Pin;
import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.Command;
import dev.regent.proxy.wire.Err;
import dev.regent.proxy.wire.MalformedPacketException;
import dev.regent.proxy.wire.PacketReader;
import dev.regent.proxy.wire.PacketWriter;
import dev.regent.proxy.wire.Passage;
import dev.regent.proxy.wire.Status;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What the client sends once it is logged in: which of it may leave, and how. */
final class Commands {
  private final State state;
  private final Links links;
  private final Router router;
  private final Entrance entrance;
  private final Responses responses;
  private final Executions executions;
  private final Presence presence;
  private final Passage passage = new Passage();

  Commands(
      State state,
      Links links,
      Router router,
      Entrance entrance,
      Responses responses,
      Presence presence) {
    this.state = state;
    this.links = links;
    this.router = router;
    this.entrance = entrance;
    this.responses = responses;
    this.executions = new Executions(state);
    this.presence = presence;
  }

  /**
   * A command, if all that is needed of it is there.
   *
   * @return how many bytes were used; none if the command has to wait, or to become longer
   */
  int read(Bytes in) throws MalformedPacketException {
    if (in.length() < PacketWriter.HEADER) {
      return 0;
    }
    int length = new PacketReader(in).int3();
    if (length == 0 || in.at(3) != 0) {
      throw new MalformedPacketException("a command of " + length + " bytes, number " + in.at(3));
    }
    boolean whole = length <= Session.WHOLE_MAX;
    if (in.length() < PacketWriter.HEADER + (whole ? length : 1)) {
      return 0;
    }
    Optional<Command> known = Command.of(in.at(PacketWriter.HEADER));
    if (known.isEmpty()) {
      return refuse(Trouble.unknownCommand(), length);
    }
    Command command = known.get();
    if (command == Command.QUIT) {
      links.end();
      return in.length();
    }
    int end = whole ? PacketWriter.HEADER + length : in.length();
    // It is looked at many times, and kept until it is answered.
    Bytes said = whole ? Bytes.of(in.copy(0, end)) : in;
    Bytes packet = said.part(PacketWriter.HEADER, end);
    return switch (command) {
      case CHANGE_USER -> {
        if (!whole) {
          throw new MalformedPacketException("a login of " + length + " bytes");
        }
        entrance.changeUser(packet);
        yield end;
      }
      case CLOSE -> {
        executions.close(Execution.number(packet));
        state.idle();
        yield end;
      }
      case EXECUTE, BULK_EXECUTE, LONG_DATA, RESET, FETCH ->
          ofPrepared(command, said, packet, length);
      default -> {
        Statement statement = Statement.OTHER;
        if (command == Command.QUERY && whole) {
          statement = state.mine().look(said.array());
        }
        Optional<Kill> kill = whole ? Kill.in(command, packet) : Optional.empty();
        state.aim = kill.flatMap(presence::whereabouts);
        Optional<Integer> instead = insteadOf(command, statement, length);
        yield instead.isPresent() ? instead.get() : leave(command, statement, said, whole, end);
      }
    };
  }

  /** A command that names a prepared statement. */
  private int ofPrepared(Command command, Bytes in, Bytes packet, int length)
      throws MalformedPacketException {
    if (packet.length() < Math.min(length, Execution.needed(command, 0))) {
      return 0;
    }
    Optional<Prepared.One> found = executions.find(packet);
    if (found.isEmpty()) {
      return command == Command.LONG_DATA
          ? skipped(length)
          : refuse(Trouble.unknownStatement(Execution.number(packet), command), length);
    }
    Prepared.One one = found.get();
    state.aim = Optional.empty();
    if (length <= Session.WHOLE_MAX) {
      // A client says them once, whatever comes of this execution.
      executions.note(command, one, packet);
    }
    Statement statement = executions.statement(command, one, packet);
    Optional<Integer> instead = insteadOf(command, statement, length);
    if (instead.isPresent()) {
      return instead.get();
    }
    if (!state.way.knows(one)) {
      state.waits = true;
      links.errands(List.of(new Errand.Prepare(one)));
      return 0;
    }
    return length <= Session.WHOLE_MAX
        ? leavePrepared(command, one, in, length)
        : leaveLongPrepared(command, one, in);
  }

  private int leavePrepared(Command command, Prepared.One one, Bytes in, int length)
      throws MalformedPacketException {
    int end = PacketWriter.HEADER + length;
    byte[] complete = executions.complete(command, one, in.array());
    if (command == Command.LONG_DATA) {
      state.mine().prepared().longData(one.number());
      state.tell(Execution.renumbered(complete, state.way.numberOf(one)));
      state.idle();
      return end;
    }
    Flight flight = flight(command, Executions.statement(command, one));
    flight.names(one);
    if (!state.mine().prepared().hasLongData()) {
      flight.keep(complete);
    }
    state.phase = Phase.BUSY;
    state.tell(Execution.renumbered(complete, state.way.numberOf(one)));
    return end;
  }

  private int leaveLongPrepared(Command command, Prepared.One one, Bytes in)
      throws MalformedPacketException {
    int first = PacketWriter.HEADER + Execution.needed(command, one.parameters());
    if (in.length() < first) {
      return 0;
    }
    Prepared all = state.mine().prepared();
    if (command == Command.LONG_DATA) {
      all.longData(one.number());
      state.flight = Optional.empty();
    } else {
      Bytes packet = in.part(PacketWriter.HEADER, first);
      Optional<byte[]> types = Execution.types(command, one.parameters(), packet);
      if (types.isEmpty() && all.types(one.number()).isPresent() && !state.way.typed(one)) {
        links.endWith(Trouble.cannotMove(Pin.PREPARED.words()), 1);
        return 0;
      }
      types.ifPresent(kinds -> {
        all.typed(one.number(), kinds);
        state.way.typed.add(one.number());
      });
      flight(command, Executions.statement(command, one)).names(one);
    }
    state.phase = Phase.SENDING;
    passage.begin(in.at(0) | in.at(1) << 8 | in.at(2) << 16);
    state.tell(Execution.renumbered(in.copy(0, first), state.way.numberOf(one)));
    return passOn(first, passage.read(in, PacketWriter.HEADER));
  }

  /** What nobody answers, and nobody can use. */
  private int skipped(int length) {
    if (length > Session.WHOLE_MAX) {
      links.endWith(Trouble.malformed(), 1);
      return 0;
    }
    state.idle();
    return PacketWriter.HEADER + length;
  }

  /** The next piece of a long command. */
  int readLong(Bytes in) {
    return passOn(0, passage.read(in, 0));
  }

  /** Packets of a file, up to the empty one that ends it. */
  int readFile(Bytes in) {
    int at = passage.read(in, 0);
    while (passage.over() && in.length() - at >= PacketWriter.HEADER) {
      int length = in.at(at) | in.at(at + 1) << 8 | in.at(at + 2) << 16;
      at += PacketWriter.HEADER;
      if (length == 0) {
        state.phase = Phase.BUSY;
        break;
      }
      passage.begin(length);
      at = passage.read(in, at);
    }
    if (at > 0) {
      state.pass(0, at);
    }
    return at;
  }

  /**
   * Empty if the command may leave now. Else it is answered, or has to wait, and this many bytes of
   * it are used.
   */
  private Optional<Integer> insteadOf(Command command, Statement statement, int length) {
    if (!state.waits) {
      // What was counted before this command came is not its own waiting.
      state.heldSince = OptionalLong.empty();
    }
    state.waits = false;
    if (state.holdOver) {
      state.holdOver = false;
      return Optional.of(refuse(Trouble.holdOver(state.settings), length));
    }
    boolean readsOnly = state.settings.splits() && state.replica.inTransaction();
    if (readsOnly && !router.stays(command, statement)) {
      links.losses().leaveReplica();
    }
    state.way = router.choose(command, statement);
    Optional<String> pinned = links.tied();
    if (state.way.server.isEmpty() && pinned.isPresent()) {
      int used = refuse(Trouble.cannotMove(pinned.get()), length);
      links.end();
      return Optional.of(used);
    }
    if (statement.kind() == Statement.Kind.ROLLBACK || command == Command.RESET_CONNECTION) {
      // Who takes it back has what it wants.
      state.giveUpLostTransaction();
    }
    if (state.rolledBack.isPresent() && command != Command.PING) {
      Err err = Trouble.rolledBack(state.rolledBack.get());
      state.rolledBack = Optional.empty();
      return Optional.of(refuse(err, length));
    }
    if (router.mayLeave(state.way)) {
      state.waits = links.catchUp() || links.tokens().marks(command, statement);
      return state.waits ? Optional.of(0) : Optional.empty();
    }
    state.waits = true;
    state.countHold();
    links.proceed();
    return Optional.of(0);
  }

  private int leave(Command command, Statement statement, Bytes in, boolean whole, int end) {
    Flight flight = flight(command, statement);
    if (!whole) {
      return leaveLong(in);
    }
    Kill.in(command, in.part(PacketWriter.HEADER, end)).ifPresent(flight::killing);
    byte[] packet = presence.leaving(flight, in.array());
    flight.keep(packet);
    state.phase = Phase.BUSY;
    state.tell(packet);
    return end;
  }

  private Flight flight(Command command, Statement statement) {
    state.mine().leaves(statement);
    if (state.transcript.isEmpty()) {
      state.insertIdBefore = state.mine().insertId();
    }
    Flight flight = new Flight(command, statement, state.inTransaction(), state.capabilities());
    boolean next = statement.kind() == Statement.Kind.NEXT_TRANSACTION;
    if (!Status.has(state.way.status, Status.AUTOCOMMIT)) {
      flight.opens();
      flight.sumUp();
    } else if (next || flight.begins() || state.inTransaction()) {
      flight.sumUp();
    }
    state.flight = Optional.of(links.tokens().leaving(flight));
    state.last = state.way;
    state.lastCommand = state.now;
    return flight;
  }

  private int leaveLong(Bytes in) {
    state.phase = Phase.SENDING;
    passage.begin(in.at(0) | in.at(1) << 8 | in.at(2) << 16);
    return passOn(0, passage.read(in, PacketWriter.HEADER));
  }

  private int passOn(int from, int to) {
    if (to > from && state.way.server.isPresent()) {
      state.pass(from, to);
    }
    if (passage.over()) {
      if (state.flight.isEmpty()) {
        state.idle();
      } else {
        state.phase = Phase.BUSY;
        responses.landIfOver();
      }
    }
    return to;
  }

  /** Says no, and takes the command. */
  private int refuse(Err err, int length) {
    state.say(err, 1);
    if (length > Session.WHOLE_MAX) {
      links.end();
      return 0;
    }
    state.idle();
    return PacketWriter.HEADER + length;
  }
}
