package dev.regent.server.monitor;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What is configured about events.
 *
 * @param script the program and its words; placeholders in them are not expanded yet
 * @param events those that the script is called for
 * @param strict derive them as MaxScale 1.2 did
 * @param lagMaxSeconds beyond it {@code rlag_above} is told; empty: the lag is no event
 * @param withheld variables of this process that the script does not get: passwords
 */
public record EventSettings(
    List<String> script,
    Set<MonitorEvent> events,
    Duration timeout,
    Dialect dialect,
    Credentials credentials,
    boolean strict,
    OptionalLong lagMaxSeconds,
    List<String> withheld) {

  /** How the script is called. */
  public enum Dialect {
    /** The fixed arguments of 1.2; placeholders mean nothing. */
    FIXED("1.2"),
    /** Placeholders, addresses as {@code host:port}. */
    PLAIN("1.3"),
    /** Placeholders, addresses as {@code [host]:port}. */
    BRACKETS("2.1.3");

    private final String release;

    Dialect(String release) {
      this.release = release;
    }

    /** The release of MaxScale that began to do it so. */
    public String release() {
      return release;
    }
  }

  /** How the script learns Regent's own login on the servers. */
  public enum Credentials {
    /** Not at all. */
    REFUSED,
    /** By a variable of its environment. */
    ENVIRONMENT,
    /** In the place of {@code $CREDENTIALS}, where everybody on the machine can read it. */
    ARGUMENTS
  }

  public EventSettings {
    script = List.copyOf(script);
    EnumSet<MonitorEvent> chosen = EnumSet.noneOf(MonitorEvent.class);
    chosen.addAll(events);
    events = java.util.Collections.unmodifiableSet(chosen);
    withheld = List.copyOf(withheld);
  }

  boolean wants(MonitorEvent event) {
    return event.aboutLag() || events.contains(event);
  }
}
