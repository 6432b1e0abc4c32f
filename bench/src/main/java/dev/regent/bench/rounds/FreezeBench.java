package dev.regent.bench.rounds;

import dev.regent.bench.measure.Bench;
import dev.regent.bench.measure.Calibration;
import dev.regent.bench.measure.Claim;
import dev.regent.bench.measure.Report;
import dev.regent.bench.measure.Series;
import dev.regent.bench.measure.Setting;
import dev.regent.lab.measure.Figures;
import dev.regent.lab.measure.Sample;
import dev.regent.server.store.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import tools.jackson.databind.node.ObjectNode;

/** A frozen primary, which looks alive to TCP for ever: how long until another takes over. */
public final class FreezeBench implements Bench {
  private static final double BOUND_MILLIS = 5000;

  private static final List<String> TITLES =
      List.of(
          "case",
          "heartbeat s",
          "new primary ms",
          "write gap ms",
          "fenced after thaw ms",
          "told",
          "account",
          "truth",
          "acknowledged",
          "lost");

  private final List<Series> series = new ArrayList<>();
  private final List<Claim> claims = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();
  private final List<Report.Section> stories = new ArrayList<>();

  @Override
  public String name() {
    return "freeze";
  }

  @Override
  public String summary() {
    return "SIGSTOP of the primary, under load and idle: a new one within 5 s; thawed, the old one"
        + " is fenced and accounted for";
  }

  @Override
  public int rounds() {
    return 3;
  }

  @Override
  public Report run(Setting setting) throws IOException, InterruptedException {
    ObjectNode more = Json.object();
    Report.Section busy;
    try (Calibration calibration = Calibration.in(Clusters.data())) {
      for (FreezeCase one : FreezeCase.ALL) {
        rounds(one, setting, calibration);
      }
      more.set("calibration", calibration.json());
      busy = calibration.section();
    }
    Report.Section each = new Report.Section("Each round", TITLES, rows);
    List<Report.Section> sections = new ArrayList<>(List.of(each));
    sections.addAll(stories);
    sections.add(busy);
    return new Report(name(), "ms", series, claims, sections, more);
  }

  private void rounds(FreezeCase of, Setting setting, Calibration calibration)
      throws IOException, InterruptedException {
    List<FreezeRound.Result> results = new ArrayList<>();
    int rounds = of.once() ? 1 : setting.rounds();
    for (int i = 0; i < rounds; i++) {
      FreezeRound.Result result = new FreezeRound(of, calibration).run();
      results.add(result);
      rows.add(row(of, result));
      if (!result.closed() || !result.accounted()) {
        stories.add(result.story());
      }
      setting.say(
          "  %s: new primary after %s ms, fenced %s ms after the thaw",
          of.name(), Figures.number(result.toPrimaryMillis()), words(result.fencedMillis()));
    }
    Series figures =
        new Series(
            of.name(),
            new Sample(results.stream().map(FreezeRound.Result::toPrimaryMillis).toList()),
            OptionalDouble.of(BOUND_MILLIS));
    series.add(figures);
    claims.add(Claim.atMost(of.name() + ", worst", figures.sample().max(), BOUND_MILLIS, "ms"));
    claims.add(
        all(
            of.name() + ": the thawed server is closed, and an event says so",
            results.stream().map(FreezeRound.Result::closed).toList()));
    claims.add(
        all(
            of.name() + ": the exact account equals what only the old primary has",
            results.stream().map(FreezeRound.Result::accounted).toList()));
    claims.add(
        all(
            of.name()
                + (of.profile().equals("safe")
                    ? ": nothing acknowledged is lost"
                    : ": no more acknowledged writes are lost than the account says"),
            results.stream()
                .map(r -> r.lost() <= (of.profile().equals("safe") ? 0 : r.account()))
                .toList()));
  }

  private static Claim all(String what, List<Boolean> rounds) {
    long held = rounds.stream().filter(b -> b).count();
    return Claim.of(what + " (" + held + " of " + rounds.size() + ")", held == rounds.size());
  }

  private static List<String> row(FreezeCase of, FreezeRound.Result r) {
    return List.of(
        of.name(),
        Figures.number(r.heartbeatSeconds()),
        Figures.number(r.toPrimaryMillis()),
        words(r.writeGapMillis()),
        words(r.fencedMillis()),
        r.reported() ? "yes" : "no",
        r.account() < 0 ? "none given" : "" + r.account(),
        "" + r.truth(),
        "" + r.acknowledged(),
        "" + r.lost());
  }

  private static String words(double millis) {
    return millis < 0 ? "-" : Figures.number(millis);
  }
}
