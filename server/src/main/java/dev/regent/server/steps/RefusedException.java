package dev.regent.server.steps;

/** A step must not or cannot be done, for this reason; it has not taken effect. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  public RefusedException(String reason) {
    super(reason);
  }
}
