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
import java.io.IOException;
import java.io.UncheckedIOException;
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
      Transactions found = read(link, first, step, deadline);
      if (found.count() == 0) {
        return new Outcome.Failed(
            "its binary log from " + first + " on does not hold them: purged, or not logged");
      }
      if (found.tooMany()) {
        return new Outcome.Failed("they are more than " + Transactions.LIMIT + " of binary log");
      }
      return new Outcome.Done(new Evidence.Saved(write(step, found).toString(), found.count()));
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

  private static Transactions read(Link link, String file, SaveErrant step, Deadline deadline)
      throws LinkException {
    RawEvents events = new RawEvents();
    Transactions found = new Transactions(step.ranges());
    link.dump(file, deadline, bytes -> found.accept(events.decode(bytes), bytes));
    return found;
  }

  private Path write(SaveErrant step, Transactions found) throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    String name = "errant-" + step.server() + "-" + TIME.format(Instant.now());
    String head =
        "# transactions that only "
            + step.server()
            + " had: "
            + step.ranges()
            + "\n"
            + "# the same as a binary log for mariadb-binlog: "
            + name
            + ".binlog\n";
    durable(folder.resolve(name + ".txt"), (head + found.words()).getBytes(UTF_8));
    Path log = folder.resolve(name + ".binlog");
    durable(log, found.log());
    return log;
  }

  private static void durable(Path file, byte[] bytes) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".part");
    Files.deleteIfExists(draft);
    Files.createFile(
        draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(draft, bytes);
    try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
