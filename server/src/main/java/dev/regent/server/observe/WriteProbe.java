package dev.regent.server.observe;

import dev.regent.core.model.ServerId;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Dialer;
import dev.regent.server.connect.Link;
import dev.regent.server.connect.LinkException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes one row to see whether the server can: a full disk and a stuck one answer every read. The
 * row is never replicated, nor written while the server is read-only.
 *
 * <p>It has a thread and a connection of its own, because a stuck write must not hold up a probe.
 * What it cannot see: a full disk under the binary log alone.
 */
public final class WriteProbe implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(60);

  private static final String DATABASE = "CREATE DATABASE IF NOT EXISTS regent_local";
  private static final String TABLE =
      "CREATE TABLE IF NOT EXISTS regent_local.pulse"
          + " (id INT NOT NULL PRIMARY KEY, written TIMESTAMP(3) NOT NULL) ENGINE=InnoDB";
  private static final String WRITE =
      "REPLACE INTO regent_local.pulse SELECT 1, NOW(3) FROM DUAL WHERE @@global.read_only=0";

  private final Dialer dialer;
  private final Duration limit;
  private final Nudge turn = new Nudge();
  private final Thread thread;
  private volatile Optional<String> complaint = Optional.empty();
  private @Nullable Link link;
  private Duration pause = INTERVAL;

  /** {@code limit}: a write that takes longer is a failed one. */
  public WriteProbe(ServerId server, Dialer dialer, Duration limit) {
    this.dialer = dialer;
    this.limit = limit;
    this.thread = Thread.ofVirtual().name("write-probe-" + server).unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /** A moment at which a write makes sense: the primary answered a probe. Never blocks. */
  void mayWrite() {
    turn.give();
  }

  /** Why the last write failed; empty if it did not. */
  Optional<String> complaint() {
    return complaint;
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        turn.await();
        complaint = write();
        pause = complaint.isEmpty() ? INTERVAL : longer();
        new Nudge().await(Deadline.after(pause));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<String> write() {
    Deadline deadline = Deadline.after(limit);
    try {
      if (link == null || !link.usable()) {
        link = dialer.dial(deadline);
        link.run(DATABASE, deadline);
        link.run(TABLE, deadline);
      }
      link.run(WRITE, deadline);
      return Optional.empty();
    } catch (LinkException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** Every stuck attempt leaves a stuck thread on the server. */
  private Duration longer() {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(PAUSE_MAX) < 0 ? twice : PAUSE_MAX;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
