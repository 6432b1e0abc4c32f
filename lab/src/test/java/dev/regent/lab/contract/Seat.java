package dev.regent.lab.contract;

import dev.regent.lab.machine.LabException;
import dev.regent.sim.contract.CaseBroken;
import dev.regent.sim.contract.ContractCase;
import dev.regent.sim.contract.Facts.Fact;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One cluster that is told some stories, one after the other, on a thread of its own; a new one
 * after a story that broke.
 */
final class Seat {
  private static final long RESULT_SECONDS_MAX = 400;
  private static final Duration CLOSED_WITHIN = Duration.ofSeconds(60);

  private final String wanted;
  private final Map<ContractCase, CompletableFuture<List<String>>> results = new LinkedHashMap<>();
  private final Thread worker;
  private @Nullable RealSubject subject;

  private final AtomicInteger facts = new AtomicInteger();

  Seat(String wanted, List<ContractCase> stories) {
    this.wanted = wanted;
    stories.forEach(story -> results.put(story, new CompletableFuture<>()));
    worker = Thread.ofVirtual().name("contract-" + wanted).unstarted(this::work);
  }

  void begin() {
    worker.start();
  }

  private void work() {
    try {
      results.forEach((story, result) -> result.complete(tell(story)));
    } catch (RuntimeException e) {
      results.values().forEach(result -> result.completeExceptionally(e));
    } finally {
      close();
    }
  }

  /** What does not hold, or what went wrong. */
  private List<String> tell(ContractCase story) {
    List<String> complaints = new ArrayList<>();
    String who = wanted;
    try {
      RealSubject mine = subject == null ? RealSubject.start(wanted) : subject;
      subject = mine;
      who = mine.version().toString();
      mine.prepare(story.setting());
      List<Fact> seen = story.tell(mine);
      facts.addAndGet(seen.size());
      seen.stream().filter(fact -> !fact.holds()).map(Fact::toString).forEach(complaints::add);
      complaints.addAll(mine.casualties());
    } catch (CaseBroken | LabException e) {
      complaints.add(e.getMessage() + "\n" + (subject == null ? "" : subject.logs()));
      close();
    }
    String name = who;
    return complaints.stream().map(complaint -> name + ": " + complaint).toList();
  }

  private void close() {
    if (subject != null) {
      subject.close();
      subject = null;
    }
  }

  /** The complaints about this story, none if it is not told here; waits until it has been told. */
  List<String> result(ContractCase story) throws Exception {
    CompletableFuture<List<String>> result = results.get(story);
    return result == null ? List.of() : result.get(RESULT_SECONDS_MAX, TimeUnit.SECONDS);
  }

  String summary() {
    return "%d facts of server %s".formatted(facts.get(), wanted);
  }

  /** Waits for the end of its cluster. */
  void end() throws InterruptedException {
    worker.join(CLOSED_WITHIN);
  }
}
