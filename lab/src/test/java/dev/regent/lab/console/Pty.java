package dev.regent.lab.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.lab.daemon.RegentDaemon;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jline.terminal.Size;
import org.jline.utils.ScreenTerminal;

/**
 * A program on a pseudo-terminal of the kernel's, and what its user would see. The terminal is made
 * by {@code script}, which every Debian has (bsdutils is essential); what is drawn is read by
 * JLine's screen.
 */
public final class Pty implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process script;
  private final OutputStream keys;
  private final Path tty;
  private final ScreenTerminal screen;

  /** Guards itself: the drawing thread appends, tests read. */
  private final StringBuilder raw = new StringBuilder();

  private Pty(Process script, Path tty, ScreenTerminal screen) {
    this.script = script;
    this.keys = script.getOutputStream();
    this.tty = tty;
    this.screen = screen;
    Thread.ofVirtual().name("pty-screen").start(this::draw);
  }

  /** Starts a class with a {@code main} of this test's class path on a terminal. */
  public static Pty start(
      Path folder, int columns, int rows, Map<String, String> environment, List<String> words) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String program =
        List.of(
                    java,
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"))
                .stream()
                .map(Pty::quoted)
                .collect(Collectors.joining(" "))
            + " "
            + words.stream().map(Pty::quoted).collect(Collectors.joining(" "));
    try {
      Path tty = Files.createTempFile(folder, "tty", "");
      String shell =
          "stty rows "
              + rows
              + " cols "
              + columns
              + "; tty >"
              + quoted(tty.toString())
              + "; "
              + program
              + "; echo EXIT $?; stty -a";
      ProcessBuilder builder =
          new ProcessBuilder("script", "-q", "-e", "-f", "-c", shell, "/dev/null")
              .redirectErrorStream(true);
      builder.environment().put("LC_ALL", "C.UTF-8");
      builder.environment().put("SHELL", "/bin/sh");
      builder.environment().remove("NO_COLOR");
      builder.environment().putAll(environment);
      return new Pty(builder.start(), tty, new ScreenTerminal(columns, rows));
    } catch (IOException e) {
      throw new UncheckedIOException("script (package bsdutils or util-linux) is needed", e);
    }
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  private void draw() {
    char[] some = new char[4096];
    try (Reader reader = new InputStreamReader(script.getInputStream(), StandardCharsets.UTF_8)) {
      int count = reader.read(some);
      while (count >= 0) {
        String text = new String(some, 0, count);
        keep(text);
        screen.write(text);
        count = reader.read(some);
      }
    } catch (IOException e) {
      keep(e.toString());
    }
  }

  private void keep(String text) {
    synchronized (raw) {
      raw.append(text);
    }
  }

  public void type(String text) {
    try {
      keys.write(text.getBytes(StandardCharsets.UTF_8));
      keys.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The user's window gets another size; the kernel tells the program. */
  void resize(int columns, int rows) throws IOException, InterruptedException {
    screen.setSize(Size.of(columns, rows));
    Process stty =
        new ProcessBuilder(
                "stty",
                "-F",
                Files.readString(tty).strip(),
                "rows",
                Integer.toString(rows),
                "cols",
                Integer.toString(columns))
            .redirectErrorStream(true)
            .start();
    assertThat(stty.waitFor())
        .as(new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isZero();
  }

  /** What can be seen now, without blanks at the ends of lines. */
  String seen() {
    return Arrays.stream(screen.toString().split("\n", -1))
        .map(String::stripTrailing)
        .collect(Collectors.joining("\n"));
  }

  /** Everything that was ever sent to the terminal. */
  public String sent() {
    synchronized (raw) {
      return raw.toString();
    }
  }

  /** Waits until all of these can be seen together. */
  public Pty sees(String... texts) {
    return until(String.join(" + ", texts), now -> Arrays.stream(texts).allMatch(now::contains));
  }

  Pty until(String what, Predicate<String> condition) {
    if (!RegentDaemon.await(PATIENCE, () -> condition.test(seen()))) {
      throw new AssertionError("never seen: " + what + "\n" + seen());
    }
    return this;
  }

  /** Tells the program to end, not its shell. */
  void terminate() {
    List<ProcessHandle> programs =
        script
            .descendants()
            .filter(p -> p.info().command().filter(c -> c.endsWith("/java")).isPresent())
            .toList();
    assertThat(programs).hasSize(1).allMatch(ProcessHandle::destroy);
  }

  /** Waits for the program's end; its terminal must be as it was. */
  void ended(int exit) throws InterruptedException {
    assertThat(script.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(seen()).isTrue();
    RegentDaemon.await(PATIENCE, () -> sent().contains("EXIT") && sent().contains(" echo "));
    assertThat(sent())
        .contains("EXIT " + exit, "isig icanon iexten echo ", " ixon ")
        .doesNotContain("-isig");
  }

  @Override
  public void close() {
    script.descendants().forEach(ProcessHandle::destroy);
    script.destroy();
  }
}
