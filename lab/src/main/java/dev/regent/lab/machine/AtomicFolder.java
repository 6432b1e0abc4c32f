package dev.regent.lab.machine;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes a folder that others see either complete or not at all, whoever else makes it at the same
 * time. Work abandoned by a killed process is cleared away by a later one.
 */
public final class AtomicFolder {
  private static final String WORK = ".work-";

  /** No honest work takes this long. */
  private static final Duration ABANDONED_AFTER = Duration.ofHours(1);

  private AtomicFolder() {}

  public interface Filler {
    void fill(Path folder) throws IOException;
  }

  /** Makes {@code parent/name}; does nothing more than it must if another makes it first. */
  public static void create(Path parent, String name, Filler filler) {
    Path folder = parent.resolve(name);
    try {
      LabFolders.createPrivate(parent);
      clearAbandoned(parent);
      Path work = Files.createTempDirectory(parent, WORK, LabFolders.privateFolder());
      try {
        filler.fill(work);
        publish(work, folder);
      } finally {
        LabFolders.deleteTree(work);
      }
    } catch (IOException e) {
      throw new LabException(
          "Cannot prepare %s: %s. Is there room, and may you write there?".formatted(folder, e), e);
    }
  }

  private static void publish(Path work, Path folder) throws IOException {
    try {
      Files.move(work, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      // Another process was faster; its folder is as good as ours.
    } catch (IOException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
  }

  private static void clearAbandoned(Path parent) throws IOException {
    Instant oldest = Instant.now().minus(ABANDONED_AFTER);
    List<Path> works;
    try (Stream<Path> all = Files.list(parent)) {
      works = all.filter(path -> path.getFileName().toString().startsWith(WORK)).toList();
    }
    for (Path work : works) {
      if (Files.exists(work) && Files.getLastModifiedTime(work).toInstant().isBefore(oldest)) {
        LabFolders.deleteTree(work);
      }
    }
  }
}
