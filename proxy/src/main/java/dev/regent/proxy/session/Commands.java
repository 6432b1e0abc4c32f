package dev.regent.proxy.session;

import dev.regent.proxy.session.State.Phase;
import dev.regent.proxy.text.Statement;
import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.Command;
import dev.regent.proxy.wire.Err;
import dev.regent.proxy.wire.MalformedPacketException;
import dev.regent.proxy.wire.PacketReader;
import dev.regent.proxy.wire.PacketWriter;
import dev.regent.proxy.wire.Passage;
import java.util.Optional;

/** What the client sends once it is logged in: which of it may leave, and how. */
final class Commands {
  private final State state;
  private final Links links;
  private final Router router;
  private final Entrance entrance;
  private final Responses responses;
  private final Passage passage = new Passage();

  Commands(State state, Links links, Router router, Entrance entrance, Responses responses) {
    this.state = state;
    this.links = links;
    this.router = router;
    this.entrance = entrance;
    this.responses = responses;
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
    int end = whole ? PacketWriter.HEADER + length : in.length();
    Bytes packet = in.part(PacketWriter.HEADER, end);
    return switch (command) {
      case QUIT -> {
        links.end();
        yield in.length();
      }
      case CHANGE_USER -> {
        if (!whole) {
          throw new MalformedPacketException("a login of " + length + " bytes");
        }
        entrance.changeUser(packet);
        yield end;
      }
      case CLOSE, LONG_DATA -> unanswered(command, in, packet, whole, end);
      default -> {
        Statement statement = Statement.OTHER;
        if (command == Command.QUERY && whole) {
          statement = state.mine().look(packet.copy(1, length));
        }
        Optional<Integer> instead = insteadOf(command, statement, length);
        yield instead.isPresent() ? instead.get() : leave(command, statement, in, whole, end);
      }
    };
  }

  /** The next piece of a long command. */
  int readLong(Bytes in) {
    return passOn(passage.read(in, 0));
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
    if (state.holdOver) {
      state.holdOver = false;
      return Optional.of(refuse(Trouble.holdOver(state.settings), length));
    }
    boolean readsOnly = state.settings.splits() && state.replica.inTransaction();
    if (readsOnly && !router.stays(command, statement)) {
      links.drop(state.replica);
      state.readsOnlyAtPrimary = true;
      return Optional.of(refuse(Trouble.notAtReplica(), length));
    }
    state.way = router.choose(command, statement);
    Optional<String> pinned = links.tied();
    if (state.way.server.isEmpty() && pinned.isPresent()) {
      int used = refuse(Trouble.cannotMove(pinned.get()), length);
      links.end();
      return Optional.of(used);
    }
    if (state.rolledBack && command != Command.PING) {
      state.rolledBack = false;
      // Who takes it back has what it wants.
      if (statement.kind() != Statement.Kind.ROLLBACK) {
        return Optional.of(refuse(Trouble.rolledBack(), length));
      }
    }
    if (router.mayLeave(state.way)) {
      return links.catchUp() ? Optional.of(0) : Optional.empty();
    }
    state.countHold();
    links.proceed();
    return Optional.of(0);
  }

  private int leave(Command command, Statement statement, Bytes in, boolean whole, int end) {
    state.mine().leaves(statement);
    Flight flight = new Flight(command, statement, state.inTransaction(), state.capabilities());
    state.flight = Optional.of(flight);
    state.last = state.way;
    if (!whole) {
      return leaveLong(in);
    }
    byte[] packet = in.copy(0, end);
    flight.keep(packet);
    state.phase = Phase.BUSY;
    state.tell(packet);
    return end;
  }

  /** What no server answers. It concerns a prepared statement, so this link or none. */
  private int unanswered(Command command, Bytes in, Bytes packet, boolean whole, int end)
      throws MalformedPacketException {
    state.way = state.home;
    if (command == Command.CLOSE) {
      PacketReader reader = new PacketReader(packet);
      reader.skip(1);
      state.mine().closed(reader.int4());
    }
    if (!whole) {
      state.flight = Optional.empty();
      return leaveLong(in);
    }
    if (state.way.server.isPresent()) {
      state.pass(0, end);
    }
    state.idle();
    return end;
  }

  private int leaveLong(Bytes in) {
    state.phase = Phase.SENDING;
    passage.begin(in.at(0) | in.at(1) << 8 | in.at(2) << 16);
    return passOn(passage.read(in, PacketWriter.HEADER));
  }

  private int passOn(int to) {
    if (to > 0 && state.way.server.isPresent()) {
      state.pass(0, to);
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
