package dev.regent.lab.arena;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads a daemon's audit trail: what it saw, decided and did, and when. */
public final class Audit {
  private final Path file;

  public Audit(Path file) {
    this.file = file;
  }

  /**
   * A place in the trail, whatever becomes of its files: they are renamed when they are full.
   *
   * @param file its identity; empty if there was none yet
   */
  public record Mark(Optional<Object> file, long offset) {
    static final Mark BEGINNING = new Mark(Optional.empty(), 0);
  }

  /** The present end; what comes later is {@link #since} it. */
  public Mark mark() throws IOException {
    return Files.exists(file)
        ? new Mark(Optional.of(identity(file)), Files.size(file))
        : Mark.BEGINNING;
  }

  public List<AuditLine> since(Mark mark) throws IOException {
    List<AuditLine> lines = new ArrayList<>();
    for (Path part : parts(mark)) {
      boolean here = mark.file().filter(f -> f.equals(identity(part))).isPresent();
      lines.addAll(read(part, here ? mark.offset() : 0));
    }
    return lines;
  }

  /** The file that the mark lies in and all younger ones; all there are if that one is gone. */
  private List<Path> parts(Mark mark) {
    List<Path> parts = new ArrayList<>();
    Path part = file;
    for (int number = 1; Files.exists(part); number++) {
      parts.addFirst(part);
      Object identity = identity(part);
      if (mark.file().filter(identity::equals).isPresent()) {
        return parts;
      }
      part = file.resolveSibling(file.getFileName() + "." + number);
    }
    return parts;
  }

  private static Object identity(Path file) {
    try {
      return Objects.requireNonNullElse(
          Files.readAttributes(file, BasicFileAttributes.class).fileKey(), file);
    } catch (IOException e) {
      // Renamed this moment: under its new name it is found, under this one it is nobody's.
      return file;
    }
  }

  private static List<AuditLine> read(Path part, long offset) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(part.toFile(), "r")) {
      byte[] bytes = new byte[(int) Math.max(0, in.length() - offset)];
      in.seek(offset);
      in.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8)
          .lines()
          .map(AuditLine::parse)
          .flatMap(Optional::stream)
          .toList();
    }
  }

  /** The last sentences, to be read when something went wrong. */
  public String tail(int lines) {
    try {
      List<AuditLine> all = since(Mark.BEGINNING);
      return String.join(
          "\n",
          all.subList(Math.max(0, all.size() - lines), all.size()).stream()
              .map(l -> l.atMillis() + " " + l.name() + ": " + l.sentence())
              .toList());
    } catch (IOException e) {
      return "(no audit trail: " + e.getMessage() + ")";
    }
  }

  /**
   * How many transactions the daemon says were only on the old primary: its account, once that
   * server is back and was examined. Empty as long as it has not said so.
   */
  public static OptionalLong exactLoss(List<AuditLine> lines) {
    return lines.stream()
        .map(l -> l.data().path("note").path("loss"))
        .filter(loss -> loss.path("proven").asString("").equals("EXACT"))
        .mapToLong(loss -> loss.path("atLeast").asLong(-1))
        .reduce((first, second) -> second);
  }
}
