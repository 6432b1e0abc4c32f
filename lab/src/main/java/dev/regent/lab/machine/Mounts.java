package dev.regent.lab.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Small file systems of a lab's own, mounted inside its folder. Mounting needs root. */
public final class Mounts {
  private Mounts() {}

  /** Why no lab can have disks of its own here, with what to do about it; empty if it can. */
  public static Optional<String> missing() {
    if (Tools.find("mount").isEmpty() || Tools.find("umount").isEmpty()) {
      return Optional.of(
          "a disk of a server's own needs the commands \"mount\" and \"umount\": install them");
    }
    Path trial =
        Path.of(System.getProperty("java.io.tmpdir")).resolve(LabFolders.uniqueName("trial"));
    try {
      Files.createDirectory(trial, LabFolders.privateFolder());
      try {
        mountMemory(trial, 1);
        unmount(trial);
        return Optional.empty();
      } finally {
        LabFolders.deleteTree(trial);
      }
    } catch (LabException | IOException e) {
      return Optional.of(
          "a disk of a server's own needs the rights of root (in a container, CAP_SYS_ADMIN): "
              + e.getMessage());
    }
  }

  /**
   * Mounts an empty file system in memory over this folder, which is empty too.
   *
   * @param mebibytes how much it holds; only what is used takes memory
   */
  public static void mountMemory(Path folder, int mebibytes) {
    Tools.run(
        List.of(
            "mount",
            "-t",
            "tmpfs",
            "-o",
            "size=%dm,mode=0700,nosuid,nodev".formatted(mebibytes),
            "regent-lab",
            folder.toString()));
  }

  /** Unmounts everything below this folder. Whoever uses it is to be gone. */
  public static void unmountBelow(Path folder) {
    // What was mounted last lies on top.
    below(folder).reversed().forEach(Mounts::unmount);
  }

  private static void unmount(Path point) {
    try {
      // Lazily: a killed process may hold it for another moment, and is no reason to fail.
      Tools.run(List.of("umount", "-l", point.toString()));
    } catch (LabException e) {
      if (below(point).contains(point)) {
        throw e;
      }
    }
  }

  /** The mount points at and below a folder, in the order in which they were mounted. */
  static List<Path> below(Path folder) {
    List<Path> points = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
        // The fifth field, with what would break the line written in octal, see proc(5).
        Path point = Path.of(plain(line.split(" ", 6)[4]));
        if (point.startsWith(folder)) {
          points.add(point);
        }
      }
    } catch (IOException e) {
      throw new LabException("Cannot read what is mounted: " + e, e);
    }
    return points;
  }

  private static String plain(String field) {
    return field
        .replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\");
  }
}
