package dev.regent.server.front;

import java.time.Duration;
import java.util.List;

/**
 * What clients find.
 *
 * @param hold how long a statement waits for a server that takes writes
 * @param replayMax bytes of a transaction's statements beyond which it is not repeated
 */
public record FrontSettings(List<Listener> listeners, Duration hold, long replayMax) {
  public FrontSettings {
    listeners = List.copyOf(listeners);
  }

  /** Where a listener's statements go. */
  public enum Kind {
    /** To the primary, all of them. */
    PRIMARY
  }

  public record Listener(Kind kind, String address, int port) {}
}
