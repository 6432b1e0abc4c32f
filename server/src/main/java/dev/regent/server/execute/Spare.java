package dev.regent.server.execute;

import dev.regent.server.connect.Link;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A connection whose work is done, kept a moment for who needs one soon: to log in takes 10 to 20
 * ms on a busy machine, and clients wait for the freeze that needs another one.
 */
final class Spare implements AutoCloseable {
  private static final Duration KEPT = Duration.ofSeconds(5);

  private final AtomicReference<Optional<Link>> kept = new AtomicReference<>(Optional.empty());
  private volatile boolean closed;

  /** Owns it from now on, and closes it if nobody takes it. */
  void keep(Link link, Executor beside) {
    Optional<Link> mine = Optional.of(link);
    kept.getAndSet(mine).ifPresent(Link::close);
    if (closed) {
      close();
      return;
    }
    CompletableFuture.delayedExecutor(KEPT.toMillis(), TimeUnit.MILLISECONDS, beside)
        .execute(() -> {
          if (kept.compareAndSet(mine, Optional.empty())) {
            link.close();
          }
        });
  }

  /** The caller owns it. It may be lost without anybody's knowing. */
  Optional<Link> take() {
    return kept.getAndSet(Optional.empty());
  }

  @Override
  public void close() {
    closed = true;
    take().ifPresent(Link::close);
  }
}
