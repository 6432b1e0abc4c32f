package dev.regent.server.front;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

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

  /**
   * @param tls what clients are shown; empty: no TLS with them
   * @param connectionsMax how many clients it takes at one time
   * @param proxyProtocol servers are told where the client comes from
   */
  public record Listener(
      Kind kind,
      String address,
      int port,
      Optional<ClientTls> tls,
      int connectionsMax,
      boolean proxyProtocol) {
    /** What a client may send before its login is bounded, and so is with this all of it. */
    public static final int CONNECTIONS_MAX = 10_000;

    public Listener(Kind kind, String address, int port) {
      this(kind, address, port, Optional.empty(), CONNECTIONS_MAX, false);
    }
  }

  /**
   * @param required who does not want TLS does not come in
   */
  public record ClientTls(Path certificate, Path key, boolean required) {}
}
