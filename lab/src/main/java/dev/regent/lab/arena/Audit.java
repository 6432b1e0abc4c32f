package dev.regent.lab.arena;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads a daemon's audit trail: what it saw, decided and did, and when. */
public final class Audit {
  private final Path file;

  public Audit(Path file) {
    this.file = file;
  }

  /** The present end; what comes later is {@link #since} it. */
  public long mark() throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }

  public List<AuditLine> since(long mark) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      byte[] bytes = new byte[(int) Math.max(0, in.length() - mark)];
      in.seek(mark);
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
      List<AuditLine> all = since(0);
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
