package dev.regent.lab.load;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** What a client of the proxy was told, as docs/proxy.md lists it. */
public enum Told {
  DONE,
  /** 1213: its transaction was rolled back; it may begin again. */
  ROLLED_BACK,
  /** 2013, 08007: it may have taken effect or not. */
  UNKNOWN,
  /** 1836, 1927, 1040: it was not executed. */
  REFUSED,
  /** Nobody listens, or the connection broke without a word: the proxy is gone. */
  NO_PROXY,
  /** No answer in all the time that a client waits. */
  SILENCE,
  /** It was acknowledged, and the same client did not read it afterwards. */
  UNREAD,
  /** Anything else: no application should have to know of it. */
  WRONG;

  /** Longer than any hold: who waits in vain for so long has been forgotten. */
  static final Duration PATIENCE = Duration.ofSeconds(45);

  private static final int DEADLOCK = 1213;
  private static final int READ_ONLY_MODE = 1836;
  private static final int TOO_MANY = 1040;
  private static final int MOVED = 1927;
  private static final int LOST = 2013;

  /** A driver's own words for a connection that it could not make, or that broke. */
  private static final String OF_DRIVER = "08000";

  static Told by(SQLException thrown, Duration waited) {
    SQLException e = first(thrown);
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    int code = e.getErrorCode();
    if (code == LOST && state.equals("08007")) {
      return UNKNOWN;
    }
    if (code == DEADLOCK) {
      return ROLLED_BACK;
    }
    boolean moved = code == MOVED && state.equals("08S01");
    if (code == READ_ONLY_MODE || code == TOO_MANY || moved) {
      return REFUSED;
    }
    if (code <= 0 || state.equals(OF_DRIVER)) {
      boolean vain = waited.compareTo(PATIENCE.minusSeconds(1)) >= 0;
      return vain ? SILENCE : NO_PROXY;
    }
    return WRONG;
  }

  /** A driver that connects hides what it was told behind words of its own. */
  private static SQLException first(SQLException thrown) {
    SQLException found = thrown;
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException told && told.getErrorCode() > 0) {
        found = told;
      }
    }
    return found;
  }

  /** How a write's error begins. */
  String because(String why) {
    return this == DONE ? "" : name() + " " + why;
  }

  /** Of a write through the proxy. */
  public static Told of(Write write) {
    Optional<Told> word =
        Arrays.stream(values()).filter(t -> write.error().startsWith(t.name() + " ")).findFirst();
    return word.orElse(write.error().isEmpty() ? DONE : WRONG);
  }
}
