package dev.regent.server.publish;

import dev.regent.core.control.Command;
import dev.regent.core.control.Reply;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/** A control loop that does nothing but take orders; the test answers them. */
public final class TestingOrders implements Orders {
  private final BlockingQueue<Taken> taken = new LinkedBlockingQueue<>();
  private volatile Reply standing = new Reply(Reply.Result.DONE, "done", List.of());
  private volatile boolean answersAtOnce = true;

  /** An order and its pending reply. */
  public record Taken(Command command, CompletableFuture<Reply> reply) {}

  /** From now on every order gets this reply at once. */
  public void answer(Reply reply) {
    standing = reply;
    answersAtOnce = true;
  }

  /** From now on replies wait for the test. */
  public void wait(boolean waits) {
    answersAtOnce = !waits;
  }

  /** The next order, in the order of their coming. */
  public Taken next() throws InterruptedException {
    return taken.take();
  }

  @Override
  public CompletableFuture<Reply> order(Command command) {
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    taken.add(new Taken(command, reply));
    if (answersAtOnce) {
      reply.complete(standing);
    }
    return reply;
  }
}
