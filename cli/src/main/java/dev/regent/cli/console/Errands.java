package dev.regent.cli.console;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Has the backend plan and act, each on a thread of its own. Whatever becomes of it is told: a
 * console that still waits for an act could not be quit.
 */
final class Errands {
  private final Backend backend;
  private final Consumer<Happening> listener;

  Errands(Backend backend, Consumer<Happening> listener) {
    this.backend = backend;
    this.listener = listener;
  }

  void plan(Order order) {
    aside(() -> listener.accept(new Happening.Planned(order, answer(() -> backend.plan(order)))));
  }

  void carryOut(Order order) {
    Consumer<String> progress = line -> listener.accept(new Happening.Progress(line));
    aside(() ->
        listener.accept(
            new Happening.Ended(order, answer(() -> backend.carryOut(order, progress)))));
  }

  private static Backend.Answer answer(Supplier<Backend.Answer> asked) {
    try {
      return asked.get();
    } catch (RuntimeException | Error e) {
      return new Backend.Answer(
          Backend.Answer.Result.FAILED,
          List.of("internal error: " + e, "What was done until then is not known: look."));
    }
  }

  private static void aside(Runnable work) {
    Thread.ofVirtual().name("console-order").start(work);
  }
}
