package dev.regent.bench.measure;

import dev.regent.lab.arena.Phases;
import dev.regent.lab.arena.Turnover;
import dev.regent.lab.arena.Written;
import dev.regent.lab.measure.Figures;
import dev.regent.lab.measure.Sample;
import dev.regent.server.store.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/** Where the time of many role changes goes: the {@link Phases} of each, side by side. */
public final class Breakdown {
  private final Map<String, List<Double>> phases = new LinkedHashMap<>();
  private final Map<String, List<Double>> steps = new TreeMap<>();

  private Optional<Turnover> slowest = Optional.empty();
  private double slowestMillis;

  public void add(Turnover change, Written.Gap gap) {
    Optional<Phases> found = Phases.of(change, gap);
    if (found.isEmpty()) {
      return;
    }
    found.get().phases().forEach(p -> note(phases, p.name(), p.millis()));
    found.get().steps().forEach(s -> note(steps, general(s.name()), s.millis()));
    if (slowest.isEmpty() || gap.millis() > slowestMillis) {
      slowest = Optional.of(change);
      slowestMillis = gap.millis();
    }
  }

  private static String general(String sentence) {
    return sentence
        .replaceAll("server\\d+", "*")
        .replaceAll("epoch \\d+", "epoch n")
        .replaceAll("(, up to| at) \\d.*", "");
  }

  private static void note(Map<String, List<Double>> figures, String name, double millis) {
    figures.computeIfAbsent(name, n -> new ArrayList<>()).add(millis);
  }

  public Report.Section phases(String title) {
    return section("Where the time goes, " + title + ", in ms", "phase", phases);
  }

  public Report.Section steps(String title) {
    return section("Each step of the plan, " + title + ", in ms", "step", steps);
  }

  /** What the daemon told of the slowest change, until it was over. */
  public Report.Section story(String title) {
    String full = "The slowest one, " + title + ", " + Figures.number(slowestMillis) + " ms";
    return slowest
        .map(s -> Story.of(full, s.told(), s.beganMillis(), s.wall(s.endedNanos())))
        .orElseGet(() -> Story.of(full, List.of(), 0, 0));
  }

  private static Report.Section section(
      String title, String first, Map<String, List<Double>> figures) {
    List<List<String>> rows = new ArrayList<>();
    figures.forEach((name, values) -> {
      Sample sample = new Sample(values);
      rows.add(
          List.of(
              name,
              "" + values.size(),
              Figures.number(sample.median()),
              Figures.number(sample.percentile(95)),
              Figures.number(sample.max())));
    });
    return new Report.Section(title, List.of(first, "times", "median", "p95", "max"), rows);
  }

  /** Medians. */
  public ObjectNode json() {
    ObjectNode node = Json.object();
    phases.forEach((name, values) -> node.put(name, Figures.rounded(new Sample(values).median())));
    return node;
  }
}
