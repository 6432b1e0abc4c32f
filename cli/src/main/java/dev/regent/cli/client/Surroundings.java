package dev.regent.cli.client;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a command runs: its streams, its environment and its terminal.
 *
 * @param outIsTerminal somebody reads the output as it comes
 * @param inIsTerminal somebody can answer a question
 */
public record Surroundings(
    BufferedReader in,
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    boolean inIsTerminal,
    boolean outIsTerminal,
    String user,
    Path home) {
  private static final int COLUMNS = 80;

  /** Those of this process. All text is UTF-8, whatever the locale says. */
  public static Surroundings ofProcess() {
    return new Surroundings(
        new BufferedReader(
            new InputStreamReader(new FileInputStream(FileDescriptor.in), StandardCharsets.UTF_8)),
        stream(FileDescriptor.out),
        stream(FileDescriptor.err),
        System.getenv(),
        isTerminal(0),
        isTerminal(1),
        System.getProperty("user.name"),
        Path.of(System.getProperty("user.home")));
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  /** The kernel's own answer; the JDK's console would look at both ends and start slowly. */
  private static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException e) {
      return false;
    }
  }

  /** The terminal's width; the launcher finds it. */
  int columns() {
    String columns = environment.getOrDefault("COLUMNS", "");
    return outIsTerminal && columns.matches("[1-9][0-9]{1,3}")
        ? Integer.parseInt(columns)
        : COLUMNS;
  }

  /** Colours are for terminals whose owner did not refuse them (no-color.org). */
  public boolean color() {
    return outIsTerminal
        && environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !environment.getOrDefault("TERM", "").equals("dumb");
  }
}
