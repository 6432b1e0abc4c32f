package dev.regent.server.front;

import dev.regent.core.model.ServerId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Passes on that a server breaks connections: the first time at once, and then no more for a while.
 * A thousand clients lose theirs in the same moment, and one look is enough. Any thread may call
 * it; it never blocks.
 */
final class Suspicion implements Consumer<ServerId> {
  /** Shorter than from one probe to the next, so that it never makes looks much more frequent. */
  static final Duration QUIET = Duration.ofMillis(200);

  private final Consumer<ServerId> look;
  private final LongSupplier nanos;
  private final Map<ServerId, AtomicLong> last = new ConcurrentHashMap<>();

  /**
   * @param look must not block
   */
  Suspicion(Consumer<ServerId> look, LongSupplier nanos) {
    this.look = look;
    this.nanos = nanos;
  }

  @Override
  public void accept(ServerId server) {
    long now = nanos.getAsLong();
    AtomicLong before = last.computeIfAbsent(server, id -> new AtomicLong(now - QUIET.toNanos()));
    long told = before.get();
    if (now - told >= QUIET.toNanos() && before.compareAndSet(told, now)) {
      look.accept(server);
    }
  }
}
