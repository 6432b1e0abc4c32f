package dev.regent.server.observe;

import dev.regent.core.model.ServerId;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Dialer;
import dev.regent.server.connect.Link;
import dev.regent.server.connect.LinkException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Holds one idle connection and reads from it: the end of the stream is the fastest sign of a crash
 * (physics 1). No statement runs on it, so neither {@code max_statement_time}, KILL QUERY nor a
 * global lock can disturb it.
 *
 * <p>It connects only when told that the server answers, one connection at a time, and pauses after
 * a failure. A host that vanishes with its connections is noticed by TCP keep-alive.
 */
public final class Sentinel implements AutoCloseable {
  private static final Duration DIAL_MAX = Duration.ofSeconds(2);
  private static final Duration PAUSE_MIN = Duration.ofMillis(250);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(30);

  private final Dialer dialer;
  private final Runnable lost;
  private final Nudge answers = new Nudge();
  private final AtomicReference<@Nullable Link> held = new AtomicReference<>();
  private final Thread thread;
  private volatile boolean closed;
  private Duration pause = PAUSE_MIN;

  /** {@code lost} is called on the sentinel's own thread and must not block. */
  public Sentinel(ServerId server, Dialer dialer, Runnable lost) {
    this.dialer = dialer;
    this.lost = lost;
    this.thread = Thread.ofVirtual().name("sentinel-" + server).unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /** The server answered a probe just now: a good moment to connect. Never blocks. */
  public void serverAnswers() {
    if (held.get() == null) {
      answers.give();
    }
  }

  private void run() {
    try {
      while (!closed) {
        answers.await();
        keepWatch();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void keepWatch() throws InterruptedException {
    try {
      Link link = dialer.dial(Deadline.after(DIAL_MAX));
      hold(link);
      pause = PAUSE_MIN;
    } catch (LinkException e) {
      rest();
    }
  }

  private void hold(Link link) {
    held.set(link);
    if (closed) {
      link.cut();
    }
    link.awaitEnd();
    held.set(null);
    if (!closed) {
      lost.run();
    }
  }

  /** Between attempts; a wish that came meanwhile is forgotten, the next probe repeats it. */
  private void rest() throws InterruptedException {
    new Nudge().await(Deadline.after(pause));
    Duration longer = pause.multipliedBy(2);
    pause = longer.compareTo(PAUSE_MAX) < 0 ? longer : PAUSE_MAX;
  }

  @Override
  public void close() {
    closed = true;
    Link link = held.get();
    if (link != null) {
      link.cut();
    }
    thread.interrupt();
  }
}
