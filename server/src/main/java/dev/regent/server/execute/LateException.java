package dev.regent.server.execute;

/** The time is over while the server is still at it: it may yet take effect. */
final class LateException extends Exception {
  private static final long serialVersionUID = 1L;

  LateException(String reason) {
    super(reason);
  }
}
