package dev.regent.server.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One manager per directory. The kernel frees the lock when its holder dies, however it dies.
 *
 * <p>The operating system drops a process's lock when that process closes <em>any</em> descriptor
 * of the file. So within this process a directory is refused before the file is opened a second
 * time.
 */
final class StoreLock implements Closeable {
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final FileChannel channel;

  private StoreLock(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /** Throws {@link IOException}, naming the holder and what to do, if another manager has it. */
  static StoreLock take(Path directory) throws IOException {
    Path real = directory.toRealPath();
    if (!HELD_HERE.add(real)) {
      throw new IOException(refusal(directory, "this process " + ProcessHandle.current().pid()));
    }
    try {
      return new StoreLock(real, lock(directory));
    } catch (IOException | RuntimeException e) {
      HELD_HERE.remove(real);
      throw e;
    }
  }

  private static FileChannel lock(Path directory) throws IOException {
    Path file = directory.resolve("lock");
    Private.file(file);
    FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw new IOException(refusal(directory, "process " + Files.readString(file).strip()));
      }
      String holder =
          ProcessHandle.current().pid()
              + " since "
              + Instant.now().truncatedTo(ChronoUnit.SECONDS)
              + "\n";
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(holder.getBytes(UTF_8)));
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static String refusal(Path directory, String holder) {
    return "another manager uses "
        + directory
        + ": "
        + holder
        + ". Two managers on one store would both act; stop that one first,"
        + " or give this one a state_dir of its own";
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      HELD_HERE.remove(directory);
    }
  }
}
