package dev.regent.bench.rounds;

import dev.regent.bench.measure.Bench;
import dev.regent.bench.measure.Calibration;
import dev.regent.bench.measure.Claim;
import dev.regent.bench.measure.Report;
import dev.regent.bench.measure.Series;
import dev.regent.bench.measure.Setting;
import dev.regent.bench.measure.Verdict;
import dev.regent.server.store.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** How long nobody can write when the primary is killed. */
public final class FailoverBench implements Bench {
  private static final String SAFE = "safe";
  private static final double P95_MILLIS = 1000;

  /** Profile by profile, the bound of its median; the first is the headline. */
  private static final Map<String, Double> MEDIANS = medians();

  private static Map<String, Double> medians() {
    Map<String, Double> medians = new LinkedHashMap<>();
    medians.put(SAFE, 250.0);
    medians.put("available", 150.0);
    return medians;
  }

  @Override
  public String name() {
    return "failover";
  }

  @Override
  public String summary() {
    return "kill -9 of the primary at 300 inserts/s: median write gap <= 250 ms in safe,"
        + " <= 150 ms in available, p95 <= 1 s";
  }

  @Override
  public int rounds() {
    return 20;
  }

  @Override
  public Report run(Setting setting) throws IOException, InterruptedException {
    List<Series> series = new ArrayList<>();
    List<Claim> claims = new ArrayList<>();
    List<Report.Section> sections = new ArrayList<>();
    ObjectNode more = Json.object();
    try (Calibration calibration = Calibration.in(Clusters.data())) {
      List<FailoverSeries> all = new ArrayList<>();
      for (String profile : MEDIANS.keySet()) {
        FailoverSeries one = new FailoverSeries(profile, calibration, setting);
        one.run();
        all.add(one);
        Series figures = Series.bounded(profile, one.gaps, MEDIANS.getOrDefault(profile, 0.0));
        series.add(figures);
        series.add(Series.of(profile + ", a daemon's first", one.firstGaps));
        claims.addAll(claims(profile, figures, one, setting.rounds(), calibration));
        sections.add(one.breakdown.phases(profile));
        sections.add(one.breakdown.steps(profile));
        sections.add(one.breakdown.story(profile));
        more.set("phases_" + profile, one.breakdown.json());
        more.put("lost_" + profile, one.lost);
      }
      sections.add(account(all));
      sections.add(calibration.section());
      more.set("calibration", calibration.json());
    }
    return new Report(name(), "ms", series, claims, sections, more);
  }

  private static List<Claim> claims(
      String profile, Series figures, FailoverSeries of, int rounds, Calibration calibration) {
    double bound = figures.bound().orElseThrow();
    List<Claim> claims = new ArrayList<>();
    claims.add(Claim.atMost("median in " + profile, figures.sample().median(), bound, "ms"));
    claims.add(
        Claim.atMostUnlessBusy(
            "p95 in " + profile, figures.sample().percentile(95), P95_MILLIS, "ms", calibration));
    claims.add(
        Claim.of(
            "a new primary took writes in " + of.gaps.size() + " of " + rounds + " rounds",
            of.gaps.size() == rounds));
    String lost = "lost in " + profile + ": " + of.lost + " of " + of.acknowledged;
    claims.add(
        profile.equals(SAFE)
            ? Claim.of(lost + " acknowledged writes", of.lost == 0)
            : new Claim(lost + " acknowledged writes (no promise here)", Verdict.HELD));
    return claims;
  }

  private static Report.Section account(List<FailoverSeries> all) {
    List<List<String>> rows = new ArrayList<>();
    int i = 0;
    for (String profile : MEDIANS.keySet()) {
      FailoverSeries one = all.get(i++);
      rows.add(
          List.of(
              profile,
              "" + one.acknowledged,
              "" + one.lost,
              "" + one.quarantined,
              "" + one.clusters));
    }
    return new Report.Section(
        "Account of the rows, looked up on the last primary of each cluster",
        List.of("profile", "acknowledged", "lost", "old primary held out", "clusters used"),
        rows);
  }
}
