package dev.regent.core.model;

/**
 * Always-on checks for programmer errors. A failed check stops automatic action; monitoring goes on
 * (STYLE rule 25).
 */
public final class Check {
  private Check() {}

  /** Throws {@link IllegalStateException} with the message unless the condition holds. */
  public static void that(boolean condition, String message) {
    if (!condition) {
      throw new IllegalStateException(message);
    }
  }

  /** Throws {@link IllegalArgumentException} with the message unless the condition holds. */
  public static void argument(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
