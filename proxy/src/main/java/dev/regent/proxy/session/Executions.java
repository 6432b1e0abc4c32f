package dev.regent.proxy.session;

import dev.regent.proxy.text.Statement;
import dev.regent.proxy.text.Statement.Pin;
import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.Command;
import dev.regent.proxy.wire.MalformedPacketException;
import dev.regent.proxy.wire.PacketWriter;
import dev.regent.proxy.wire.Status;
import java.util.List;
import java.util.Optional;

/** What a client says of its prepared statements, in the words of the server that it goes to. */
final class Executions {
  private final State state;

  Executions(State state) {
    this.state = state;
  }

  /** The statement that a command names; empty if there is none of that number. */
  Optional<Prepared.One> find(Bytes packet) throws MalformedPacketException {
    return state.mine().prepared().find(Execution.number(packet));
  }

  /** What the command does: an execution what its statement does, everything else nothing. */
  static Statement statement(Command command, Prepared.One one) {
    return Execution.needsTypes(command) ? one.statement() : Statement.NOTHING;
  }

  /** The same, and where it may go: what a server keeps of it is at the primary. */
  Statement statement(Command command, Prepared.One one, Bytes packet) {
    Statement does = statement(command, one);
    boolean cursor = command == Command.EXECUTE && Execution.wantsCursor(packet);
    return cursor || state.mine().prepared().hasLongData() ? does.atPrimary() : does;
  }

  /** A statement was prepared by a server. */
  byte[] prepared(Flight flight, long number, int parameters, Bytes answer, int sequence) {
    Optional<byte[]> packet = flight.packet();
    if (packet.isEmpty()) {
      // Too long to be kept, and so to be prepared anywhere else.
      state.mine().pin(Pin.PREPARED);
    }
    byte[] whole = packet.orElseGet(() -> new byte[0]);
    Statement does = packet.isPresent() ? state.mine().look(whole) : Statement.OTHER;
    Prepared.One one = state.mine().prepared().add(whole, does, parameters);
    state.way.prepared.put(one.number(), number);
    byte[] framed = PacketWriter.frame(answer.copy(0, answer.length()), sequence);
    return Execution.renumbered(framed, one.number());
  }

  void close(long number) {
    for (Link link : List.of(state.primary, state.replica)) {
      Long there = link.prepared.remove(number);
      link.typed.remove(number);
      if (there != null && link.server.isPresent()) {
        byte[] close = new PacketWriter().int1(Command.CLOSE.code()).int4(there).packet(0);
        state.effects.add(new Effect.Tell(link.number, new Packet(close)));
      }
    }
    state.mine().prepared().close(number);
  }

  /** The types that a command brings hold for those that come after it. */
  void note(Command command, Prepared.One one, Bytes packet) throws MalformedPacketException {
    Execution.types(command, one.parameters(), packet)
        .ifPresent(types -> state.mine().prepared().typed(one.number(), types));
  }

  /** The whole command with all that a server must know to execute it, and the client's number. */
  byte[] complete(Command command, Prepared.One one, byte[] framed)
      throws MalformedPacketException {
    if (!Execution.needsTypes(command) || one.parameters() == 0) {
      return framed;
    }
    Prepared all = state.mine().prepared();
    Bytes packet = Bytes.of(framed).part(PacketWriter.HEADER, framed.length);
    Optional<byte[]> brought = Execution.types(command, one.parameters(), packet);
    Optional<byte[]> known = all.types(one.number());
    if (known.isPresent()) {
      state.way.typed.add(one.number());
    }
    return brought.isPresent() || known.isEmpty()
        ? framed
        : Execution.typed(command, framed, known.get());
  }

  /** Its response is complete. */
  void executed(Flight flight, int status) {
    Optional<Prepared.One> one = flight.prepared();
    if (one.isEmpty()) {
      return;
    }
    boolean fetches = flight.command() == Command.FETCH;
    boolean open = fetches || Status.has(status, Status.CURSOR_EXISTS);
    boolean cursor =
        open && !Status.has(status, Status.LAST_ROW_SENT) && flight.command() != Command.RESET;
    state.mine().prepared().executed(one.get().number(), cursor);
  }
}
