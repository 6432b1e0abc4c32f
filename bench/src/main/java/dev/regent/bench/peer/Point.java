package dev.regent.bench.peer;

import dev.regent.bench.peer.Contender.Run;
import dev.regent.bench.peer.Sysbench.Work;
import dev.regent.lab.measure.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** One load, and what each contender made of it, round after round. */
final class Point {
  private final Work work;
  private final int threads;
  private final Map<String, List<Run>> runs = new LinkedHashMap<>();

  Point(Work work, int threads) {
    this.work = work;
    this.threads = threads;
  }

  Work work() {
    return work;
  }

  int threads() {
    return threads;
  }

  String name() {
    return work.words() + ", " + threads + (threads == 1 ? " client" : " clients");
  }

  void add(String contender, Run run) {
    runs.computeIfAbsent(contender, c -> new ArrayList<>()).add(run);
  }

  List<String> contenders() {
    return List.copyOf(runs.keySet());
  }

  double median(String contender, ToDoubleFunction<Run> of) {
    return new Sample(of(contender).stream().map(of::applyAsDouble).toList()).median();
  }

  /** One contender's figures by another's, each pair of the same round. */
  List<Double> ratios(String one, String other, ToDoubleFunction<Run> of) {
    List<Run> ones = of(one);
    List<Run> others = of(other);
    return IntStream.range(0, Math.min(ones.size(), others.size()))
        .mapToObj(i -> of.applyAsDouble(ones.get(i)) / of.applyAsDouble(others.get(i)))
        .toList();
  }

  /** Of some contenders the one that answers the most. */
  Optional<String> fastest(List<String> some) {
    Optional<String> best = Optional.empty();
    for (String contender : some) {
      boolean better =
          best.isEmpty() || median(contender, Run::perSecond) > median(best.get(), Run::perSecond);
      if (runs.containsKey(contender) && better) {
        best = Optional.of(contender);
      }
    }
    return best;
  }

  long troubles() {
    return runs.values().stream().flatMap(List::stream).mapToLong(Run::troubles).sum();
  }

  private List<Run> of(String contender) {
    return runs.getOrDefault(contender, List.of());
  }
}
