package dev.regent.proxy.fleet;

import dev.regent.core.model.ServerId;
import java.util.List;
import java.util.Optional;

/**
 * The servers as readers share them. None of this waits; what others do meanwhile may be missed.
 */
public interface Fleet {
  /** Whether it is to be read from at all. */
  boolean reads(ServerId server);

  /** Whether it is to be read from, and known to lag by no more than that. */
  boolean isFresh(ServerId server, long lagMaxSeconds);

  /**
   * The one of these servers that has least to do, out of the zone if it has any of them.
   *
   * @param zone empty: any
   */
  Optional<ServerId> choose(List<ServerId> fresh, String zone);

  /** A session reads from there from now on, or no longer. */
  void countSession(ServerId server, int change);

  /** A statement is on its way there, or answered. */
  void countStatement(ServerId server, int change);

  /** A session has heard of these writes. */
  void wrote(Positions positions);

  /** Of all sessions. */
  Positions newest();
}
