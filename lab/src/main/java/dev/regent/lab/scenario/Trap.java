package dev.regent.lab.scenario;

import dev.regent.lab.arena.AuditLine;
import dev.regent.lab.arena.EventFeed;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Strikes once, in the moment in which the daemon tells of something. The daemon goes on meanwhile:
 * what it told is stored or is being stored, and the act may be under way.
 */
public final class Trap {
  private final CountDownLatch sprung = new CountDownLatch(1);
  private final AtomicReference<Optional<AuditLine>> by = new AtomicReference<>(Optional.empty());
  private final Runnable end;

  Trap(EventFeed events, Predicate<AuditLine> when, Consumer<AuditLine> act) {
    this.end =
        events.listen(line -> {
          if (when.test(line) && by.compareAndSet(Optional.empty(), Optional.of(line))) {
            act.accept(line);
            sprung.countDown();
          }
        });
  }

  /** Waits until it has struck; false if it did not in that time. It strikes no more after this. */
  boolean await(Duration limit) {
    try {
      return sprung.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      end.run();
    }
  }
}
