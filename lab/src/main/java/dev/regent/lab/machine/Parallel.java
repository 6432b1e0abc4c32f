package dev.regent.lab.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;

/** Does the same to several things at once and waits for all, also when one of them fails. */
public final class Parallel {
  private Parallel() {}

  /** Results in the order of the items; the first failure is thrown, the others are attached. */
  public static <T, R> List<R> map(List<T> items, Function<T, R> work) {
    List<Future<R>> futures = new ArrayList<>();
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("lab-", 0).factory())) {
      for (T item : items) {
        futures.add(threads.submit(() -> work.apply(item)));
      }
    }
    List<R> results = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    for (Future<R> future : futures) {
      if (future.state() == Future.State.SUCCESS) {
        results.add(future.resultNow());
      } else {
        failures.add(future.exceptionNow());
      }
    }
    if (!failures.isEmpty()) {
      throw together(failures);
    }
    return results;
  }

  public static <T> void forEach(List<T> items, Consumer<T> work) {
    map(
        items,
        item -> {
          work.accept(item);
          return true;
        });
  }

  private static LabException together(List<Throwable> failures) {
    Throwable first = failures.getFirst();
    LabException all = new LabException(String.valueOf(first.getMessage()), first);
    failures.subList(1, failures.size()).forEach(all::addSuppressed);
    return all;
  }
}
