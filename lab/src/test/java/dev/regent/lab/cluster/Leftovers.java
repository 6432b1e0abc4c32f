package dev.regent.lab.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Looks for what a lab may have left behind. */
public final class Leftovers {
  private Leftovers() {}

  /** The servers that run with a configuration from this folder, frozen or not. */
  public static List<String> processesOf(Path folder) {
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      return all.map(Leftovers::commandLine)
          .filter(line -> line.contains("--defaults-file=" + folder))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String commandLine(Path process) {
    try {
      return Files.readString(process.resolve("cmdline")).replace('\0', ' ');
    } catch (IOException e) {
      return "";
    }
  }

  /** The namespaces of the cluster in this folder, and what is mounted in it. */
  public static List<String> networkAndMountsOf(Path folder) {
    List<String> found = new ArrayList<>();
    filesIn(Path.of("/run/netns")).stream()
        .map(path -> path.getFileName().toString())
        .filter(name -> name.startsWith(folder.getFileName() + "."))
        .forEach(found::add);
    try (Stream<String> mounts = Files.lines(Path.of("/proc/mounts"))) {
      mounts.filter(line -> line.contains(folder + "/")).forEach(found::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  public static List<Path> filesIn(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
