package dev.regent.lab.machine;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads the end of a log file. */
public final class LogTail {
  /** A log may be long; its last lines are what anybody wants. */
  private static final int BYTES_MAX = 64 * 1024;

  private LogTail() {}

  public static String of(Path log, int lines) {
    String text = from(log, Math.max(0, size(log) - BYTES_MAX));
    List<String> all = text.lines().toList();
    return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
  }

  /** What the log holds from this byte on, at most {@link #BYTES_MAX} of it. */
  public static String from(Path log, long offset) {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      int count = Math.clamp(file.length() - offset, 0, BYTES_MAX);
      byte[] bytes = new byte[count];
      file.seek(offset);
      file.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "(no log: %s)".formatted(e.getMessage());
    }
  }

  public static long size(Path log) {
    try {
      return Files.size(log);
    } catch (IOException e) {
      return 0;
    }
  }
}
