package dev.regent.bench.measure;

import dev.regent.lab.measure.Figures;
import dev.regent.lab.measure.Sample;
import java.util.List;
import java.util.OptionalDouble;
import tools.jackson.databind.node.ObjectNode;

/**
 * One row of figures.
 *
 * @param bound of the median, if there is one
 */
public record Series(String name, Sample sample, OptionalDouble bound) {
  static final List<String> TITLES =
      List.of("series", "rounds", "min", "median", "p95", "p99", "max", "bound");

  public static Series of(String name, List<Double> values) {
    return new Series(name, new Sample(values), OptionalDouble.empty());
  }

  public static Series bounded(String name, List<Double> values, double bound) {
    return new Series(name, new Sample(values), OptionalDouble.of(bound));
  }

  List<String> row() {
    return List.of(
        name,
        "" + sample.size(),
        Figures.number(sample.min()),
        Figures.number(sample.median()),
        Figures.number(sample.percentile(95)),
        Figures.number(sample.percentile(99)),
        Figures.number(sample.max()),
        bound.isPresent() ? Figures.number(bound.getAsDouble()) : "");
  }

  void into(ObjectNode node) {
    node.put("median", Figures.rounded(sample.median()));
    node.put("p95", Figures.rounded(sample.percentile(95)));
    node.put("p99", Figures.rounded(sample.percentile(99)));
    node.put("max", Figures.rounded(sample.max()));
    node.put("rounds", sample.size());
    if (bound.isPresent()) {
      node.put("bound", bound.getAsDouble());
    } else {
      node.putNull("bound");
    }
  }
}
