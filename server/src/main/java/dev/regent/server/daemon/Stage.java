package dev.regent.server.daemon;

import dev.regent.core.control.ControlStore.StoreException;
import dev.regent.core.control.Effect;
import dev.regent.core.control.Entry;
import dev.regent.core.control.Event;
import dev.regent.core.control.Input;
import dev.regent.core.control.Reply;
import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Step;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Carries out the controller's effects. Storing and telling have a thread each, in order; an intent
 * is durable before the steps behind it are sent; nobody is waited for.
 */
final class Stage implements AutoCloseable {
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private final Actors actors;
  private final Consumer<Input> inputs;
  private final BiConsumer<Long, Reply> answers;
  private final ExecutorService storing = single("store");
  private final ExecutorService telling = single("tell");

  /** Those who do what the effects say; none of these methods but {@code append} may block. */
  interface Actors {
    /** Returns once the entries are durable; {@code lazy} ones need not be. */
    void append(List<Entry> entries, boolean lazy) throws StoreException;

    void execute(Step step, Consumer<Outcome> done);

    void probeNow(ServerId server);

    void publish(RoutingTable table);

    void show(dev.regent.core.control.Picture picture);

    /** Called on a thread of its own: it may write to disk. */
    void tell(Event event);
  }

  Stage(Actors actors, Consumer<Input> inputs, BiConsumer<Long, Reply> answers) {
    this.actors = actors;
    this.inputs = inputs;
    this.answers = answers;
  }

  private static ExecutorService single(String name) {
    // tidy: executor because a single ordered worker with a queue is exactly what it is
    return Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name(name).factory());
  }

  void perform(Effect effect) {
    switch (effect) {
      case Effect.Store e -> storing.execute(() -> store(e));
      case Effect.Execute e ->
          actors.execute(
              e.step(),
              outcome ->
                  inputs.accept(
                      new Input.StepEnded(e.plan(), e.number(), outcome, ControlLoop.now())));
      case Effect.ProbeNow e -> actors.probeNow(e.server());
      case Effect.Publish e -> actors.publish(e.table());
      case Effect.Show e -> actors.show(e.picture());
      case Effect.Tell e -> telling.execute(() -> actors.tell(e.event()));
      case Effect.Answer e -> answers.accept(e.id(), e.reply());
    }
  }

  /** Does something on the thread that tells, in its order; of no use once closed. */
  void telling(Runnable work) {
    try {
      telling.execute(work);
    } catch (RejectedExecutionException e) {
      // Closed: what is told at the very end finds nobody.
      return;
    }
  }

  private void store(Effect.Store store) {
    try {
      actors.append(store.entries(), store.lazy());
    } catch (StoreException e) {
      inputs.accept(new Input.StoreFailed(String.valueOf(e.getMessage()), ControlLoop.now()));
      return;
    }
    store.then().forEach(this::perform);
  }

  /** What was handed over is still stored and told, within a bound. */
  @Override
  public void close() {
    for (ExecutorService service : List.of(storing, telling)) {
      service.shutdown();
      try {
        service.awaitTermination(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
