package dev.regent.lab.net;

import dev.regent.lab.machine.LabException;
import dev.regent.lab.machine.LabFolders;
import dev.regent.lab.machine.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The network namespaces of labs. Each is named after its lab's folder, which has a random part:
 * {@code FOLDER.HOST}. So what is left of a lab is found by its name, and nobody else's is touched.
 */
public final class Namespaces {
  /** Where {@code ip netns} keeps them, see ip-netns(8). */
  static final Path FOLDER = Path.of("/run/netns");

  private Namespaces() {}

  static String name(String lab, String host) {
    return lab + "." + host;
  }

  /** Why no lab can live in namespaces here, with what to do about it; empty if it can. */
  public static Optional<String> missing() {
    for (String tool : List.of("ip", "tc", "ss", "nsenter")) {
      if (Tools.find(tool).isEmpty()) {
        return Optional.of(
            "network namespaces need the command \"%s\": install the packages iproute2 and util-linux"
                .formatted(tool));
      }
    }
    if (!LabFolders.isOwnedByRoot(Path.of("/proc/self"))) {
      return Optional.of("network namespaces need the rights of root: run it as root");
    }
    String trial = name(LabFolders.uniqueName("trial"), "trial");
    try {
      Tools.run(List.of("ip", "netns", "add", trial));
      Tools.run(List.of("ip", "netns", "del", trial));
      return Optional.empty();
    } catch (LabException e) {
      return Optional.of(
          "this machine does not let us make a network namespace (in a container, CAP_SYS_ADMIN"
              + " is needed): "
              + e.getMessage());
    }
  }

  /** Whether some of this lab are there. */
  public static boolean exist(String lab) {
    return !of(lab).isEmpty();
  }

  /** Kills whatever runs in this lab's namespaces, and removes them. */
  public static void remove(String lab) {
    List<String> all = of(lab);
    all.forEach(Namespaces::killAllIn);
    all.forEach(Namespaces::delete);
  }

  private static List<String> of(String lab) {
    if (!Files.isDirectory(FOLDER)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(FOLDER)) {
      return all.map(path -> path.getFileName().toString())
          .filter(name -> name.startsWith(lab + "."))
          .toList();
    } catch (IOException e) {
      throw new LabException("Cannot look into %s: %s".formatted(FOLDER, e), e);
    }
  }

  private static void killAllIn(String namespace) {
    Tools.run(List.of("ip", "netns", "pids", namespace))
        .lines()
        .map(Long::parseLong)
        .filter(pid -> pid != ProcessHandle.current().pid())
        .flatMap(pid -> ProcessHandle.of(pid).stream())
        .forEach(ProcessHandle::destroyForcibly);
  }

  private static void delete(String namespace) {
    try {
      Tools.run(List.of("ip", "netns", "del", namespace));
    } catch (LabException e) {
      // Somebody else may clean up too; only one that is still there is a failure.
      if (Files.exists(FOLDER.resolve(namespace))) {
        throw e;
      }
    }
  }
}
