package dev.regent.server.steps;

/** The time is over while the server is still at it: it may yet take effect. */
public final class LateException extends Exception {
  private static final long serialVersionUID = 1L;

  public LateException(String reason) {
    super(reason);
  }
}
