package dev.regent.proxy.seen;

import dev.regent.proxy.seen.Counters.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/** How often something took how long, as a histogram of Prometheus, and the longest of all. */
final class Times {
  private final String name;
  private final List<Duration> bounds;
  private final List<LongAdder> counts;
  private final LongAdder sum = new LongAdder();
  private final LongAccumulator max = new LongAccumulator(Math::max, 0);

  /**
   * @param name says that it is in seconds
   * @param bounds of the buckets, upper and ascending; whatever is longer has a bucket of its own
   */
  Times(String name, List<Duration> bounds) {
    this.name = name;
    this.bounds = bounds;
    this.counts = IntStream.rangeClosed(0, bounds.size()).mapToObj(i -> new LongAdder()).toList();
  }

  /** From any thread. */
  void took(Duration time) {
    sum.add(time.toNanos());
    max.accumulate(time.toNanos());
    int bucket = 0;
    while (bucket < bounds.size() && time.compareTo(bounds.get(bucket)) > 0) {
      bucket++;
    }
    counts.get(bucket).increment();
  }

  List<Reading> read() {
    List<Reading> readings = new ArrayList<>();
    long below = 0;
    for (int i = 0; i < bounds.size(); i++) {
      below += counts.get(i).sum();
      readings.add(new Reading(name + "_bucket", "le", "" + seconds(bounds.get(i)), below));
    }
    below += counts.getLast().sum();
    readings.add(new Reading(name + "_bucket", "le", "+Inf", below));
    readings.add(new Reading(name + "_count", "", "", below));
    readings.add(new Reading(name + "_sum", "", "", sum.sum() / 1e9));
    readings.add(new Reading(name + "_max", "", "", max.get() / 1e9));
    return readings;
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }
}
