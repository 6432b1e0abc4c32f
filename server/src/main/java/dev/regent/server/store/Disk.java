package dev.regent.server.store;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The few things the store asks of a file system. A seam: the tests fill the disk and cut the power
 * here, after any single operation.
 */
interface Disk {

  /** A file that grows at its end. Writing fails at any byte when the disk is full. */
  interface Appender extends Closeable {
    void append(byte[] bytes) throws IOException;

    /** Returns when all that was appended survives a power cut. */
    void sync() throws IOException;

    void truncate(long length) throws IOException;
  }

  /** Opens a file, private to its owner, creating it if there is none. */
  Appender open(Path file) throws IOException;

  /** Replaces the target in one step. */
  void replace(Path source, Path target) throws IOException;

  /** Makes creations and replacements in this directory survive a power cut. */
  void syncDirectory(Path directory) throws IOException;

  /** The real one. */
  static Disk real() {
    return new Real();
  }

  /** Not on {@link FileChannel}: an interrupt of the calling thread would close it. */
  final class Real implements Disk {
    private Real() {}

    @Override
    public Appender open(Path file) throws IOException {
      Private.file(file);
      RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw");
      opened.seek(opened.length());
      return new Appender() {
        @Override
        public void append(byte[] bytes) throws IOException {
          opened.write(bytes);
        }

        @Override
        public void sync() throws IOException {
          opened.getFD().sync();
        }

        @Override
        public void truncate(long length) throws IOException {
          opened.setLength(length);
          opened.seek(length);
        }

        @Override
        public void close() throws IOException {
          opened.close();
        }
      };
    }

    @Override
    public void replace(Path source, Path target) throws IOException {
      Files.move(
          source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }
}
