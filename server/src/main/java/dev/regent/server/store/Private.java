package dev.regent.server.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files and directories that only their owner may read. */
public final class Private {
  private static final Set<PosixFilePermission> DIRECTORY =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");

  private Private() {}

  /** Creates the directory and missing parents with 0700; closes an existing one to others. */
  public static void directory(Path directory) throws IOException {
    Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(DIRECTORY));
    tighten(directory, DIRECTORY);
  }

  /** Creates the file with 0600 if there is none; closes an existing one to others. */
  public static void file(Path file) throws IOException {
    try {
      Files.createFile(file, PosixFilePermissions.asFileAttribute(FILE));
    } catch (FileAlreadyExistsException e) {
      tighten(file, FILE);
    }
  }

  private static void tighten(Path path, Set<PosixFilePermission> allowed) throws IOException {
    if (!allowed.containsAll(Files.getPosixFilePermissions(path))) {
      Files.setPosixFilePermissions(path, allowed);
    }
  }
}
