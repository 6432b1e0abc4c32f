package dev.regent.server.daemon;

import dev.regent.core.control.Command;
import dev.regent.core.control.Controller;
import dev.regent.core.control.Effect;
import dev.regent.core.control.Input;
import dev.regent.core.control.Reply;
import dev.regent.core.model.Moment;
import dev.regent.server.publish.Orders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that owns the controller: takes inputs in order, hands effects to the {@link
 * Stage}, ticks. It never waits for a server, a disk or a client.
 */
final class ControlLoop implements Orders, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlLoop.class);

  /** Silence is measured at least this often. */
  private static final Duration TICK = Duration.ofMillis(100);

  /** Far more than all servers can observe while one step is computed; then something is broken. */
  private static final int INPUTS_MAX = 100_000;

  private final Controller controller;
  private final Stage stage;
  private final BlockingQueue<Input> inputs = new LinkedBlockingQueue<>(INPUTS_MAX);
  private final Map<Long, CompletableFuture<Reply>> orders = new ConcurrentHashMap<>();
  private final AtomicLong lastOrder = new AtomicLong();
  private final Consumer<Duration> suspected;
  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param suspected told how long after a connection to a server was lost the controller hears it
   */
  ControlLoop(Controller controller, Stage stage, Consumer<Duration> suspected) {
    this.controller = controller;
    this.stage = stage;
    this.suspected = suspected;
    this.thread = Thread.ofPlatform().name("control").unstarted(this::run);
  }

  static Moment now() {
    return new Moment(System.nanoTime(), System.currentTimeMillis());
  }

  void start() {
    thread.start();
  }

  /** Never blocks. An input that finds the queue full is lost, like a probe that was never made. */
  void post(Input input) {
    if (!inputs.offer(input)) {
      LOG.error("input queue full, lost {}", input.getClass().getSimpleName());
    }
  }

  @Override
  public CompletableFuture<Reply> order(Command command) {
    long id = lastOrder.incrementAndGet();
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    orders.put(id, reply);
    if (closed) {
      fail(reply);
    } else {
      post(new Input.Ordered(id, command, now()));
    }
    return reply;
  }

  void answer(long id, Reply reply) {
    CompletableFuture<Reply> waiting = orders.remove(id);
    if (waiting != null) {
      waiting.complete(reply);
    }
  }

  private void run() {
    perform(controller.start());
    long nextTick = System.nanoTime() + TICK.toNanos();
    while (!closed) {
      try {
        Input input = inputs.poll(nextTick - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (input == null) {
          nextTick = System.nanoTime() + TICK.toNanos();
          input = new Input.Tick(now());
        }
        if (input instanceof Input.ConnectionLost lost) {
          suspected.accept(Duration.ofNanos(System.nanoTime() - lost.at().nanos()));
        }
        step(input);
      } catch (InterruptedException e) {
        closed = true;
      }
    }
    orders.values().forEach(ControlLoop::fail);
  }

  /** A failed check is a bug: nothing is done automatically any more, but everything is watched. */
  private void step(Input input) {
    try {
      perform(controller.step(input));
    } catch (RuntimeException e) {
      LOG.error("the controller failed on {}", input.getClass().getSimpleName(), e);
      if (!(input instanceof Input.StoreFailed)) {
        step(new Input.StoreFailed("internal error: " + e, now()));
      }
    }
  }

  private void perform(List<Effect> effects) {
    effects.forEach(stage::perform);
  }

  private static void fail(CompletableFuture<Reply> reply) {
    reply.completeExceptionally(new IllegalStateException("the daemon stops"));
  }

  /** Takes no more inputs; steps under way go on. Waits until the loop has ended. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    if (thread.getState() == Thread.State.NEW) {
      // Another cluster's daemon could not be opened: this one was never started.
      return;
    }
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
