package dev.regent.lab.arena;

import dev.regent.lab.daemon.Subscription;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * What the daemon tells, as it tells it: for whoever has to act in the middle of a plan. A daemon
 * that starts again is followed again; what it told meanwhile is in its audit trail only.
 */
public final class EventFeed implements AutoCloseable {
  private final List<Consumer<AuditLine>> listeners = new CopyOnWriteArrayList<>();
  private final Subscription subscription;

  public EventFeed(Path socket) {
    this.subscription = Subscription.to(socket, "events", this::accept);
  }

  private void accept(String line) {
    AuditLine.parse(line).ifPresent(told -> listeners.forEach(l -> l.accept(told)));
  }

  /** The listener is called by the thread that reads; close what comes back to end that. */
  public Runnable listen(Consumer<AuditLine> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public void close() {
    subscription.close();
  }
}
