package dev.regent.server.steps;

import dev.regent.server.connect.Attempt;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Link;
import dev.regent.server.connect.LinkException;
import dev.regent.server.office.DeposedException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Another connection, for what may hang and must not cost the one that holds office. Whoever waits
 * for this server does not wait for that: then it is cut.
 */
final class Aside implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(20);

  private final Link link;
  private final Work work;

  private Aside(Link link, Work work) {
    this.link = link;
    this.work = work;
  }

  /** What is done over it, on a thread of its own. */
  interface Call<T> {
    T run(Link link) throws LinkException, DeposedException;
  }

  static Aside open(Work work)
      throws LinkException, LateException, RefusedException, InterruptedException {
    Attempt attempt = Attempt.start(work.dialer(), work.deadline());
    boolean opened = false;
    try {
      Optional<Link> link = attempt.await(Deadline.after(POLL));
      while (link.isEmpty()) {
        demandTime(work);
        link = attempt.await(Deadline.after(POLL));
      }
      opened = true;
      return new Aside(link.get(), work);
    } finally {
      if (!opened) {
        attempt.abandon();
      }
    }
  }

  private static void demandTime(Work work) throws LateException, RefusedException {
    if (work.wanted()) {
      work.giveUp("given up, since another step waits for the server");
    }
    if (work.late()) {
      work.giveUp("no answer in time");
    }
  }

  <T> T call(Call<T> call)
      throws LinkException,
          DeposedException,
          LateException,
          RefusedException,
          InterruptedException {
    var result = new CompletableFuture<T>();
    Thread thread =
        Thread.ofVirtual().name("aside-" + link.id()).start(() -> complete(result, call));
    try {
      while (!thread.join(POLL)) {
        demandTime(work);
      }
    } finally {
      if (thread.isAlive()) {
        link.cut();
        // It ends at once then, and what it has sent until then counts.
        thread.join();
      }
    }
    return value(result);
  }

  private <T> void complete(CompletableFuture<T> result, Call<T> call) {
    try {
      result.complete(call.run(link));
    } catch (LinkException | DeposedException | RuntimeException e) {
      result.completeExceptionally(e);
    }
  }

  private static <T> T value(CompletableFuture<T> result)
      throws LinkException, DeposedException, InterruptedException {
    try {
      return result.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case LinkException failure -> throw failure;
        case DeposedException deposed -> throw deposed;
        case null, default -> throw new IllegalStateException("it broke", e.getCause());
      }
    }
  }

  @Override
  public void close() {
    link.close();
  }
}
