package dev.regent.cli;

import dev.regent.cli.client.Surroundings;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** Runs commands as a shell would, without one. */
final class Shell {
  private final Map<String, String> environment;
  private final Path home;

  Shell(Path home, Map<String, String> environment) {
    this.home = home;
    this.environment = environment;
  }

  /** What a command left behind. */
  record Ran(int exit, String out, String err) {}

  /** With output to a pipe. */
  Ran run(String... words) {
    return run("", false, words);
  }

  /** On a terminal, at which somebody types the answer. */
  Ran onTerminal(String typed, String... words) {
    return run(typed + "\n", true, words);
  }

  private Ran run(String typed, boolean terminal, String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Surroundings surroundings =
        new Surroundings(
            new BufferedReader(new StringReader(typed)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            environment,
            terminal,
            terminal,
            "ada",
            home);
    int exit = new Cli(surroundings).run(words);
    return new Ran(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
