package dev.regent.cli;

/** Where the launcher enters. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.err.println("regent: this command is not built yet");
    System.exit(1);
  }
}
