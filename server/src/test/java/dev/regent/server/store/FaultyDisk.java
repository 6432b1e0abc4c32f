package dev.regent.server.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A real disk that fails on demand: full after so many bytes, or cut off from power after so many
 * operations. After a power cut, {@link #forgetUnsynced} takes from the files what was not synced.
 */
final class FaultyDisk implements Disk {
  private final Disk real = Disk.real();
  private final Map<Path, Long> syncedLength = new TreeMap<>();
  private Optional<Replaced> unsyncedReplace = Optional.empty();
  private long room = Long.MAX_VALUE;
  private int operationsLeft = Integer.MAX_VALUE;

  /** The content that a name had before, until its directory is synced. */
  private record Replaced(Path target, Path before) {}

  void fullAfter(long bytes) {
    room = bytes;
  }

  void cutPowerAfter(int operations) {
    operationsLeft = operations;
  }

  boolean cut() {
    return operationsLeft < 0;
  }

  /** What a power cut does to data in memory; with {@code undoReplace} also to names. */
  void forgetUnsynced(boolean undoReplace) throws IOException {
    for (Map.Entry<Path, Long> file : syncedLength.entrySet()) {
      if (Files.exists(file.getKey()) && Files.size(file.getKey()) > file.getValue()) {
        try (Appender appender = real.open(file.getKey())) {
          appender.truncate(file.getValue());
        }
      }
    }
    if (undoReplace && unsyncedReplace.isPresent()) {
      Replaced replaced = unsyncedReplace.get();
      Files.move(replaced.before(), replaced.target(), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private void operate() throws IOException {
    if (operationsLeft-- <= 0) {
      operationsLeft = -1;
      throw new IOException("power cut");
    }
  }

  @Override
  public Appender open(Path file) throws IOException {
    operate();
    Appender opened = real.open(file);
    syncedLength.putIfAbsent(file, Files.size(file));
    return new FaultyAppender(file, opened);
  }

  private final class FaultyAppender implements Appender {
    private Path file;
    private final Appender opened;

    FaultyAppender(Path file, Appender opened) {
      this.file = file;
      this.opened = opened;
    }

    private Path name() {
      if (!syncedLength.containsKey(file)) {
        file = file.resolveSibling(Journal.NAME);
      }
      return file;
    }

    @Override
    public void append(byte[] bytes) throws IOException {
      operate();
      int fits = (int) Math.min(bytes.length, room);
      room -= fits;
      opened.append(java.util.Arrays.copyOf(bytes, fits));
      if (fits < bytes.length) {
        throw new IOException("No space left on device");
      }
    }

    @Override
    public void sync() throws IOException {
      operate();
      opened.sync();
      syncedLength.put(name(), Files.size(name()));
    }

    @Override
    public void truncate(long length) throws IOException {
      operate();
      opened.truncate(length);
    }

    @Override
    public void close() throws IOException {
      opened.close();
    }
  }

  @Override
  public void replace(Path source, Path target) throws IOException {
    operate();
    if (Files.exists(target)) {
      Path before = target.resolveSibling("before");
      Files.copy(target, before, StandardCopyOption.REPLACE_EXISTING);
      unsyncedReplace = Optional.of(new Replaced(target, before));
    }
    real.replace(source, target);
    Long length = syncedLength.remove(source);
    syncedLength.put(target, length == null ? Files.size(target) : length);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    operate();
    real.syncDirectory(directory);
    unsyncedReplace = Optional.empty();
  }
}
