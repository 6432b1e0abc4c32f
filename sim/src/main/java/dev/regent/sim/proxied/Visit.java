package dev.regent.sim.proxied;

import dev.regent.sim.kernel.Dice;
import java.util.List;
import java.util.Optional;

/**
 * How long a client stays, and what its session has meanwhile: what it set, and in the beginning
 * nothing, whoever had the link to the server before.
 */
final class Visit {
  /** The client says farewell. */
  static final String QUIT = "QUIT";

  private static final double ENDS = 0.1;
  private static final double SETS_TIMEOUT = 0.2;
  private static final String MODE = "SELECT @@sql_mode";
  private static final String TIMEOUT = "SELECT @@net_read_timeout";
  private static final String TIMEOUT_USUAL = "30";

  private final Dice dice;

  /** Where nothing goes from one session to another, clients stay, and have nothing to look at. */
  private final boolean pooled;

  private String mode = "";
  private String timeout = TIMEOUT_USUAL;

  Visit(Dice dice, boolean pooled) {
    this.dice = dice;
    this.pooled = pooled;
  }

  /** Forgets what the one before had; returns what is said first. */
  List<String> begins() {
    mode = "";
    timeout = TIMEOUT_USUAL;
    if (!pooled) {
      return List.of();
    }
    return dice.chance(SETS_TIMEOUT)
        ? List.of(MODE, TIMEOUT, "SET net_read_timeout=77")
        : List.of(MODE, TIMEOUT);
  }

  boolean ends() {
    return pooled && dice.chance(ENDS);
  }

  /** Nothing of it may be left. */
  boolean endsInTransaction() {
    return dice.chance(0.5);
  }

  /** A statement was executed. */
  void executed(String sql) {
    if (sql.startsWith("SET net_read_timeout=")) {
      timeout = sql.substring(sql.indexOf('=') + 1);
    } else if (sql.startsWith("SET ")) {
      mode = sql.substring(sql.indexOf('\'') + 1, sql.length() - 1);
    }
  }

  /** What is wrong with an answer, if anything is. */
  Optional<String> wrong(String asked, String value) {
    if (asked.equals(MODE) && !value.equals(mode)) {
      return Optional.of("sql_mode is '" + value + "', not '" + mode + "'");
    }
    return asked.equals(TIMEOUT) && !value.equals(timeout)
        ? Optional.of("net_read_timeout is " + value + ", not " + timeout)
        : Optional.empty();
  }
}
