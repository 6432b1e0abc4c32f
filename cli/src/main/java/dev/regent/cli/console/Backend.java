package dev.regent.cli.console;

import dev.regent.cli.client.ExitCode;
import java.util.List;
import java.util.function.Consumer;

/**
 * Whom the console asks: a daemon, or the servers themselves. All methods but {@link #watch} wait
 * for as long as it takes, and are called on threads of their own.
 */
public interface Backend extends AutoCloseable {

  /** What came of a question or an order. */
  record Answer(Result result, List<String> lines) {
    /** Whether it was done, and if not, why. */
    public enum Result {
      DONE,
      HELD,
      FAILED;

      public static Result of(int exitCode) {
        return switch (exitCode) {
          case ExitCode.DONE -> DONE;
          case ExitCode.HELD -> HELD;
          default -> FAILED;
        };
      }
    }

    public Answer {
      lines = List.copyOf(lines);
    }
  }

  /** Starts to tell what it sees, until it is closed. Returns at once. */
  void watch(Consumer<Happening> listener);

  /** What the order would do, or why it would not. Changes nothing. */
  Answer plan(Order order);

  /** Does it; {@code progress} hears what happens meanwhile. */
  Answer carryOut(Order order, Consumer<String> progress);

  /** Whether this kind of order can be given here; if not, why, for the user. */
  String refusal(Order order);

  @Override
  void close();
}
