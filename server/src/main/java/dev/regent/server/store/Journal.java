package dev.regent.server.store;

import dev.regent.core.control.Entry;
import dev.regent.core.control.Ledger;
import dev.regent.core.model.ClusterRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * The journal file of one store: {@code journal}, and {@code journal.new} while it is replaced.
 *
 * <p>A journal comes into being only by being written under its second name, synced and renamed, so
 * whatever bears the first name is whole from its first line to its snapshot. Not thread safe.
 */
final class Journal {
  static final String NAME = "journal";
  private static final String NEW = "journal.new";
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

  private final Path directory;
  private final Disk disk;
  private Disk.Appender file;
  private long length;
  private long sequence;
  private long synced;

  /** An open journal and the state it tells. */
  record Opened(Journal journal, ClusterRecord state) {}

  private Journal(Path directory, Disk disk, Disk.Appender file, long length, long sequence) {
    this.directory = directory;
    this.disk = disk;
    this.file = file;
    this.length = length;
    this.sequence = sequence;
    this.synced = sequence;
  }

  static Opened open(Path directory, Disk disk) throws IOException {
    Path path = directory.resolve(NAME);
    Files.deleteIfExists(directory.resolve(NEW));
    if (!Files.exists(path)) {
      replaceBy(directory, disk, 0, ClusterRecord.blank()).close();
      disk.syncDirectory(directory);
    }
    JournalReader.Content content = JournalReader.read(path);
    ClusterRecord state = fold(path, content.frames());
    Disk.Appender file = disk.open(path);
    try {
      if (content.torn().isPresent()) {
        LOG.warn(
            "{}: dropped the torn tail of an unfinished append ({}); nothing that was"
                + " acknowledged is lost",
            path,
            content.torn().get());
        file.truncate(content.end());
      }
      // The last frames may be a dead manager's lazy ones: what we build on must stay.
      file.sync();
    } catch (IOException e) {
      file.close();
      throw e;
    }
    long sequence = content.frames().getLast().frame().sequence();
    return new Opened(new Journal(directory, disk, file, content.end(), sequence), state);
  }

  /** The state after these frames, the first of which is a snapshot. */
  static ClusterRecord fold(Path path, List<JournalReader.Located> frames) throws CorruptJournal {
    ClusterRecord state = ClusterRecord.blank();
    for (JournalReader.Located located : frames) {
      try {
        state =
            switch (located.frame().kind()) {
              case SNAPSHOT -> Json.read(located.frame().payload(), ClusterRecord.class);
              case DURABLE, LAZY -> Ledger.apply(state, entries(located.frame()));
            };
      } catch (JacksonException | IllegalArgumentException e) {
        String what = "frame " + located.frame().sequence() + " is not understood: ";
        throw new CorruptJournal(path, located.offset(), what + e.getMessage());
      }
    }
    return state;
  }

  /** The entries of a frame that is no snapshot. */
  static List<Entry> entries(Frame frame) {
    List<Entry> entries = new ArrayList<>();
    frame.payload().lines().forEach(line -> entries.add(Json.read(line, Entry.class)));
    return entries;
  }

  long length() {
    return length;
  }

  /** Writes the entries as one frame; on failure tries to take back what was written of it. */
  void append(List<Entry> entries, boolean durable) throws IOException {
    StringBuilder payload = new StringBuilder();
    entries.forEach(entry -> payload.append(Json.write(entry)).append('\n'));
    Frame.Kind kind = durable ? Frame.Kind.DURABLE : Frame.Kind.LAZY;
    byte[] frame = new Frame(kind, sequence + 1, synced, payload.toString()).encoded();
    try {
      file.append(frame);
      if (durable) {
        file.sync();
      }
    } catch (IOException e) {
      takeBack(e);
      throw e;
    }
    length += frame.length;
    sequence++;
    if (durable) {
      synced = sequence;
    }
  }

  private void takeBack(IOException cause) {
    try {
      file.truncate(length);
      file.sync();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /**
   * Replaces the journal by a snapshot.
   *
   * @return false if that failed before anything changed: the old journal goes on
   * @throws IOException if it is not known which of the two a power cut would leave
   */
  boolean compact(ClusterRecord state) throws IOException {
    Disk.Appender next;
    try {
      next = replaceBy(directory, disk, sequence, state);
    } catch (IOException e) {
      LOG.warn("cannot compact {}: {}", directory.resolve(NAME), e.getMessage());
      return false;
    }
    Disk.Appender old = file;
    file = next;
    length = Files.size(directory.resolve(NAME));
    synced = sequence;
    old.close();
    disk.syncDirectory(directory);
    return true;
  }

  /** Writes and syncs a new journal, and gives it its name; leaves it open. */
  private static Disk.Appender replaceBy(
      Path directory, Disk disk, long sequence, ClusterRecord state) throws IOException {
    Path path = directory.resolve(NEW);
    String payload = Json.write(state) + "\n";
    Disk.Appender next = disk.open(path);
    try {
      next.truncate(0);
      next.append(JournalReader.fileHeader(JournalReader.VERSION));
      next.append(new Frame(Frame.Kind.SNAPSHOT, sequence, sequence, payload).encoded());
      next.sync();
      disk.replace(path, directory.resolve(NAME));
      return next;
    } catch (IOException e) {
      next.close();
      Files.deleteIfExists(path);
      throw e;
    }
  }

  /** Syncs lazy entries unless the last write failed. */
  void close(boolean sync) throws IOException {
    try (Disk.Appender closing = file) {
      if (sync) {
        closing.sync();
      }
    }
  }
}
