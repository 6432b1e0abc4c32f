package dev.regent.core.model;

import java.time.Duration;

/** The result of one probe of one server: facts, or the kind of miss. */
public sealed interface Observation {
  Moment at();

  /** The server answered everything asked, within the probe's deadline. */
  record Seen(ServerFacts facts, Moment at, Duration took) implements Observation {}

  /** The server did not answer; {@code detail} is the last cause in words, without secrets. */
  record Missed(Kind kind, String detail, Moment at) implements Observation {}

  /** Why a probe failed. Each means something else about the server (DESIGN 4). */
  enum Kind {
    /** Nobody listens on the port: the process is gone, or a firewall rejects us. */
    REFUSED(true, false),
    /** The connection was cut: the process died, or is dying. */
    RESET(true, false),
    /** No answer in time: frozen, cut off, or a big process being torn down. */
    TIMEOUT(false, false),
    /** It answered that it does not know us: it lives. */
    AUTH(false, true),
    /** It answered that it has no connection left: it lives. */
    TOO_MANY_CONNECTIONS(false, true),
    /** It answered something we do not understand: it lives. */
    PROTOCOL(false, true),
    /** It answered, and TLS failed: it lives. */
    TLS(false, true);

    private final boolean crash;
    private final boolean alive;

    Kind(boolean crash, boolean alive) {
      this.crash = crash;
      this.alive = alive;
    }

    /** The kernel says that no process serves this port. */
    public boolean crash() {
      return crash;
    }

    /** Something answered: proof of life, although not of health. */
    public boolean provesLife() {
      return alive;
    }
  }
}
