package dev.regent.server.observe;

import dev.regent.core.model.ServerId;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Dialer;
import dev.regent.server.connect.DumpThreads;
import dev.regent.server.connect.Link;
import dev.regent.server.connect.LinkException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Asks a primary whose commits wait whether it has stopped hearing its replicas.
 *
 * <p>It has a thread and a connection of its own, because the process list may hang while
 * everything else answers: just when a replica was cut off ({@link DumpThreads}). A probe that
 * waited for it would take a living primary for dead. Whoever gets no answer knows of nothing.
 */
final class HearingProbe implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(2);

  /** Longer than it takes to be asked again and to answer. */
  private static final Duration VALID = Duration.ofSeconds(4);

  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(30);

  private final Dialer dialer;
  private final Nudge turn = new Nudge();
  private final Thread thread;
  private volatile Deadline deafUntil = Deadline.after(Duration.ZERO);

  // The rest belongs to the thread.
  private @Nullable Link link;
  private Duration pause = PAUSE;

  HearingProbe(ServerId server, Dialer dialer) {
    this.dialer = dialer;
    this.thread = Thread.ofVirtual().name("hearing-" + server).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** A moment at which it matters: commits wait. Never blocks. */
  void mayAsk() {
    turn.give();
  }

  /** Whether that was the last answer, and it is not old. Never blocks. */
  boolean deaf() {
    return !deafUntil.passed();
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        turn.await();
        ask();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (link != null) {
        link.close();
      }
    }
  }

  private void ask() throws InterruptedException {
    Deadline deadline = Deadline.after(LIMIT);
    try {
      if (link == null || !link.usable()) {
        link = dialer.dial(deadline);
      }
      boolean deaf = link.value(DumpThreads.LEAVING, deadline).isPresent();
      deafUntil = Deadline.after(deaf ? VALID : Duration.ZERO);
      pause = PAUSE;
    } catch (LinkException e) {
      new Nudge().await(Deadline.after(pause));
      pause = longer();
    }
  }

  /** Every question that hangs leaves a stuck thread on the server. */
  private Duration longer() {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(PAUSE_MAX) < 0 ? twice : PAUSE_MAX;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
