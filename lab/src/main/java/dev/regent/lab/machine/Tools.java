package dev.regent.lab.machine;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** Runs the machine's own tools (iproute2, util-linux), each for a moment. */
public final class Tools {
  /** They answer in milliseconds; a namespace on its way out may hold one up. */
  private static final int SECONDS_MAX = 20;

  /** Where an ordinary search path does not lead. */
  private static final List<String> MORE_FOLDERS = List.of("/usr/sbin", "/sbin");

  private Tools() {}

  /** The full path of a tool, or its mere name if it is not there: then the start will say so. */
  public static String path(String tool) {
    return find(tool).map(Path::toString).orElse(tool);
  }

  public static Optional<Path> find(String tool) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.concat(Stream.of(path.split(File.pathSeparator, -1)), MORE_FOLDERS.stream())
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder).resolve(tool))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Runs it and returns what it said on standard output; anything but success is an exception. */
  public static String run(List<String> command) {
    return run(command, "");
  }

  /** Like {@link #run(List)}, with something to read on standard input. */
  public static String run(List<String> command, String input) {
    List<String> words = new ArrayList<>(command);
    words.set(0, path(words.getFirst()));
    try {
      Process tool = new ProcessBuilder(words).redirectErrorStream(true).start();
      AtomicBoolean late = new AtomicBoolean();
      Thread.ofVirtual().name("tool-deadline").start(() -> endLate(tool, late));
      try (OutputStream in = tool.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // It ended before it had read everything; its exit code and its words say why.
      }
      String said = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (tool.waitFor() != 0) {
        String ended = late.get() ? "(ended after %d s) ".formatted(SECONDS_MAX) : "";
        throw failed(words, input, ended + said.strip());
      }
      return said;
    } catch (IOException e) {
      throw new LabException("Cannot run %s: %s".formatted(words.getFirst(), e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("Interrupted while %s ran".formatted(words), e);
    }
  }

  /** Its output ends with it: whoever reads that is freed too. */
  private static void endLate(Process tool, AtomicBoolean late) {
    try {
      if (!tool.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
        late.set(true);
        tool.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs lines as commands of {@code ip} or {@code tc} in a namespace, up to the first failure. */
  public static void batch(String tool, String namespace, List<String> lines) {
    if (!lines.isEmpty()) {
      run(List.of(tool, "-n", namespace, "-batch", "-"), String.join("\n", lines) + "\n");
    }
  }

  private static LabException failed(List<String> words, String input, String said) {
    String given = input.isEmpty() ? "" : " with\n" + input.strip() + "\n";
    return new LabException("%s%s said: %s".formatted(String.join(" ", words), given, said));
  }
}
