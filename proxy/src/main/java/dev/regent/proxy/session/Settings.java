package dev.regent.proxy.session;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * What a listener grants its sessions.
 *
 * @param hold how long a statement, or a login, waits for a server that takes it
 * @param guests shared by all of them
 */
public record Settings(
    Duration hold,
    Kind kind,
    Reads reads,
    Replaying replaying,
    Door door,
    Guests guests,
    Pooling pooling) {
  /** Where a listener's statements go. */
  public enum Kind {
    /** What only reads to a replica, the rest to the primary. */
    READ_WRITE_SPLIT,
    /** To the primary, all of them. */
    PRIMARY,
    /** To a replica, all of them. */
    REPLICA
  }

  /** Which writes a read at a replica must find there. */
  public enum Causal {
    OFF,
    /** The session's own. */
    SESSION,
    /** Those of all sessions of this proxy. */
    GLOBAL
  }

  /**
   * How replicas are used.
   *
   * @param zone replicas there are preferred; empty: none
   * @param lagMax a replica that lags by more seconds is not read from; empty: no bound
   * @param fallback where there is no replica, a listener of them goes to the primary
   * @param patience how long a replica may take to catch up with a causal read
   */
  public record Reads(
      String zone, OptionalLong lagMax, boolean fallback, Causal causal, Duration patience) {
    public static final Reads USUAL =
        new Reads("", OptionalLong.empty(), true, Causal.SESSION, Duration.ofMillis(50));
  }

  /** All to the primary. */
  public static Settings primary(Duration hold) {
    return new Settings(
        hold,
        Kind.PRIMARY,
        Reads.USUAL,
        Replaying.standard(),
        Door.PLAIN,
        Guests.ANY,
        Pooling.NONE);
  }

  boolean splits() {
    return kind == Kind.READ_WRITE_SPLIT;
  }
}
