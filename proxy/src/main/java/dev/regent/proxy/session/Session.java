package dev.regent.proxy.session;

import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.proxy.auth.Accounts;
import dev.regent.proxy.auth.HostPattern;
import dev.regent.proxy.fleet.Fleet;
import dev.regent.proxy.seen.Neighbours;
import dev.regent.proxy.seen.SessionView;
import dev.regent.proxy.session.State.Phase;
import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.Err;
import dev.regent.proxy.wire.MalformedPacketException;
import dev.regent.proxy.wire.Seed;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One client's session: everything goes to the primary of the newest routing table, but what may be
 * read at a replica; on a listener of replicas, everything goes to one of them.
 *
 * <p><b>One at a time.</b> A command is looked at when the one before it is answered; what a client
 * sends ahead stays with the shell. So at most one command is ever in doubt, and a command that has
 * to wait is simply not taken yet.
 *
 * <p><b>Epochs.</b> A command leaves only while the table is open and the link goes to its primary.
 * When another server has the role, the link is cut at once. Another one takes its place that
 * {@link Standby} has made, or that is made when the next command comes, and what {@link Memory}
 * holds is restored on it.
 *
 * <p><b>Losses.</b> What was lost with a server is told once, and truly: a transaction that was
 * open is rolled back, and the session goes on; a statement that may have taken effect is unknown,
 * never repeated, and ends the session, as a lost server does; what changes nothing is repeated
 * unseen, if the client had nothing of the answer. The server's refusal to write because it is
 * read-only means that nothing happened: such a statement waits like a new one.
 *
 * <p>Values in, values out: no socket, no thread, no clock. One thread at a time may call it.
 */
public final class Session {
  /** A command up to this length is waited for; a longer one passes in pieces, once. */
  public static final int WHOLE_MAX = 256 << 10;

  private final State state;
  private final Links links;
  private final Entrance entrance;
  private final Commands commands;
  private final Responses responses;
  private final Presence presence;
  private final long number;
  private final Fleet fleet;

  /** What is counted of it in the fleet. */
  private Optional<ServerId> readsFrom = Optional.empty();

  private boolean reading;

  /**
   * @param number what the client is told as its connection's number; no server's thread has it
   * @param seed fresh for each session
   * @param fleet shared with the other sessions
   */
  public Session(
      Settings settings,
      HostPattern.Peer peer,
      long number,
      Seed seed,
      Supplier<Accounts> accounts,
      Fleet fleet,
      RoutingTable table) {
    this(settings, peer, number, seed, accounts, fleet, table, Neighbours.NONE);
  }

  /**
   * @param neighbours the other sessions of the same proxy
   */
  public Session(
      Settings settings,
      HostPattern.Peer peer,
      long number,
      Seed seed,
      Supplier<Accounts> accounts,
      Fleet fleet,
      RoutingTable table,
      Neighbours neighbours) {
    this.number = number;
    this.fleet = fleet;
    state = new State(settings, table);
    Router router = new Router(state, fleet);
    links = new Links(state, router, seed);
    entrance = new Entrance(state, links, peer, seed, accounts);
    responses = new Responses(state, links, router);
    presence = new Presence(state, number, neighbours);
    commands = new Commands(state, links, router, entrance, responses, presence);
  }

  /** Whether a command is on its way to the primary, or its response on its way back. */
  public boolean busy() {
    boolean elsewhere =
        state.way == state.replica && !state.table().primary().equals(state.way.server);
    return state.busy() && !elsewhere;
  }

  /** Where its statements go. */
  public Optional<Neighbours.Place> place() {
    return presence.place();
  }

  /**
   * @param client as the shell calls it
   * @param listener where it came in
   */
  public SessionView view(String client, String listener, long now) {
    return presence.view(client, listener, now);
  }

  /** Whether more bytes of the client can be of use now. */
  public boolean wantsClient() {
    return switch (state.phase) {
      case LOGIN, IDLE, SENDING, FILE -> true;
      case REFRESH, APPROACH, BUSY, HELD, OVER -> false;
    };
  }

  /** The connection that the client's bytes go to now, or went to last. */
  public int link() {
    return state.way.number;
  }

  /** Whether a tick that was asked for may still be of use; if not, it may be left out. */
  public boolean wantsTick() {
    return switch (state.phase) {
      case LOGIN, REFRESH, APPROACH, HELD -> true;
      case IDLE, SENDING, BUSY, FILE, OVER -> false;
    };
  }

  public boolean over() {
    return state.phase == Phase.OVER;
  }

  /**
   * The only door.
   *
   * @param now nanoseconds of a clock that never goes back
   */
  public Turn step(Input input, long now) {
    state.now = now;
    state.effects.clear();
    int used = 0;
    switch (input) {
      case Input.Connected connected -> {
        presence.begin();
        entrance.greet(number);
      }
      case Input.FromClient from -> used = fromClient(from.bytes());
      case Input.FromServer from -> used = fromServer(from);
      case Input.ClientSecured secured -> entrance.secured(secured.how());
      case Input.LinkSecured secured -> linkSecured(secured);
      case Input.LinkInsecure failed when links.standby().isThis(failed.link()) ->
          links.standby().leave();
      case Input.LinkInsecure failed -> {
        if (isTalkingTo(failed.link())) {
          Err err = Trouble.insecure(failed.because());
          links.refused(new Approach.Result.Refused(err, true));
        }
      }
      case Input.Reused found -> links.reused(found);
      case Input.Unlinked lost -> links.unlinked(lost.link());
      case Input.Silent silent -> links.losses().silent(silent.server());
      case Input.ClientGone gone -> links.end();
      case Input.Routed routed -> links.routed(routed.table());
      case Input.Refreshed done -> entrance.refreshed();
      case Input.Leave leave -> links.leave(leave.atOnce());
      case Input.Tick tick -> {
        entrance.tick();
        links.tick();
      }
    }
    links.leaveIfFree();
    if (over()) {
      entrance.left();
    }
    presence.afterStep();
    count();
    return new Turn(used, state.effects);
  }

  private void count() {
    Optional<ServerId> now = state.replica.server;
    boolean reads = now.isPresent() && state.way == state.replica && state.busy();
    boolean same = now.equals(readsFrom);
    if (same && reads == reading) {
      return;
    }
    if (reading) {
      fleet.countStatement(readsFrom.orElseThrow(), -1);
    }
    if (reads) {
      fleet.countStatement(now.orElseThrow(), 1);
    }
    if (!same) {
      readsFrom.ifPresent(server -> fleet.countSession(server, -1));
      now.ifPresent(server -> fleet.countSession(server, 1));
    }
    readsFrom = now;
    reading = reads;
  }

  private int fromClient(Bytes in) {
    try {
      return switch (state.phase) {
        case LOGIN -> entrance.read(in);
        case IDLE -> commands.read(in);
        case SENDING -> commands.readLong(in);
        case FILE -> commands.readFile(in);
        case REFRESH, APPROACH, BUSY, HELD -> 0;
        case OVER -> in.length();
      };
    } catch (MalformedPacketException e) {
      if (state.phase == Phase.LOGIN) {
        entrance.malformed();
      } else {
        links.endWith(Trouble.malformed(), 1);
      }
      return in.length();
    }
  }

  private int fromStandby(Bytes in) {
    try {
      return links.standby().read(in);
    } catch (MalformedPacketException e) {
      links.standby().leave();
      return in.length();
    }
  }

  private int fromServer(Input.FromServer from) {
    Bytes in = from.bytes();
    if (links.standby().isThis(from.link())) {
      return fromStandby(in);
    }
    // In no command's time it is a farewell: the connection's end follows it.
    if (!isOverWay(from.link())) {
      return in.length();
    }
    try {
      if (state.way.approach.isPresent()) {
        return approached(state.way.approach.get(), in);
      }
      return state.flight.isPresent() ? responses.read(in) : in.length();
    } catch (MalformedPacketException e) {
      // Who speaks nonsense is lost, with whatever was under way.
      links.abandon(state.way);
      return in.length();
    }
  }

  private boolean isTalkingTo(int link) {
    return isOverWay(link) && state.way.approach.isPresent();
  }

  /** Whether a link of this number is the one that is used now. */
  private boolean isOverWay(int link) {
    return state.way.number == link && state.way.server.isPresent();
  }

  private void linkSecured(Input.LinkSecured secured) {
    // Who proves itself by one user's password is not yet believed by another.
    boolean bound = secured.wanted().isPresent();
    state.link(secured.link()).ifPresent(link -> link.bound = bound);
    if (links.standby().isThis(secured.link())) {
      state.standby.bound = bound;
      state.standby.approach.ifPresent(approach ->
          links
              .standby()
              .tell(secured.wanted().map(approach::secured).orElseGet(approach::secured)));
    } else if (isTalkingTo(secured.link())) {
      Approach approach = state.way.approach.orElseThrow();
      state.tell(secured.wanted().map(approach::secured).orElseGet(approach::secured));
    }
  }

  private int approached(Approach approach, Bytes in) throws MalformedPacketException {
    Approach.Result result = approach.read(in);
    int used = approach.used();
    if (approach.thread() != 0) {
      presence.greeted(approach.thread());
    }
    switch (result) {
      case Approach.Result.Incomplete incomplete -> {}
      case Approach.Result.Answer answer -> state.tell(answer.packet().bytes());
      case Approach.Result.Secure secure -> {
        if (used < in.length()) {
          throw new MalformedPacketException("plain bytes of a server where TLS was agreed on");
        }
        state.tell(secure.packet().bytes());
        state.effects.add(new Effect.SecureLink(state.way.number));
      }
      case Approach.Result.Ready ready -> links.ready(ready.status());
      case Approach.Result.Refused refused -> links.refused(refused);
      case Approach.Result.Closed closed -> links.closed();
      case Approach.Result.Differs differs -> links.differs();
      case Approach.Result.Broken broken -> links.tokens().broken();
    }
    return used;
  }
}
