package dev.regent.cli.client;

/** What a command tells the shell. */
public final class ExitCode {
  public static final int DONE = 0;
  public static final int UNREACHABLE = 1;
  public static final int MISTAKE = 2;
  public static final int HELD = 3;
  public static final int FAILED = 4;

  /** For the foot of every help page. */
  public static final String HELP =
      "Exit codes: 0 done, 1 daemon unreachable or internal, 2 mistake in usage or"
          + " configuration, 3 held or refused, 4 failed.";

  private ExitCode() {}
}
