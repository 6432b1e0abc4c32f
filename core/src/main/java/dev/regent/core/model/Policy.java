package dev.regent.core.model;

import java.time.Duration;

/**
 * Every threshold a decision may use (STYLE rule 10). Defaults are in {@link #of(Profile)} with
 * their reasons; the configuration overrides single values.
 */
public record Policy(
    Profile profile,
    Detection detection,
    Failover failover,
    Flapping flapping,
    Replication replication,
    Switchover switchover,
    boolean automaticRejoin) {

  /** What the cluster promises about acknowledged writes (DESIGN 6). */
  public enum Profile {
    /** Endless AFTER_SYNC semi-sync with an explicit sync set: no acknowledged write is lost. */
    SAFE,
    /** Semi-sync with a finite timeout: writes go on, the possible loss is stated. */
    AVAILABLE,
    /** Plain replication, with a bound on the lag of a candidate. */
    ASYNC
  }

  /**
   * @param silence how long a primary must say nothing, to us and to its witnesses, to count as
   *     dead
   * @param confirmations fresh rounds of evidence before a certain death is acted on
   * @param grace extra wait in which a crashed primary may come back first
   * @param staleAfter an observation older than this is no evidence
   */
  public record Detection(
      Duration interval,
      Duration probeTimeout,
      Duration silence,
      int confirmations,
      Duration grace,
      Duration staleAfter) {}

  /**
   * @param automatic false: diagnose and say what would be done, act only on command
   * @param drainBudget how long a candidate may need to apply what it received
   * @param relaxAbove estimated drain above which durability is relaxed for its time (physics 2.2)
   * @param lagBoundSeconds profile {@code async}: a candidate that lags more is refused; 0 = any
   * @param actor who gives the role to another server when the primary is lost
   */
  public record Failover(
      boolean automatic,
      Duration drainBudget,
      DrainTimeout onDrainTimeout,
      Duration relaxAbove,
      long lagBoundSeconds,
      Actor actor) {

    /** As Regent does it. */
    public Failover(
        boolean automatic,
        Duration drainBudget,
        DrainTimeout onDrainTimeout,
        Duration relaxAbove,
        long lagBoundSeconds) {
      this(automatic, drainBudget, onDrainTimeout, relaxAbove, lagBoundSeconds, Actor.REGENT);
    }
  }

  /** Who fails over. */
  public enum Actor {
    REGENT,
    /** An operator's script: Regent tells it, adopts what it did, and keeps out of its way. */
    SCRIPT
  }

  /** What to do when the drain budget ends. */
  public enum DrainTimeout {
    WAIT,
    PROMOTE,
    HOLD
  }

  /** At most {@code limit} automatic failovers away from one server per {@code window}. */
  public record Flapping(int limit, Duration window, Duration coolDown) {}

  /**
   * @param heartbeat {@code MASTER_HEARTBEAT_PERIOD} set whenever Regent points a replica; zero
   *     leaves the server's default
   * @param semiSyncTimeout profile {@code available}: how long a commit waits for a replica
   * @param manageSemiSync whether Regent sets the semi-sync variables of profile {@code safe} and
   *     {@code available}
   */
  public record Replication(
      Duration heartbeat,
      int connectRetrySeconds,
      Duration semiSyncTimeout,
      boolean manageSemiSync) {}

  /**
   * @param freeze how long the freeze of the old primary may take
   * @param catchUp how long the candidate may need to reach the frozen position
   * @param lagMaxSeconds a candidate that lags more is refused before anything is touched
   * @param longTransaction a transaction older than this is a reason to hold
   */
  public record Switchover(
      Duration freeze, Duration catchUp, long lagMaxSeconds, Duration longTransaction) {}

  /** The defaults of a profile. */
  public static Policy of(Profile profile) {
    return new Policy(
        profile,
        new Detection(
            Duration.ofMillis(250),
            Duration.ofSeconds(1),
            Duration.ofSeconds(3),
            2,
            Duration.ZERO,
            Duration.ofSeconds(3)),
        new Failover(true, Duration.ofSeconds(60), DrainTimeout.HOLD, Duration.ofMillis(500), 30),
        new Flapping(3, Duration.ofHours(1), Duration.ofSeconds(10)),
        new Replication(Duration.ofMillis(500), 1, Duration.ofSeconds(1), profile != Profile.ASYNC),
        new Switchover(Duration.ofSeconds(3), Duration.ofSeconds(5), 5, Duration.ofSeconds(10)),
        true);
  }
}
