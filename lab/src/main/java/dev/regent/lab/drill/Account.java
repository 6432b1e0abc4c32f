package dev.regent.lab.drill;

import dev.regent.lab.command.TextTable;
import dev.regent.lab.load.Told;
import dev.regent.lab.measure.Figures;
import dev.regent.lab.measure.Histogram;
import dev.regent.lab.measure.Sample;
import dev.regent.lab.scenario.FaultClass;
import dev.regent.server.store.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/**
 * All rounds of a drill, and what could not be played.
 *
 * @param skipped name and reason of each scenario that cannot be played here
 * @param skipAllowed whether that is all right
 */
record Account(List<Round> rounds, Map<String, String> skipped, boolean skipAllowed) {
  private static final List<String> TITLES =
      List.of(
          "scenario",
          "profile",
          "held",
          "late",
          "outage ms",
          "p95",
          "max",
          "acknowledged",
          "failed",
          "unknown",
          "lost",
          "errant",
          "forced",
          "redundant s");

  private static final List<String> PROXIED_TITLES =
      List.of(
          "through the proxy",
          "profile",
          "pause ms",
          "max",
          "acknowledged",
          "rolled back",
          "unknown",
          "refused",
          "no proxy",
          "errors");

  Account {
    rounds = List.copyOf(rounds);
    skipped = new LinkedHashMap<>(skipped);
  }

  boolean held() {
    return rounds.stream().allMatch(Round::held) && (skipAllowed || skipped.isEmpty());
  }

  /** Why this scenario was not played; empty if it was. */
  Optional<String> skipped(String scenario) {
    return Optional.ofNullable(skipped.get(scenario));
  }

  /** The rounds of one scenario in one profile, in the order of their first ones. */
  Map<String, List<Round>> groups() {
    return rounds.stream()
        .collect(
            Collectors.groupingBy(
                r -> r.scenario().name() + " " + r.profile(),
                LinkedHashMap::new,
                Collectors.toList()));
  }

  String table() {
    return TextTable.framed(TITLES, groups().values().stream().map(Account::row).toList());
  }

  private static List<String> row(List<Round> group) {
    Sample outages = new Sample(outages(group));
    Sample redundant = new Sample(figures(group, Tally::redundantMillis));
    return List.of(
        group.getFirst().scenario().name(),
        group.getFirst().profile(),
        group.stream().filter(Round::held).count() + " of " + group.size(),
        "" + group.stream().filter(Round::late).count(),
        Figures.number(outages.median()),
        Figures.number(outages.percentile(95)),
        Figures.number(outages.max()),
        "" + sum(group, Tally::acknowledged),
        "" + sum(group, Tally::failed),
        "" + sum(group, Tally::unknown),
        "" + sum(group, Tally::lost),
        "" + sum(group, Tally::errant),
        "" + sum(group, t -> t.forced() ? 1 : 0),
        Figures.number(redundant.median() / 1000));
  }

  /** What clients of the proxy were told; empty if nobody went through it. */
  String proxied() {
    List<List<String>> rows =
        groups().values().stream()
            .filter(g -> behind(g).stream().anyMatch(Behind::anybody))
            .map(Account::proxiedRow)
            .toList();
    return rows.isEmpty() ? "" : TextTable.framed(PROXIED_TITLES, rows);
  }

  private static List<Behind> behind(List<Round> group) {
    return group.stream().flatMap(r -> r.tally().stream()).map(Tally::behind).toList();
  }

  private static List<String> proxiedRow(List<Round> group) {
    List<Behind> behind = behind(group);
    Sample pauses = new Sample(behind.stream().map(Behind::pauseMillis).toList());
    return List.of(
        group.getFirst().scenario().name(),
        group.getFirst().profile(),
        Figures.number(pauses.median()),
        Figures.number(pauses.max()),
        "" + total(behind, Behind::acknowledged),
        "" + total(behind, b -> b.count(Told.ROLLED_BACK)),
        "" + total(behind, b -> b.count(Told.UNKNOWN)),
        "" + total(behind, b -> b.count(Told.REFUSED)),
        "" + total(behind, b -> b.count(Told.NO_PROXY)),
        "" + total(behind, Behind::errors));
  }

  private static long total(List<Behind> behind, ToLongFunction<Behind> figure) {
    return behind.stream().mapToLong(figure).sum();
  }

  private static long sum(List<Round> group, ToLongFunction<Tally> figure) {
    return group.stream().flatMap(r -> r.tally().stream()).mapToLong(figure).sum();
  }

  private static List<Double> figures(List<Round> group, ToDoubleFunction<Tally> figure) {
    return group.stream().flatMap(r -> r.tally().stream()).map(figure::applyAsDouble).toList();
  }

  private static List<Double> outages(List<Round> group) {
    return group.stream()
        .flatMap(r -> r.tally().stream())
        .filter(t -> t.outageMillis().isPresent())
        .map(t -> t.outageMillis().getAsDouble())
        .toList();
  }

  /** Where the time of role changes went: the median of each phase, scenario by scenario. */
  String phases() {
    List<List<String>> rows = new ArrayList<>();
    groups()
        .values()
        .forEach(group -> {
          Map<String, List<Double>> phases = new LinkedHashMap<>();
          group.stream()
              .flatMap(r -> r.tally().stream())
              .forEach(t ->
                  t.phases()
                      .forEach(
                          (p, ms) -> phases.computeIfAbsent(p, k -> new ArrayList<>()).add(ms)));
          phases.forEach((phase, values) -> rows.add(phaseRow(group.getFirst(), phase, values)));
        });
    return rows.isEmpty()
        ? ""
        : TextTable.framed(
            List.of("scenario", "profile", "phase", "times", "median ms", "max ms"), rows);
  }

  private static List<String> phaseRow(Round of, String phase, List<Double> values) {
    Sample sample = new Sample(values);
    return List.of(
        of.scenario().name(),
        of.profile(),
        phase,
        "" + sample.size(),
        Figures.number(sample.median()),
        Figures.number(sample.max()));
  }

  /** Outages by class of fault. */
  String histograms() {
    StringBuilder text = new StringBuilder();
    for (FaultClass fault : FaultClass.values()) {
      List<Round> group = rounds.stream().filter(r -> r.scenario().fault() == fault).toList();
      List<Double> outages = outages(group);
      if (!outages.isEmpty()) {
        text.append("Outages, ").append(fault.text()).append(", ").append(outages.size());
        text.append(" rounds:\n");
        text.append(
            TextTable.framed(List.of("outage", "rounds", ""), Histogram.of(outages).rows()));
        text.append('\n');
      }
    }
    return text.toString();
  }

  /** The last word. */
  String verdict() {
    long broken = rounds.stream().filter(r -> !r.held()).count();
    StringBuilder text = new StringBuilder();
    text.append(rounds.size()).append(" rounds, ").append(rounds.size() - broken).append(" held");
    text.append(broken == 0 ? "" : ", " + broken + " did not");
    long late = rounds.stream().filter(Round::late).count();
    text.append(late == 0 ? "" : ", " + late + " took longer than they usually do");
    text.append("; scenarios skipped: ").append(skipped.size());
    if (!skipped.isEmpty() && !skipAllowed) {
      text.append(", which counts as a failure without --skip-unavailable");
    }
    return text.append('.').toString();
  }

  ObjectNode json() {
    ObjectNode node = Json.object();
    node.put("held", held());
    node.put("rounds", rounds.size());
    node.put("broken", rounds.stream().filter(r -> !r.held()).count());
    node.put("late", rounds.stream().filter(Round::late).count());
    node.put("lost", sum(rounds, Tally::lost));
    node.put("skipped", skipped.size());
    ObjectNode reasons = Json.object();
    skipped.forEach(reasons::put);
    node.set("skipped_because", reasons);
    node.putArray("drills");
    rounds.forEach(r -> node.withArray("drills").add(r.json()));
    return node;
  }
}
