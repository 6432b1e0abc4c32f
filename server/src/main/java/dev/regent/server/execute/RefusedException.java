package dev.regent.server.execute;

/** A step must not or cannot be done, for this reason; it has not taken effect. */
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  RefusedException(String reason) {
    super(reason);
  }
}
