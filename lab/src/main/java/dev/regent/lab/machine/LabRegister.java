package dev.regent.lab.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which labs there are on this machine and which process each belongs to, so that a lab whose
 * program and whose {@link Reaper} were both killed is found by the next program. One small file
 * per lab, named after its folder, written before there is anything else of it.
 */
public final class LabRegister {
  private static final String DETACHED = "detached";

  /** What a file says. A process number means something in one kernel's one name space only. */
  private record Entry(Path folder, String owner, String kernel) {}

  private LabRegister() {}

  /** This process makes a lab in this folder. */
  public static void enter(Path folder) {
    String owner =
        ServerProcess.find(ProcessHandle.current().pid())
            .map(process -> process.pid() + " " + process.startTicks())
            .orElse(DETACHED);
    write(folder, owner);
  }

  /** The lab belongs to nobody from now on, and stays. */
  public static void detach(Path folder) {
    write(folder, DETACHED);
  }

  /** The lab is gone. */
  public static void leave(Path folder) {
    try {
      Files.deleteIfExists(file(folder));
    } catch (IOException e) {
      // It will be found to speak of a lab that is not there.
    }
  }

  /** The folders of labs whose owners are dead; some of their contents may be gone already. */
  public static List<Path> abandoned() {
    List<Path> folders = new ArrayList<>();
    for (Path file : files()) {
      Optional<Entry> entry = read(file);
      if (entry.filter(e -> isAbandoned(e)).isPresent()) {
        folders.add(entry.get().folder());
      }
    }
    return folders;
  }

  private static boolean isAbandoned(Entry entry) {
    boolean known = entry.folder().getFileName().toString().startsWith(LabFolders.DATA_PREFIX);
    if (!known || entry.owner().equals(DETACHED) || !entry.kernel().equals(kernel())) {
      return false;
    }
    String[] words = entry.owner().split(" ", 2);
    try {
      return !new ServerProcess(Long.parseLong(words[0]), Long.parseLong(words[1])).isAlive();
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return false;
    }
  }

  /** Where the lab of this folder is noted. */
  static Path file(Path folder) {
    return root().resolve(folder.getFileName().toString());
  }

  private static Path root() {
    return LabFolders.cache().resolve("labs");
  }

  private static List<Path> files() {
    if (!Files.isDirectory(root())) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(root())) {
      return all.toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static void write(Path folder, String owner) {
    Path file = file(folder);
    try {
      LabFolders.createPrivate(root());
      Files.writeString(file, folder + "\n" + owner + "\n" + kernel() + "\n");
    } catch (IOException e) {
      throw new LabException("Cannot note the lab in %s: %s".formatted(file, e), e);
    }
  }

  /** Empty if it is being written, or is not ours. */
  private static Optional<Entry> read(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      return lines.size() == 3
          ? Optional.of(new Entry(Path.of(lines.get(0)), lines.get(1), lines.get(2)))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String kernel() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip()
          + " "
          + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
    } catch (IOException e) {
      return "";
    }
  }
}
