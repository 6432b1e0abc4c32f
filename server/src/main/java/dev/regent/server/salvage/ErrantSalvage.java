package dev.regent.server.salvage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.regent.core.model.GtidState;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Evidence;
import dev.regent.core.plan.Keeping.SaveErrant;
import dev.regent.core.plan.Outcome;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Dialer;
import dev.regent.server.connect.Link;
import dev.regent.server.connect.LinkException;
import dev.regent.server.execute.ErrantSaver;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads a server's binary log as a replica would and saves the wanted transactions: {@code
 * errant-SERVER-TIME.binlog} for {@code mariadb-binlog}, and the same as text beside it. Files are
 * mode 0600, durable and complete when they have their names.
 */
public final class ErrantSalvage implements ErrantSaver {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);

  /** A log file's list of what was before it, in the words of SHOW BINLOG EVENTS. */
  private static final int HEAD_EVENTS = 3;

  private final Map<ServerId, Dialer> dialers;
  private final Path folder;

  public ErrantSalvage(Map<ServerId, Dialer> dialers, Path folder) {
    this.dialers = Map.copyOf(dialers);
    this.folder = folder;
  }

  @Override
  public Outcome save(SaveErrant step) {
    Dialer dialer = dialers.get(step.server());
    if (dialer == null) {
      return new Outcome.Failed("no server " + step.server());
    }
    Deadline deadline = Deadline.after(step.deadline());
    try (Link link = dialer.dial(deadline)) {
      String first = firstFile(link, step, deadline);
      return save(link, first, step, deadline);
    } catch (LinkException | IOException | UncheckedIOException e) {
      return new Outcome.Failed("they could not be saved: " + e.getMessage());
    }
  }

  /** The last file whose list of earlier transactions ends before the first wanted one. */
  private static String firstFile(Link link, SaveErrant step, Deadline deadline)
      throws LinkException {
    List<String> files = link.column("SHOW BINARY LOGS", deadline);
    for (int i = files.size() - 1; i > 0; i--) {
      if (begins(link, files.get(i), step.ranges(), deadline)) {
        return files.get(i);
      }
    }
    return files.getFirst();
  }

  private static boolean begins(
      Link link, String file, List<GtidState.Range> ranges, Deadline deadline)
      throws LinkException {
    String sql = "SHOW BINLOG EVENTS IN '" + file + "' LIMIT " + HEAD_EVENTS;
    List<String> lists =
        link.read(
            sql,
            deadline,
            rows -> {
              List<String> found = new ArrayList<>();
              while (rows.next()) {
                if (rows.getString("Event_type").equals("Gtid_list")) {
                  found.add(rows.getString("Info").replaceAll("[\\[\\]\\s]", ""));
                }
              }
              return found;
            });
    if (lists.isEmpty()) {
      return false;
    }
    GtidState before = GtidState.parse(lists.getFirst());
    return ranges.stream().allMatch(r -> before.sequence(r.domain(), r.server()) < r.from());
  }

  /** What is found goes to drafts; they get their names only when both are whole and durable. */
  private Outcome save(Link link, String first, SaveErrant step, Deadline deadline)
      throws LinkException, IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    String name = "errant-" + step.server() + "-" + TIME.format(Instant.now());
    Path log = folder.resolve(name + ".binlog");
    Path words = folder.resolve(name + ".txt");
    try {
      long count;
      try (OutputStream bytes = draft(log);
          Writer text = new OutputStreamWriter(draft(words), UTF_8)) {
        text.write("# transactions that only " + step.server() + " had: " + step.ranges() + "\n");
        text.write("# the same as a binary log for mariadb-binlog: " + name + ".binlog\n");
        Transactions found = new Transactions(step.ranges(), bytes, text);
        read(link, first, found, deadline);
        count = found.count();
      }
      if (count == 0) {
        return new Outcome.Failed(
            "its binary log from " + first + " on does not hold them: purged, or not logged");
      }
      keep(words);
      keep(log);
      return new Outcome.Done(new Evidence.Saved(log.toString(), count));
    } finally {
      Files.deleteIfExists(part(log));
      Files.deleteIfExists(part(words));
    }
  }

  /**
   * A server that is killed with its disk full leaves a log that ends within an event, and refuses
   * to read on from there. It does not count what is torn; if what it counts was read, that is all.
   */
  private static void read(Link link, String first, Transactions found, Deadline deadline)
      throws LinkException, IOException {
    RawEvents events = new RawEvents();
    try {
      link.dump(first, deadline, event -> found.accept(events.decode(event), event));
    } catch (LinkException e) {
      if (!e.answered() || !found.complete()) {
        throw e;
      }
    }
  }

  private static Path part(Path file) {
    return file.resolveSibling(file.getFileName() + ".part");
  }

  private static OutputStream draft(Path file) throws IOException {
    Path part = part(file);
    Files.deleteIfExists(part);
    Files.createFile(
        part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return new BufferedOutputStream(Files.newOutputStream(part));
  }

  private static void keep(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(part(file), StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(part(file), file, StandardCopyOption.ATOMIC_MOVE);
  }
}
