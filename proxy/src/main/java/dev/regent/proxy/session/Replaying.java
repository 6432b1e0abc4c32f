package dev.regent.proxy.session;

/**
 * How open transactions are repeated after the loss of their server.
 *
 * @param bytesMax a longer transaction is not kept; 0 keeps none
 * @param attemptsMax so many servers may be lost while one transaction is repeated
 * @param budget for all sessions together
 */
public record Replaying(long bytesMax, int attemptsMax, Budget budget) {
  public static final long BYTES_MAX = 1 << 20;
  public static final int ATTEMPTS_MAX = 5;

  /** For sessions that share nothing with others. */
  public static Replaying standard() {
    return new Replaying(BYTES_MAX, ATTEMPTS_MAX, Budget.UNLIMITED);
  }
}
