package dev.regent.server.office;

/**
 * Another manager holds office on the server, or held it later than we did. Nothing was changed.
 * Trying again helps only after somebody has ended that manager and removed its row.
 */
public final class DeposedException extends Exception {
  private static final long serialVersionUID = 1L;

  DeposedException(String message) {
    super(message);
  }
}
