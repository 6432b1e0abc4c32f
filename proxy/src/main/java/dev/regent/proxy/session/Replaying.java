package dev.regent.proxy.session;

import java.util.Optional;

/**
 * How open transactions are repeated after the loss of their server.
 *
 * @param bytesMax a longer transaction is not kept; 0 keeps none
 * @param attemptsMax so many servers may be lost while one transaction is repeated
 * @param budget for all sessions together
 * @param tokens the table whose rows decide what became of a lost COMMIT, as SQL names it; empty:
 *     it is told to be unknown
 */
public record Replaying(long bytesMax, int attemptsMax, Budget budget, Optional<String> tokens) {
  public static final long BYTES_MAX = 1 << 20;
  public static final int ATTEMPTS_MAX = 5;

  /** For sessions that share nothing with others. */
  public static Replaying standard() {
    return new Replaying(BYTES_MAX, ATTEMPTS_MAX, Budget.UNLIMITED);
  }

  public Replaying(long bytesMax, int attemptsMax, Budget budget) {
    this(bytesMax, attemptsMax, budget, Optional.empty());
  }

  /** The same, with lost commits decided by a table. */
  public Replaying deciding(String table) {
    return new Replaying(bytesMax, attemptsMax, budget, Optional.of(table));
  }
}
