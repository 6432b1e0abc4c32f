package dev.regent.proxy.seen;

import dev.regent.core.model.ServerId;
import java.time.Duration;
import java.util.Optional;

/**
 * A session at one moment.
 *
 * @param number what the client knows its connection by
 * @param user empty text before the login
 * @param server where its statements go at present; empty if it has no connection to a server
 * @param thread the server's number of that connection; 0 without one
 * @param since how long it has been in this state
 * @param transaction how long its transaction has been open; empty if it has none
 * @param pinned why it cannot go on at another server; empty if it can
 */
public record SessionView(
    long number,
    String client,
    String listener,
    String user,
    String database,
    Optional<ServerId> server,
    long thread,
    Activity activity,
    Duration since,
    Optional<Duration> transaction,
    Optional<String> pinned) {

  /** What a session does. */
  public enum Activity {
    LOGGING_IN("logging in"),
    /** A connection to a server is made, or made ready for it. */
    CONNECTING("connecting to a server"),
    IDLE("idle"),
    EXECUTING("executing"),
    WAITING("waiting for a primary"),
    ENDED("ended");

    private final String words;

    Activity(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }
}
