package dev.regent.proxy.session;

import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.proxy.wire.Capability;
import dev.regent.proxy.wire.Err;
import dev.regent.proxy.wire.PacketWriter;
import dev.regent.proxy.wire.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What the parts of one session share. */
final class State {
  enum Phase {
    /** The client says who it is. */
    LOGIN,
    /** The accounts are read again, since they may be older than the client's. */
    REFRESH,
    /** The proxy talks to a server in its own name. */
    APPROACH,
    IDLE,
    /** A long command passes in pieces. */
    SENDING,
    /** A command was sent, its response is awaited or passes. */
    BUSY,
    /** The client sends a file. */
    FILE,
    /** Something waits for a server that takes it. */
    HELD,
    OVER
  }

  final Settings settings;
  final List<Effect> effects = new ArrayList<>();

  Phase phase = Phase.LOGIN;
  long now;

  /** The newest table seen. */
  private RoutingTable table;

  /** Empty until the client has proved itself for the first time. */
  Optional<Memory> memory = Optional.empty();

  /** The number of the packet that tells the client how its login ended; empty once it is told. */
  Optional<Integer> loginAnswer = Optional.empty();

  int link;
  Optional<ServerId> linked = Optional.empty();
  Optional<Approach> approach = Optional.empty();
  int status = Status.AUTOCOMMIT;

  Optional<Flight> flight = Optional.empty();

  /** A command that was sent, did nothing, and is to be sent again. */
  Optional<Flight> again = Optional.empty();

  /** Why it did nothing, if its server said so. */
  Optional<Err> refusal = Optional.empty();

  OptionalLong heldSince = OptionalLong.empty();

  /** The hold is over: the next command is refused, not held once more. */
  boolean holdOver;

  /** A transaction was lost, and the client does not know it. */
  boolean rolledBack;

  /** The client's connection shall end where that does no harm. */
  boolean leaving;

  State(Settings settings, RoutingTable table) {
    this.settings = settings;
    this.table = table;
  }

  /** A table of an older epoch is not obeyed. */
  void obey(RoutingTable newer) {
    if (newer.epoch() >= table.epoch()) {
      table = newer;
    }
  }

  /** Where commands may go now. */
  Optional<ServerId> open() {
    return table.writesHeld() ? Optional.empty() : table.primary();
  }

  /** Whether the link goes to a server whose role another one has now. */
  boolean linkedToFormer() {
    return linked.isPresent() && table.primary().isPresent() && !table.primary().equals(linked);
  }

  /** Whether a command may go out over the link. */
  boolean mayLeave() {
    return linked.isPresent() && open().equals(linked);
  }

  Memory mine() {
    return memory.orElseThrow();
  }

  boolean busy() {
    return phase == Phase.BUSY || phase == Phase.SENDING || phase == Phase.FILE;
  }

  boolean inTransaction() {
    return Status.has(status, Status.IN_TRANSACTION);
  }

  /** What was agreed with the server: the client's capabilities and one of our own. */
  long capabilities() {
    return mine().login().capabilities() | Capability.SESSION_TRACK;
  }

  /** Counts the hold from now, unless it is counted already. */
  void countHold() {
    if (heldSince.isEmpty()) {
      heldSince = OptionalLong.of(now);
    }
  }

  void say(byte[] packet) {
    effects.add(new Effect.Say(new Packet(packet)));
  }

  void say(Err err, int sequence) {
    say(PacketWriter.frame(err.encode(), sequence));
  }

  void tell(byte[] packet) {
    effects.add(new Effect.Tell(new Packet(packet)));
  }

  /** The next command, if the client has sent one. */
  void idle() {
    phase = Phase.IDLE;
    effects.add(new Effect.Again());
  }
}
