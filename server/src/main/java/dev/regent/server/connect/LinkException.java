package dev.regent.server.connect;

import dev.regent.core.model.Endpoint;
import dev.regent.core.model.Observation;

/**
 * A server did not do what it was asked, with the kind of failure and its words.
 *
 * <p>If {@link #answered()}, the statement failed on the server, certainly, and the link can be
 * used again. Otherwise the link is gone, and whatever was under way on it may or may not have
 * happened.
 */
public final class LinkException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Observation.Kind kind;
  private final int code;
  private final boolean answered;

  LinkException(Observation.Kind kind, int code, boolean answered, String message) {
    super(message);
    this.kind = kind;
    this.code = code;
    this.answered = answered;
  }

  /** Nothing was heard of the server before the time was up. */
  public static LinkException noAnswer(Endpoint server) {
    return new LinkException(Observation.Kind.TIMEOUT, 0, false, server + ": no answer in time");
  }

  public Observation.Kind kind() {
    return kind;
  }

  /** The server's error number; 0 if it did not give one. */
  public int code() {
    return code;
  }

  public boolean answered() {
    return answered;
  }

  /** The message belongs to one place; a stack of the driver's insides helps nobody. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
