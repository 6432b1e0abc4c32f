package dev.regent.proxy.session;

import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.proxy.seen.Counters;
import dev.regent.proxy.wire.Capability;
import dev.regent.proxy.wire.Err;
import dev.regent.proxy.wire.PacketWriter;
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

  Link primary = new Link();
  Link replica = new Link();

  /** See {@link Standby}. */
  Link standby = new Link();

  /** The one of the first two that everything goes over that is not sent elsewhere. */
  Link home;

  /** The one of them that the command under way goes over, or what waits. */
  Link way;

  /** The one of them that the command before went over. */
  Link last;

  /** When the last one left. */
  long lastCommand;

  /** A statement failed, and errors do not tell whether a transaction is open now. */
  boolean asksForStatus;

  /** A command has been waiting since {@link #heldSince}. */
  boolean waits;

  /** The number that a row was given last before the transaction began. */
  long insertIdBefore;

  /** The session that the command kills is at this server. */
  Optional<ServerId> aim = Optional.empty();

  /** The next transaction was given a character of its own, at the primary. */
  boolean nextIsSpecial;

  /**
   * A transaction that only reads could not stay at a replica: the next ones are not sent there.
   */
  boolean readsOnlyAtPrimary;

  /** What another session had left was of no use: the next link is a fresh one. */
  boolean fresh;

  private int numbers;

  Optional<Flight> flight = Optional.empty();

  /** A command that was sent, did nothing, and is to be sent again. */
  Optional<Flight> again = Optional.empty();

  /** Why it did nothing, if its server said so. */
  Optional<Err> refusal = Optional.empty();

  OptionalLong heldSince = OptionalLong.empty();

  /** The hold is over: the next command is refused, not held once more. */
  boolean holdOver;

  /** A transaction was lost, and the client does not know it; and why it was not repeated. */
  Optional<Transcript.Refusal> rolledBack = Optional.empty();

  /** What happened in the open transaction. */
  final Transcript transcript;

  /**
   * The link on which the open transaction lost its server: it is repeated on it, or on another,
   * before all else.
   */
  Optional<Link> repeats = Optional.empty();

  /** The token of a transaction whose commit was lost: what became of it is looked up first. */
  OptionalLong inDoubt = OptionalLong.empty();

  /** How many tokens were given out. */
  long tokens;

  /** Shared with other sessions. */
  Counters counters = new Counters();

  /** The client's connection shall end where that does no harm. */
  boolean leaving;

  State(Settings settings, RoutingTable table) {
    this.settings = settings;
    this.transcript = new Transcript(settings.replaying());
    this.table = table;
    this.home = settings.kind() == Settings.Kind.REPLICA ? replica : primary;
    this.way = home;
    this.last = home;
  }

  RoutingTable table() {
    return table;
  }

  /** A table of an older epoch is not obeyed. */
  void obey(RoutingTable newer) {
    if (newer.epoch() >= table.epoch()) {
      table = newer;
      replica.reads &= !table.primary().equals(replica.server);
    }
  }

  /** Where commands may go now. */
  Optional<ServerId> open() {
    return table.writesHeld() ? Optional.empty() : table.primary();
  }

  /** Whether a link goes to a server whose role another one has now. */
  boolean linkedToFormer(Link link) {
    return link.server.isPresent()
        && !link.reads
        && table.primary().isPresent()
        && !table.primary().equals(link.server);
  }

  /** The link that has this number; empty if it is one that was left, or {@link #standby}. */
  Optional<Link> link(int number) {
    for (Link link : List.of(primary, replica)) {
      if (link.number == number && link.server.isPresent()) {
        return Optional.of(link);
      }
    }
    return Optional.empty();
  }

  /** A link to the primary that was made as another one takes the place of that one. */
  void becomesPrimary(Link ahead) {
    Link former = primary;
    if (ahead == replica) {
      replica = former;
    } else {
      standby = former;
    }
    primary = ahead;
    home = home == former ? ahead : home;
    way = way == former ? ahead : way;
    last = last == former ? ahead : last;
    repeats = repeats.map(link -> link == former ? ahead : link == ahead ? former : link);
  }

  /** For a connection that is to be made. */
  int nextNumber() {
    return ++numbers;
  }

  Memory mine() {
    return memory.orElseThrow();
  }

  boolean busy() {
    return phase == Phase.BUSY || phase == Phase.SENDING || phase == Phase.FILE;
  }

  boolean inTransaction() {
    return way.inTransaction();
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

  /** The client takes back a transaction that is lost already. */
  void giveUpLostTransaction() {
    rolledBack = Optional.empty();
    if (repeats.isPresent()) {
      forgetTransaction();
    }
  }

  /** Nobody asks for the open transaction any more, nor for a lost one. */
  void forgetTransaction() {
    rolledBack = Optional.empty();
    repeats = Optional.empty();
    transcript.clear();
  }

  void say(byte[] packet) {
    effects.add(new Effect.Say(new Packet(packet)));
  }

  void say(Err err, int sequence) {
    counters.said(err);
    say(PacketWriter.frame(err.encode(), sequence));
  }

  /** To the server at the end of the way. */
  void tell(byte[] packet) {
    effects.add(new Effect.Tell(way.number, new Packet(packet)));
  }

  /** These bytes of the client's, to the server at the end of the way. */
  void pass(int from, int to) {
    effects.add(new Effect.PassToServer(way.number, from, to));
  }

  /** These bytes of a server's, to the client: in one piece with those just before them. */
  void passOn(int from, int to) {
    int last = effects.size() - 1;
    if (last >= 0
        && effects.get(last) instanceof Effect.PassToClient before
        && before.to() == from) {
      effects.set(last, new Effect.PassToClient(before.from(), to));
    } else {
      effects.add(new Effect.PassToClient(from, to));
    }
  }

  /** The next command, if the client has sent one. */
  void idle() {
    phase = Phase.IDLE;
    effects.add(new Effect.Again());
  }

  /** The client's file comes next; it may have been sent ahead. */
  void takeFile() {
    phase = Phase.FILE;
    effects.add(new Effect.Again());
  }
}
