package dev.regent.server.connect;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A connection that is being opened on a thread of its own, so that one may look at it, do
 * something else and look again: a frozen server gets one waiting connection, not one per probe.
 */
public final class Attempt {
  private final SocketTap.Handle handle = new SocketTap.Handle();
  private final CompletableFuture<Link> result = new CompletableFuture<>();

  private Attempt() {}

  /** Starts to open a connection and goes on until {@code patience} ends or it is abandoned. */
  public static Attempt start(Dialer dialer, Deadline patience) {
    var attempt = new Attempt();
    Thread.ofVirtual().name("dial-" + dialer.address()).start(() -> attempt.open(dialer, patience));
    return attempt;
  }

  private void open(Dialer dialer, Deadline patience) {
    try {
      Link link = dialer.dial(patience, handle);
      if (!result.complete(link)) {
        link.close();
      }
    } catch (LinkException | RuntimeException e) {
      result.completeExceptionally(e);
    }
  }

  /** Whether the other side's kernel took the connection; the server may still be frozen. */
  public boolean accepted() {
    return handle.socket().isConnected();
  }

  /**
   * Waits for the link, at most until the deadline; empty if it is not decided by then.
   *
   * @throws LinkException if it failed
   */
  public Optional<Link> await(Deadline deadline) throws LinkException, InterruptedException {
    try {
      return Optional.of(result.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof LinkException failure) {
        throw failure;
      }
      throw new IllegalStateException("opening a connection broke", e.getCause());
    }
  }

  /** Gives up; a link that is ready all the same is closed. */
  public void abandon() {
    if (!result.cancel(false) && result.isDone() && !result.isCompletedExceptionally()) {
      result.resultNow().close();
    }
    handle.close();
  }
}
