package dev.regent.lab.measure;

import java.util.ArrayList;
import java.util.List;

/** How many milliseconds, how often: buckets of which each is about twice as wide as the last. */
public record Histogram(List<Integer> counts) {
  private static final List<Integer> BOUNDS =
      List.of(10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000);
  private static final int BAR_MAX = 40;

  public Histogram {
    counts = List.copyOf(counts);
  }

  public static Histogram of(List<Double> millis) {
    List<Integer> counts = new ArrayList<>();
    for (int i = 0; i <= BOUNDS.size(); i++) {
      int bucket = i;
      counts.add((int) millis.stream().filter(m -> bucket(m) == bucket).count());
    }
    return new Histogram(counts);
  }

  private static int bucket(double millis) {
    int bucket = 0;
    while (bucket < BOUNDS.size() && millis >= BOUNDS.get(bucket)) {
      bucket++;
    }
    return bucket;
  }

  /** A row per bucket between the first and the last that is not empty: range, count, bar. */
  public List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    int most = counts.stream().mapToInt(Integer::intValue).max().orElse(0);
    for (int i = first(); i <= last(); i++) {
      int count = counts.get(i);
      // Nothing is drawn for nothing, and something for one among very many.
      int bar = count == 0 ? 0 : Math.max(1, count * BAR_MAX / most);
      rows.add(List.of(range(i), "" + count, "#".repeat(bar)));
    }
    return rows;
  }

  private int first() {
    int i = 0;
    while (i < counts.size() && counts.get(i) == 0) {
      i++;
    }
    return i;
  }

  private int last() {
    int i = counts.size() - 1;
    while (i >= 0 && counts.get(i) == 0) {
      i--;
    }
    return i;
  }

  private static String range(int bucket) {
    if (bucket == BOUNDS.size()) {
      return "from " + BOUNDS.getLast() + " ms";
    }
    return (bucket == 0 ? 0 : BOUNDS.get(bucket - 1)) + " to " + BOUNDS.get(bucket) + " ms";
  }
}
