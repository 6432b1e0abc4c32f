package dev.regent.cli.client;

/** Ends a command with a message for the operator (what, where, why, what to do) and a code. */
public final class CommandException extends Exception {
  private static final long serialVersionUID = 1L;
  private final int exitCode;

  public CommandException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  public int exitCode() {
    return exitCode;
  }
}
