package dev.regent.sim.swarm;

import java.util.List;

/**
 * One thing that goes wrong. Times are milliseconds of the world; what lasts ends by itself, or
 * when all is healed.
 */
public sealed interface Mishap {

  // --- to a server

  /** Something befalls a server. */
  sealed interface OfServer extends Mishap {
    Target target();
  }

  /** How a server comes back. */
  enum Comeback {
    AS_CONFIGURED,
    /** With {@code init-rpl-role=SLAVE}: cuts off what it had not committed. */
    TRUNCATING,
    /** Writable, and replicating. */
    CARELESS,
    NEVER
  }

  /** {@code kill -9}; looks frozen while it is torn down. */
  record Kill(Target target, long teardown, long back, Comeback comeback) implements OfServer {}

  record PowerCut(Target target, long back, Comeback comeback) implements OfServer {}

  record ShutDown(Target target, long back, Comeback comeback) implements OfServer {}

  record Freeze(Target target, long lasts) implements OfServer {}

  /** What it is frozen by, or cut off by, ends. */
  record Relief(Target target) implements OfServer {}

  record SlowApply(Target target, long times, long lasts) implements OfServer {}

  record DiskFull(Target target, long lasts) implements OfServer {}

  record TooManyConnections(Target target, long lasts) implements OfServer {}

  /** The manager's account, or the one for replication, is refused. */
  record DenyAccess(Target target, boolean manager, long lasts) implements OfServer {}

  /** Somebody with all rights writes on it, whatever its role. */
  record StrayWrites(Target target, int rows, long domain) implements OfServer {}

  /** Somebody with all rights changes something. */
  record Tamper(Target target, List<String> sql) implements OfServer {
    public Tamper {
      sql = List.copyOf(sql);
    }
  }

  /** Somebody holds {@code LOCK TABLES}. */
  record HoldTables(Target target, long lasts) implements OfServer {}

  /** Its SQL thread stops with an error. */
  record BreakApplier(Target target) implements OfServer {}

  /** Somebody kills the connections of clients. */
  record KillClients(Target target) implements OfServer {}

  // --- to the network

  /** Something befalls the network. */
  sealed interface OfNetwork extends Mishap {}

  /** Those from whom a server is cut. */
  enum Part {
    MANAGER,
    SERVERS,
    CLIENTS,
    /** The manager and the other servers; clients still reach it. */
    CLUSTER,
    EVERYBODY
  }

  /** How a path is cut. */
  enum Cut {
    BOTH_WAYS,
    /** What it sends does not arrive. */
    OUTBOUND,
    /** What others send does not arrive. */
    INBOUND,
    /** Everything is answered with a reset. */
    REJECTED
  }

  record Isolate(Target target, Part from, Cut cut, long lasts) implements OfNetwork {}

  /** The manager reaches no server. */
  record IsolateManager(Cut cut, long lasts) implements OfNetwork {}

  record BadPaths(Target target, long latencyMicros, double loss, long lasts)
      implements OfNetwork {}

  // --- to the manager

  /** Something befalls the manager. */
  sealed interface OfManager extends Mishap {}

  record KillManager(boolean power, long back) implements OfManager {}

  /** Killed before the effect of that number, counted from now; stores, steps, publications. */
  record KillManagerAtEffect(int number, long back) implements OfManager {}

  record FreezeManager(long lasts) implements OfManager {}

  record SetClock(long byMillis) implements OfManager {}

  record DriftClock(double monotonic, double wall) implements OfManager {}

  record SlowStore(double times, long lasts) implements OfManager {}

  /** Its disk is full; it is started anew when there is space again. */
  record FullStore(long lasts) implements OfManager {}

  // --- by the operator

  /** Somebody gives an order. */
  sealed interface OfOperator extends Mishap {}

  record OrderSwitchover(Target to, boolean force) implements OfOperator {}

  record OrderFailover(boolean force) implements OfOperator {}

  record OrderRejoin(Target server) implements OfOperator {}

  record Maintain(Target server, long lasts) implements OfOperator {}

  record Pause(long lasts) implements OfOperator {}
}
