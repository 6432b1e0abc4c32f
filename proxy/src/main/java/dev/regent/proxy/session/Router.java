package dev.regent.proxy.session;

import dev.regent.core.model.ServerId;
import dev.regent.proxy.fleet.Fleet;
import dev.regent.proxy.fleet.Positions;
import dev.regent.proxy.text.Statement;
import dev.regent.proxy.text.Statement.Kind;
import dev.regent.proxy.text.Statement.Place;
import dev.regent.proxy.wire.Command;
import dev.regent.proxy.wire.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Which link a command goes over, and which server a link goes to. A replica is chosen once, and
 * again when it is gone, late, or out of the routing table.
 */
final class Router {
  /** A replica that was lost is left alone for so long, if there is another way. */
  static final Duration LOST = Duration.ofSeconds(1);

  /** One that does not keep up with what the session has written. */
  static final Duration LATE = Duration.ofSeconds(5);

  /** One that does not take what the session has set. */
  static final Duration UNFIT = Duration.ofSeconds(60);

  private final State state;
  private final Fleet fleet;

  /** Until when a replica is left alone that was lost, or did not do as it was asked. */
  private final Map<ServerId, Long> avoided = new TreeMap<>();

  Router(State state, Fleet fleet) {
    this.state = state;
    this.fleet = fleet;
  }

  Link choose(Command command, Statement statement) {
    if (!state.settings.splits()) {
      return state.home;
    }
    if (state.replica.inTransaction()) {
      return state.replica;
    }
    if (state.repeats.isPresent()) {
      // Another replica cannot be waited for in the middle of a transaction.
      boolean reads = state.repeats.get() == state.replica && seen().equals(Positions.NONE);
      return reads && target(state.replica).isPresent() ? state.replica : state.primary;
    }
    if (state.aim.isPresent() && !state.primary.inTransaction()) {
      return isAimedAtReplica() && target(state.replica).isPresent()
          ? state.replica
          : state.primary;
    }
    if (command == Command.PING) {
      // While there is no primary, a session that reads is well.
      return !mayLeave(state.primary) && mayLeave(state.replica) ? state.replica : state.primary;
    }
    boolean known = command == Command.QUERY || command == Command.EXECUTE;
    return known && isFree() ? choose(statement) : state.primary;
  }

  /** What is killed is where its server can do it. */
  private boolean isAimedAtReplica() {
    return state.aim.isPresent()
        && !state.table().primary().equals(state.aim)
        && !state.replica.inTransaction()
        && !isTied(state.replica);
  }

  private Link choose(Statement statement) {
    boolean replica =
        switch (statement.place()) {
          case PRIMARY -> false;
          case LAST -> state.last == state.replica && mayLeave(state.replica);
          case REPLICA ->
              (statement.kind() != Kind.BEGIN_READ_ONLY || !state.readsOnlyAtPrimary)
                  && (mayLeave(state.replica) || target(state.replica).isPresent());
        };
    return replica ? state.replica : state.primary;
  }

  /** Whether nothing keeps the session at the primary. */
  private boolean isFree() {
    Link primary = state.primary;
    return !primary.inTransaction()
        && !state.nextIsSpecial
        && state.mine().isFree()
        && (primary.server.isEmpty() || Status.has(primary.status, Status.AUTOCOMMIT));
  }

  /** Whether a transaction at a replica may go on there with this. */
  boolean stays(Command command, Statement statement) {
    return switch (command) {
      case QUERY, EXECUTE ->
          switch (statement.kind()) {
            case READ, COMMIT, ROLLBACK -> true;
            default -> statement.place() != Place.PRIMARY;
          };
      case BULK_EXECUTE, FETCH, LONG_DATA, RESET_CONNECTION -> false;
      default -> true;
    };
  }

  /** The link for a client that has just proved itself. */
  Link atLogin() {
    boolean reads = state.settings.splits() && state.open().isEmpty();
    return reads && target(state.replica).isPresent() ? state.replica : state.home;
  }

  /** Whether a command may go out over a link. */
  boolean mayLeave(Link link) {
    if (link.server.isEmpty()) {
      return false;
    }
    ServerId server = link.server.get();
    if (link == state.replica && isAimedAtReplica()) {
      return link.server.equals(state.aim);
    }
    if (link == state.primary) {
      return state.open().equals(link.server);
    }
    if (state.table().primary().equals(link.server)) {
      return state.settings.splits()
          ? link.inTransaction()
          : state.open().isPresent()
              && fallsBack()
              && (link.inTransaction() || isTied(link) || best().isEmpty());
    }
    boolean stays = link.reads && (link.inTransaction() || isTied(link));
    return stays || serves(server);
  }

  /** Whether the replica's link is of use, if not now then later. */
  boolean isKept(Link replica) {
    boolean primary = state.table().primary().equals(replica.server);
    boolean listed = replica.server.filter(state.table().replicas()::contains).isPresent();
    boolean candidate =
        replica.server.isPresent() && state.table().candidate().equals(replica.server);
    return mayLeave(replica) || (primary ? fallsBack() : listed || candidate);
  }

  private boolean isTied(Link link) {
    return link == state.home && state.memory.flatMap(Memory::pinned).isPresent();
  }

  /** Where a link may go to now. */
  Optional<ServerId> target(Link link) {
    if (link == state.primary) {
      return state.open();
    }
    if (isAimedAtReplica()) {
      return state.aim.filter(state.table().replicas()::contains);
    }
    Optional<ServerId> best = best();
    return best.isPresent() || !fallsBack() ? best : state.open();
  }

  private boolean fallsBack() {
    return !state.settings.splits() && state.settings.reads().fallback();
  }

  private Optional<ServerId> best() {
    // Every statement that might be a read comes by here.
    List<ServerId> fresh = new ArrayList<>(state.table().replicas().size());
    for (ServerId server : state.table().replicas()) {
      if (serves(server)) {
        fresh.add(server);
      }
    }
    return fleet.choose(fresh, state.settings.reads().zone());
  }

  private boolean serves(ServerId server) {
    Long until = avoided.get(server);
    return (until == null || state.now - until >= 0)
        && state.table().replicas().contains(server)
        && !state.table().primary().equals(Optional.of(server))
        && isFresh(server);
  }

  private boolean isFresh(ServerId server) {
    OptionalLong lagMax = state.settings.reads().lagMax();
    return lagMax.isPresent() ? fleet.isFresh(server, lagMax.getAsLong()) : fleet.reads(server);
  }

  /** The writes that must be at the way's server before it is read. */
  Positions awaited() {
    boolean reads =
        state.settings.splits()
            && state.way == state.replica
            && !state.way.inTransaction()
            && state.aim.isEmpty();
    return reads ? seen() : Positions.NONE;
  }

  /** The writes that a read of this session must find. */
  private Positions seen() {
    return switch (state.settings.reads().causal()) {
      case OFF -> Positions.NONE;
      case SESSION -> state.mine().written();
      case GLOBAL -> fleet.newest();
    };
  }

  /** The session has written something, and knows its name. */
  void wrote() {
    if (state.settings.reads().causal() == Settings.Causal.GLOBAL) {
      fleet.wrote(state.mine().written());
    }
  }

  /** Another replica, or the primary, for a while. */
  void avoid(ServerId server, Duration time) {
    avoided.put(server, state.now + time.toNanos());
  }
}
