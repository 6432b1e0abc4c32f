package dev.regent.lab.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Where the lab keeps things: unpacked servers (cache), named labs (state), server data (memory if
 * there is room). A system property overrides each: {@code regent.lab.cache}, {@code
 * regent.lab.state}, {@code regent.lab.data}.
 */
public final class LabFolders {
  /** The reaper deletes only folders whose names start like this. */
  static final String DATA_PREFIX = "regent-lab-";

  /** A server with some load stays below this; with less room we prefer a disk. */
  private static final long ROOM_PER_SERVER = 256L << 20;

  private static final Path MEMORY = Path.of("/dev/shm");

  private LabFolders() {}

  public static Path cache() {
    return folder("regent.lab.cache", "XDG_CACHE_HOME", ".cache");
  }

  public static Path state() {
    return folder("regent.lab.state", "XDG_STATE_HOME", ".local/state");
  }

  /** A name that is not in use, for the data of this many servers, where there is room for it. */
  public static Path chooseData(String name, int servers) {
    return dataParent(servers * ROOM_PER_SERVER).resolve(uniqueName(name));
  }

  /** A name like that of a lab's folder, unique on this machine. */
  public static String uniqueName(String name) {
    long random = ThreadLocalRandom.current().nextLong();
    return DATA_PREFIX + name + "-" + HexFormat.of().toHexDigits(random);
  }

  /** Creates the chosen folder; only its owner can enter it. The caller deletes it. */
  public static void createData(Path folder) {
    try {
      Files.createDirectory(folder, privateFolder());
    } catch (IOException e) {
      throw new LabException(
          "Cannot create %s for the servers' data: %s. Choose a place with -Dregent.lab.data=FOLDER."
              .formatted(folder, e),
          e);
    }
  }

  private static Path dataParent(long room) {
    String chosen = System.getProperty("regent.lab.data", "");
    if (!chosen.isEmpty()) {
      return Path.of(chosen).toAbsolutePath();
    }
    try {
      if (Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() >= room) {
        return MEMORY;
      }
    } catch (IOException e) {
      // No usable memory file system is not an error: a disk will do.
    }
    return Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
  }

  private static Path folder(String property, String variable, String underHome) {
    String chosen = System.getProperty(property, "");
    if (!chosen.isEmpty()) {
      return Path.of(chosen).toAbsolutePath();
    }
    String base = System.getenv().getOrDefault(variable, "");
    // The XDG specification: relative paths in these variables are to be ignored.
    Path root =
        Path.of(base).isAbsolute()
            ? Path.of(base)
            : Path.of(System.getProperty("user.home")).resolve(underHome);
    return root.resolve("regent").resolve("lab");
  }

  /** Creates the folder and its parents; the folder itself can be entered by its owner only. */
  public static Path createPrivate(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    return folder;
  }

  public static FileAttribute<Set<PosixFilePermission>> privateFolder() {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  }

  /** Writes a new file that only its owner can read, from its first byte on. */
  public static void writePrivate(Path file, String text) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, text);
  }

  /** Whether we are root: a server refuses to run like that unless it is told to. */
  public static boolean isOwnedByRoot(Path ours) {
    try {
      return Integer.valueOf(0).equals(Files.getAttribute(ours, "unix:uid"));
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** Copies a folder's contents to a folder that exists and is empty. */
  public static void copyTree(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            if (!folder.equals(from)) {
              Files.createDirectory(to.resolve(from.relativize(folder)));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(file, to.resolve(from.relativize(file)));
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Deletes a folder and all in it; what is already gone, or goes meanwhile, is no error. */
  public static void deleteTree(Path root) {
    try {
      Files.walkFileTree(root, new Deleter());
    } catch (NoSuchFileException e) {
      // It is gone, which is what was asked.
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete " + root, e);
    }
  }

  private static final class Deleter extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException problem) throws IOException {
      if (problem instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw problem;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException problem)
        throws IOException {
      Files.deleteIfExists(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
