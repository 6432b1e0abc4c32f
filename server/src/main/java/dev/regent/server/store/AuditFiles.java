package dev.regent.server.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A file of lines and its older parts {@code FILE.1}, {@code FILE.2}, ... */
final class AuditFiles {
  private static final int BLOCK = 64 << 10;

  private AuditFiles() {}

  /** Makes room for a new file; the oldest part beyond the bound is deleted. */
  static void rotate(Path file, int kept) throws IOException {
    Files.deleteIfExists(part(file, kept));
    for (int number = kept - 1; number >= 0; number--) {
      if (Files.exists(part(file, number))) {
        Files.move(part(file, number), part(file, number + 1), StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  private static Path part(Path file, int number) {
    return number == 0 ? file : file.resolveSibling(file.getFileName() + "." + number);
  }

  static boolean endsWithLine(Path file) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      in.seek(in.length() - 1);
      return in.read() == '\n';
    }
  }

  /** The last lines over all parts, oldest first. */
  static List<String> tail(Path file, int kept, int lines) throws IOException {
    List<String> found = new ArrayList<>();
    for (int number = 0; number <= kept && found.size() < lines; number++) {
      Path part = part(file, number);
      if (Files.exists(part)) {
        found.addAll(0, lastLines(part, lines - found.size()));
      }
    }
    return Collections.unmodifiableList(found);
  }

  /** Reads backwards in blocks, so that the size of the file does not matter. */
  private static List<String> lastLines(Path part, int lines) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(part.toFile(), "r")) {
      long start = in.length();
      byte[] tail = new byte[0];
      // One line end more than lines: the first one ends the line before ours.
      while (start > 0 && count(tail) <= lines) {
        int more = (int) Math.min(BLOCK, start);
        start -= more;
        byte[] longer = new byte[more + tail.length];
        in.seek(start);
        in.readFully(longer, 0, more);
        System.arraycopy(tail, 0, longer, more, tail.length);
        tail = longer;
      }
      List<String> all = new String(tail, UTF_8).lines().toList();
      return all.subList(Math.max(0, all.size() - lines), all.size());
    }
  }

  private static int count(byte[] bytes) {
    int lineEnds = 0;
    for (byte b : bytes) {
      lineEnds += b == '\n' ? 1 : 0;
    }
    return lineEnds;
  }
}
