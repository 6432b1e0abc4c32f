package dev.regent.server.front;

import dev.regent.core.model.ServerId;
import dev.regent.proxy.net.Proxy;
import dev.regent.proxy.seen.SessionView;
import dev.regent.proxy.seen.SessionView.Activity;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Dialer;
import dev.regent.server.connect.Link;
import dev.regent.server.connect.LinkException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The counter of a proxy; it kills on servers as the manager. */
final class FrontCounter implements Counter {
  private static final Duration KILL_MAX = Duration.ofSeconds(2);

  /** An event loop that takes longer is broken. */
  private static final Duration LOOK_MAX = Duration.ofSeconds(2);

  private final Proxy proxy;
  private final Map<ServerId, Dialer> dialers;
  private final Supplier<Optional<ServerId>> primary;

  FrontCounter(Proxy proxy, Map<ServerId, Dialer> dialers, Supplier<Optional<ServerId>> primary) {
    this.proxy = proxy;
    this.dialers = dialers;
    this.primary = primary;
  }

  @Override
  public List<SessionView> sessions() {
    try {
      return proxy.views().get(LOOK_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the proxy's event loops do not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public Said kill(long number, boolean query) {
    Optional<SessionView> found =
        sessions().stream().filter(view -> view.number() == number).findFirst();
    if (found.isEmpty()) {
      return new Said.Unknown(
          "there is no session " + number + " (any more); 'regent sessions' lists them");
    }
    SessionView session = found.get();
    boolean executes = session.activity() == Activity.EXECUTING && session.server().isPresent();
    if (query && !executes) {
      return new Said.Held(
          "session " + number + " executes nothing, it is " + session.activity().words());
    }
    if (!query) {
      // First, so that it does not go on at another connection.
      proxy.end(number);
    }
    if (executes) {
      Optional<String> trouble = killOnServer(session, query);
      if (query && trouble.isPresent()) {
        return new Said.Failed(
            "the statement of session " + number + " was not stopped: " + trouble.get());
      }
    }
    return new Said.Done(
        (query ? "stopped the statement of session " : "ended session ") + who(session));
  }

  private static String who(SessionView session) {
    return session.number() + " (" + session.user() + " from " + session.client() + ")";
  }

  /** Without it, a statement may run on, though nobody waits for its result. */
  private Optional<String> killOnServer(SessionView session, boolean query) {
    Deadline deadline = Deadline.after(KILL_MAX);
    Optional<Dialer> dialer = session.server().map(dialers::get);
    if (dialer.isEmpty()) {
      return Optional.of("it has no server");
    }
    try (Link link = dialer.get().dial(deadline)) {
      link.run("KILL " + (query ? "QUERY " : "CONNECTION ") + session.thread(), deadline);
      return Optional.empty();
    } catch (LinkException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public Said drain(String name, boolean undo) throws IOException {
    ServerId server = new ServerId(name);
    if (dialers.containsKey(server)) {
      return drainServer(server, undo);
    }
    List<String> listeners =
        proxy.listeners().stream().filter(l -> l.equals(name) || l.endsWith(":" + name)).toList();
    if (listeners.size() != 1) {
      List<String> all =
          Stream.concat(dialers.keySet().stream().map(ServerId::name), proxy.listeners().stream())
              .toList();
      return new Said.Unknown(
          (listeners.isEmpty() ? "no server or listener is called " : "more than one listener is ")
              + name
              + "; there are "
              + String.join(", ", all));
    }
    return drainListener(listeners.getFirst(), undo);
  }

  private Said drainServer(ServerId server, boolean undo) {
    if (!undo && primary.get().filter(server::equals).isPresent()) {
      return new Said.Held(
          server + " is the primary: without it nobody could write. 'regent switchover' first");
    }
    boolean changed = proxy.drain(server, !undo);
    if (undo) {
      return new Said.Done(server + (changed ? " gets work again" : " was not drained"));
    }
    return new Said.Done(
        server
            + (changed ? " gets" : " already gets")
            + " no more work from the proxy, unless it becomes primary; 'regent drain "
            + server
            + " --undo' ends this");
  }

  private Said drainListener(String listener, boolean undo) throws IOException {
    boolean changed = proxy.drain(listener, !undo);
    if (undo) {
      return new Said.Done(
          "listener " + listener + (changed ? " takes clients again" : " was not drained"));
    }
    long left = sessions().stream().filter(view -> view.listener().equals(listener)).count();
    return new Said.Done(
        "listener "
            + listener
            + (changed ? " takes" : " already takes")
            + " no more clients; "
            + left
            + " of its sessions have yet to end; 'regent drain "
            + listener
            + " --undo' opens it again");
  }
}
