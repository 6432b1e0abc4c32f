package dev.regent.server.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.regent.core.control.Event;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What happened, for people and for programs: one line of JSON per event, appended to a file that
 * is rotated by size.
 *
 * <pre>{@code
 * {"time":"2026-11-23T22:11:00.250Z","cluster":"shop","name":"Contact","severity":"WARNING",
 *  "server":"db1","sentence":"db1 does not answer: connection refused","data":{...}}
 * }</pre>
 *
 * The file is a sink, not a store: nothing is synced, and when it cannot be written (disk full) it
 * stops, says so once in the log, and everything else goes on. Listeners get every line, written or
 * not, in order. Thread safe.
 */
public final class AuditTrail implements AutoCloseable {
  /** Rotated files beside the current one, {@code FILE.1} the youngest. */
  public static final int KEPT = 9;

  /** Size at which the daemon rotates: with {@link #KEPT}, the trail takes at most 100 MiB. */
  public static final long ROTATE_AT = 10 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Path file;
  private final String cluster;
  private final long rotateAt;
  private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();

  /** Guards the file and its length, and keeps lines in order. */
  private final ReentrantLock writing = new ReentrantLock();

  private Optional<FileOutputStream> out;
  private Optional<String> stopped = Optional.empty();
  private long length;

  private AuditTrail(Path file, String cluster, long rotateAt) throws IOException {
    this.file = file;
    this.cluster = cluster;
    this.rotateAt = rotateAt;
    this.out = Optional.of(open());
  }

  /**
   * Opens or continues the trail in this file; the directory must exist.
   *
   * @throws IOException if the file cannot be written now
   */
  public static AuditTrail open(Path file, String cluster, long rotateAt) throws IOException {
    return new AuditTrail(file, cluster, rotateAt);
  }

  private FileOutputStream open() throws IOException {
    Private.file(file);
    FileOutputStream opened = new FileOutputStream(file.toFile(), true);
    length = Files.size(file);
    if (length > 0 && !AuditFiles.endsWithLine(file)) {
      // A crash cut the last line short: the next one must not be glued to it.
      opened.write('\n');
      length++;
    }
    return opened;
  }

  /** The line of an event, without a line end. */
  public static String line(String cluster, Event event) {
    ObjectNode line = head(event.atMillis(), cluster, event.getClass().getSimpleName());
    line.put("severity", event.severity().name());
    line.put("server", event.subject().map(Object::toString).orElse(null));
    line.put("sentence", event.sentence());
    ObjectNode data = Json.tree(event);
    data.remove(List.of("type", "severity", "sentence"));
    line.set("data", data);
    return Json.write(line);
  }

  /** The line of a notice, without a line end. */
  public static String line(String cluster, Notice notice) {
    ObjectNode line = head(notice.atMillis(), cluster, notice.name());
    line.put("severity", notice.severity().name());
    line.put("server", notice.server().name());
    line.put("sentence", notice.sentence());
    line.set("data", Json.tree(notice.data()));
    return Json.write(line);
  }

  private static ObjectNode head(long atMillis, String cluster, String name) {
    ObjectNode line = Json.object();
    line.put("time", TIME.format(Instant.ofEpochMilli(atMillis)));
    line.put("cluster", cluster);
    line.put("name", name);
    return line;
  }

  /**
   * Writes the event and tells the listeners. Never throws; may block on the disk.
   *
   * @return its line
   */
  public String tell(Event event) {
    return tell(line(cluster, event));
  }

  /** As {@link #tell(Event)}. */
  public String tell(Notice notice) {
    return tell(line(cluster, notice));
  }

  private String tell(String line) {
    writing.lock();
    try {
      if (out.isPresent()) {
        write(out.get(), (line + "\n").getBytes(UTF_8));
      }
      listeners.forEach(listener -> tell(listener, line));
    } finally {
      writing.unlock();
    }
    return line;
  }

  private void write(FileOutputStream stream, byte[] bytes) {
    try {
      FileOutputStream target = stream;
      if (length > 0 && length + bytes.length > rotateAt) {
        stream.close();
        AuditFiles.rotate(file, KEPT);
        target = open();
        out = Optional.of(target);
      }
      target.write(bytes);
      length += bytes.length;
    } catch (IOException e) {
      stop(e);
    }
  }

  private void stop(IOException cause) {
    stopped = Optional.of("the audit trail " + file + " stopped: " + cause.getMessage());
    LOG.error("{}; events go on being shown, but are not kept", stopped.get());
    closeQuietly();
  }

  private void tell(Consumer<String> listener, String line) {
    try {
      listener.accept(line);
    } catch (RuntimeException e) {
      listeners.remove(listener);
      LOG.warn("a listener of the audit trail failed and is told no more", e);
    }
  }

  /**
   * Hands over the last lines and, from the same moment on, every new one; none is lost or told
   * twice between. The listener is called by the thread that {@link #tell}s: it must not block (put
   * the line in a bounded queue), and if it throws, it is dropped.
   *
   * @return ends the following
   */
  public AutoCloseable follow(int last, Consumer<String> listener) throws IOException {
    writing.lock();
    try {
      AuditFiles.tail(file, KEPT, last).forEach(listener);
      listeners.add(listener);
    } finally {
      writing.unlock();
    }
    return () -> listeners.remove(listener);
  }

  /** The last lines, oldest first, over the rotated files too. */
  public List<String> tail(int lines) throws IOException {
    writing.lock();
    try {
      return AuditFiles.tail(file, KEPT, lines);
    } finally {
      writing.unlock();
    }
  }

  /** Why nothing is written any more; empty while all is well. */
  public Optional<String> stopped() {
    writing.lock();
    try {
      return stopped;
    } finally {
      writing.unlock();
    }
  }

  private void closeQuietly() {
    try {
      if (out.isPresent()) {
        out.get().close();
      }
    } catch (IOException e) {
      LOG.debug("closing {}", file, e);
    }
    out = Optional.empty();
  }

  @Override
  public void close() {
    writing.lock();
    try {
      listeners.clear();
      closeQuietly();
    } finally {
      writing.unlock();
    }
  }
}
