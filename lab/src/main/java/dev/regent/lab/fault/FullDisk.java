package dev.regent.lab.fault;

import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.machine.LabException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Fills the disk of a server that has one of its own ({@code LabOptions.withDisk}), to the last
 * byte, and frees it again.
 *
 * <p>A full disk does not end a server, and does not stop it at once: what fits into a page that it
 * has already still gets in. Then a statement fails (error 1114) if a table or the undo log has to
 * grow, and a commit waits if the binary log does. Reads go on. With room again 10.11.5 goes on
 * when it looks the next time, once a minute; 11.4.5 never does, it has to be killed (both
 * measured).
 */
public final class FullDisk implements AutoCloseable {
  private static final int CHUNK = 1 << 20;

  private final LabServer server;
  private final Path filler;

  private FullDisk(LabServer server) {
    this.server = server;
    // Beside the server's own files: it takes only folders for databases.
    this.filler = server.place().data().resolve("filler");
  }

  /** The disk of this server; it stays as it is until {@link #fill}. */
  public static FullDisk of(LabServer server) {
    Path data = server.place().data();
    try {
      FileStore disk = Files.getFileStore(data);
      if (disk.equals(Files.getFileStore(server.place().folder()))) {
        throw new LabException(
            "%s has no disk of its own, and we do not fill somebody else's; start its cluster with one"
                .formatted(server.name()));
      }
    } catch (IOException e) {
      throw new LabException("Cannot look at the disk of %s: %s".formatted(server.name(), e), e);
    }
    return new FullDisk(server);
  }

  /** Leaves no room at all, and takes what became free since the last time. */
  public long fill() {
    long moment = System.nanoTime();
    try (FileChannel file =
        FileChannel.open(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      for (int size = CHUNK; size > 0; size /= 2) {
        writeWhileThereIsRoom(file, size);
      }
    } catch (IOException e) {
      throw new LabException("Cannot fill the disk of %s: %s".formatted(server.name(), e), e);
    }
    return moment;
  }

  /** There is no other way to know that a disk is full than to be refused. */
  private static void writeWhileThereIsRoom(FileChannel file, int size) {
    ByteBuffer chunk = ByteBuffer.allocate(size);
    try {
      while (true) {
        file.write(chunk.clear());
      }
    } catch (IOException e) {
      // Full, for a chunk of this size.
    }
  }

  /** Gives the room back. */
  public long free() {
    long moment = System.nanoTime();
    try {
      Files.deleteIfExists(filler);
    } catch (IOException e) {
      throw new LabException("Cannot free the disk of %s: %s".formatted(server.name(), e), e);
    }
    return moment;
  }

  /** How many bytes the disk has left. */
  public long room() {
    try {
      return Files.getFileStore(server.place().data()).getUsableSpace();
    } catch (IOException e) {
      throw new LabException("Cannot look at the disk of %s: %s".formatted(server.name(), e), e);
    }
  }

  @Override
  public void close() {
    free();
  }
}
