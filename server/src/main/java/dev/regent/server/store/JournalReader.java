package dev.regent.server.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Reads a journal and tells a torn tail from corruption.
 *
 * <p>A crash can only hurt what was not synced yet. It leaves the last frames cut short, or, where
 * the file system wrote blocks out of order, with zeros for the blocks that are missing. Since a
 * journal has no zero bytes of its own, damage counts as torn only if the file ends inside the
 * frame, or a whole sector of it is zero and no later frame says that this one was on the disk. All
 * other damage happened to data that was safe: it is refused, with its offset.
 */
final class JournalReader {
  /** The format that this program writes. It reads this one and refuses later ones. */
  static final int VERSION = 1;

  private static final String MAGIC = "REGENT-JOURNAL ";

  /** Length of the file's first line: magic, version, checksum. */
  static final int FILE_HEADER = MAGIC.length() + 18;

  private static final int SECTOR = 512;

  /** A frame, where it begins and where the next one does. */
  record Located(int offset, int end, Frame frame) {}

  /**
   * @param frames the intact ones, the snapshot first
   * @param end where the next frame goes
   * @param torn bytes behind {@code end} that a crash left; empty for a clean journal
   */
  record Content(List<Located> frames, long end, Optional<String> torn) {
    Content {
      frames = List.copyOf(frames);
    }
  }

  private final Path file;
  private final byte[] bytes;
  private final List<Located> frames = new ArrayList<>();

  private JournalReader(Path file, byte[] bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  static Content read(Path file) throws IOException {
    return new JournalReader(file, Files.readAllBytes(file)).read();
  }

  static byte[] fileHeader(int version) {
    String text = MAGIC + HexFormat.of().toHexDigits(version) + " ";
    byte[] head = text.getBytes(US_ASCII);
    String crc = HexFormat.of().toHexDigits(Frame.crc(head, 0, head.length));
    return (text + crc + "\n").getBytes(US_ASCII);
  }

  private Content read() throws CorruptJournal {
    checkFileHeader();
    int offset = FILE_HEADER;
    while (offset < bytes.length) {
      Optional<Located> frame = frameAt(offset);
      if (frame.isEmpty()) {
        break;
      }
      frames.add(frame.get());
      offset = frame.get().end();
    }
    if (frames.isEmpty()) {
      throw corrupt(FILE_HEADER, "the snapshot that begins every journal is missing");
    }
    int behind = bytes.length - offset;
    return new Content(
        frames,
        offset,
        behind == 0 ? Optional.empty() : Optional.of(behind + " bytes at byte " + offset));
  }

  private void checkFileHeader() throws CorruptJournal {
    if (bytes.length < FILE_HEADER
        || !new String(bytes, 0, MAGIC.length(), US_ASCII).equals(MAGIC)) {
      throw corrupt(0, "this is not a journal of Regent");
    }
    int version = 0;
    try {
      version = HexFormat.fromHexDigits(new String(bytes, MAGIC.length(), 8, US_ASCII));
    } catch (IllegalArgumentException e) {
      throw corrupt(MAGIC.length(), "the version is damaged");
    }
    if (!Arrays.equals(bytes, 0, FILE_HEADER, fileHeader(version), 0, FILE_HEADER)) {
      throw corrupt(0, "the first line is damaged");
    }
    if (version != VERSION) {
      throw corrupt(
          0,
          "journal format "
              + version
              + " was written by another version of Regent; this one knows format "
              + VERSION
              + ": run the newer program");
    }
  }

  /** The frame; empty if the journal is torn here. */
  private Optional<Located> frameAt(int offset) throws CorruptJournal {
    if (bytes.length - offset < Frame.HEADER) {
      return Optional.empty();
    }
    Optional<Frame.Header> found = Frame.Header.at(bytes, offset);
    if (found.isEmpty()) {
      return tornOr(offset, bytes.length, "the header of a frame is damaged");
    }
    Frame.Header header = found.get();
    checkOrder(offset, header);
    if (header.length() > bytes.length - offset - Frame.HEADER) {
      return Optional.empty();
    }
    int start = offset + Frame.HEADER;
    int end = start + header.length();
    if (Frame.crc(bytes, start, header.length()) != header.payloadCrc()) {
      return tornOr(offset, end, "the payload of frame " + header.sequence() + " is damaged");
    }
    String payload = new String(bytes, start, header.length(), UTF_8);
    Frame frame = new Frame(header.kind(), header.sequence(), header.syncedThrough(), payload);
    return Optional.of(new Located(offset, end, frame));
  }

  private void checkOrder(int offset, Frame.Header header) throws CorruptJournal {
    boolean first = frames.isEmpty();
    if (first != (header.kind() == Frame.Kind.SNAPSHOT)) {
      throw corrupt(offset, first ? "the first frame is no snapshot" : "a second snapshot");
    }
    if (!first && header.sequence() != nextSequence()) {
      throw corrupt(offset, "frame " + header.sequence() + " instead of " + nextSequence());
    }
  }

  private long nextSequence() {
    return frames.getLast().frame().sequence() + 1;
  }

  private Optional<Located> tornOr(int from, int to, String damage) throws CorruptJournal {
    if (frames.isEmpty() || !hasUnwrittenSector(from, to) || provenSynced(from, nextSequence())) {
      throw corrupt(from, damage);
    }
    return Optional.empty();
  }

  /** Whether a whole sector, or the part of one that lies in the range, was never written. */
  private boolean hasUnwrittenSector(int from, int to) {
    for (int at = from; at < to; ) {
      int end = Math.min(to, (at / SECTOR + 1) * SECTOR);
      if (allZero(at, end)) {
        return true;
      }
      at = end;
    }
    return false;
  }

  private boolean allZero(int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether any later frame says that this sequence was on the disk before it. */
  private boolean provenSynced(int from, long sequence) {
    for (int at = from + 1; at <= bytes.length - Frame.HEADER; at++) {
      Optional<Frame.Header> later = Frame.Header.at(bytes, at);
      if (later.isPresent() && later.get().syncedThrough() >= sequence) {
        return true;
      }
    }
    return false;
  }

  private CorruptJournal corrupt(long offset, String what) {
    return new CorruptJournal(file, offset, what);
  }
}
