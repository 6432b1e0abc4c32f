package dev.regent.lab.measure;

import java.util.List;

/** Figures of one kind, in the order in which they were measured. */
public record Sample(List<Double> values) {
  public Sample {
    values = List.copyOf(values);
  }

  public int size() {
    return values.size();
  }

  public double median() {
    List<Double> sorted = sorted();
    int middle = sorted.size() / 2;
    if (sorted.isEmpty()) {
      return Double.NaN;
    }
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** By nearest rank: the smallest value that this share of all values does not exceed. */
  public double percentile(double percent) {
    List<Double> sorted = sorted();
    int rank = (int) Math.ceil(percent / 100 * sorted.size());
    return sorted.isEmpty() ? Double.NaN : sorted.get(Math.clamp(rank - 1, 0, sorted.size() - 1));
  }

  public double min() {
    return percentile(0);
  }

  public double max() {
    return percentile(100);
  }

  private List<Double> sorted() {
    return values.stream().sorted().toList();
  }
}
