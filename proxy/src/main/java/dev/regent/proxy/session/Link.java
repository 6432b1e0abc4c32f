package dev.regent.proxy.session;

import dev.regent.core.model.ServerId;
import dev.regent.proxy.fleet.Positions;
import dev.regent.proxy.wire.Status;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The session's connection to one server, or the place of one. */
final class Link {
  /** What comes from the server carries it; each new connection has another one. */
  int number;

  /** Empty while there is no connection, and none is being made. */
  Optional<ServerId> server = Optional.empty();

  /** The proxy talks to the server in its own name. */
  Optional<Approach> approach = Optional.empty();

  int status = Status.AUTOCOMMIT;

  /** The server has been a replica since it was connected to, and takes no writes. */
  boolean reads;

  /** So much of the session's memory the server has: all that was there at this version of it. */
  long told;

  /** The number of a row that the server was told when it was connected to. */
  long given;

  /**
   * It was made before its server had the role, while the session went on elsewhere, and the
   * session has not said anything over it yet.
   */
  boolean ahead;

  /** The server has these writes, and all that came before them. */
  Positions reached = Positions.NONE;

  /** The server was asked to wait for the command that comes next. */
  boolean waited;

  /** The server was asked to wait for these. */
  Optional<Positions> awaited = Optional.empty();

  /** The number that the server gave the connection; 0 before its greeting. */
  long thread;

  /** The open transaction has this token. */
  OptionalLong token = OptionalLong.empty();

  /** The server takes no tokens of this session's. */
  boolean unmarkable;

  /** Whether the token that was looked for is there; empty before the answer. */
  Optional<Boolean> found = Optional.empty();

  /** It was another session's, and its server has not yet taken this one. */
  boolean reused;

  /** It is this session's for good: no other one could do the same with it. */
  boolean bound;

  /** A transaction is being repeated. */
  boolean repeating;

  /** The client's numbers of prepared statements that this server knows, and its own for them. */
  final Map<Long, Long> prepared = new TreeMap<>();

  /** Those of them whose parameters' types the server was sent. */
  final Set<Long> typed = new TreeSet<>();

  boolean inTransaction() {
    return Status.has(status, Status.IN_TRANSACTION);
  }

  long numberOf(Prepared.One one) {
    Long number = prepared.get(one.number());
    if (number == null) {
      throw new IllegalStateException(one + " is not known to " + server);
    }
    return number;
  }

  /** Whether the server was sent types of the statement's parameters, and remembers them. */
  boolean typed(Prepared.One one) {
    return typed.contains(one.number());
  }

  boolean knows(Prepared.One one) {
    return prepared.containsKey(one.number());
  }

  /** A connection to a server begins. */
  void begin(int number, ServerId server, Approach approach) {
    this.number = number;
    this.server = Optional.of(server);
    this.approach = Optional.of(approach);
  }

  /**
   * The server hears what the session is now.
   *
   * @param insertId the number that a row was given last
   */
  void told(Memory memory, long insertId) {
    told = memory.version();
    given = insertId;
  }

  /** The connection is gone, and the transaction with it. */
  void clear() {
    server = Optional.empty();
    approach = Optional.empty();
    awaited = Optional.empty();
    waited = false;
    reached = Positions.NONE;
    status = Status.AUTOCOMMIT;
    repeating = false;
    token = OptionalLong.empty();
    unmarkable = false;
    found = Optional.empty();
    reused = false;
    bound = false;
    thread = 0;
    reads = false;
    ahead = false;
    prepared.clear();
    typed.clear();
  }
}
