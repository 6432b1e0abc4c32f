package dev.regent.server.steps;

import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Link;
import dev.regent.server.connect.LinkException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A statement that runs over a link of its own, while we look at what holds it up. */
final class Underway {
  private static final Duration GLANCE = Duration.ofMillis(1);

  private final Thread thread;
  private volatile @Nullable LinkException failure;

  private Underway(Link link, String sql, Deadline deadline) {
    this.thread =
        Thread.ofVirtual()
            .name("underway-" + link.id())
            .unstarted(() -> {
              try {
                link.run(sql, deadline);
              } catch (LinkException e) {
                failure = e;
              }
            });
  }

  /** The link is this statement's alone until it is over, at its deadline at the latest. */
  static Underway start(Link link, String sql, Deadline deadline) {
    Underway underway = new Underway(link, sql, deadline);
    underway.thread.start();
    return underway;
  }

  /** Lets a moment pass; true once the statement is over. */
  boolean over() {
    LockSupport.parkNanos(GLANCE.toNanos());
    return !thread.isAlive();
  }

  /** Waits for its end. */
  void end() throws LinkException {
    while (thread.isAlive()) {
      LockSupport.parkNanos(GLANCE.toNanos());
    }
    LinkException e = failure;
    if (e != null) {
      throw e;
    }
  }
}
