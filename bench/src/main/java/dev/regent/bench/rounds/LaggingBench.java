package dev.regent.bench.rounds;

import dev.regent.bench.measure.Bench;
import dev.regent.bench.measure.Claim;
import dev.regent.bench.measure.Report;
import dev.regent.bench.measure.Series;
import dev.regent.bench.measure.Setting;
import dev.regent.lab.measure.Sample;
import dev.regent.server.store.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import tools.jackson.databind.node.ObjectNode;

/** What is lost when replicas are late, and whether the daemon tells the truth about losses. */
public final class LaggingBench implements Bench {
  @Override
  public String name() {
    return "lagging";
  }

  @Override
  public String summary() {
    return "safe, replicas 4 s behind, kill -9 and worse: 0 acknowledged writes lost; async and"
        + " available: the exact account is exact";
  }

  @Override
  public int rounds() {
    return 10;
  }

  @Override
  public Report run(Setting setting) throws IOException {
    List<Tally> late = new ArrayList<>();
    LaggingRounds.kills(setting.rounds(), late);
    setting.say("  safe, late by 4 s: %d rounds done", late.size());
    List<Tally> outages = new ArrayList<>();
    LaggingRounds.outages(outages);
    setting.say("  safe, worse outages: %d done", outages.size());
    List<Tally> accounts = new ArrayList<>();
    int each = Math.max(1, setting.rounds() / 2);
    AccountRounds.run("async", each, accounts);
    AccountRounds.run("available", each, accounts);
    return report(late, outages, accounts);
  }

  private Report report(List<Tally> late, List<Tally> outages, List<Tally> accounts) {
    List<Double> losses = late.stream().map(t -> (double) t.writes().lost()).toList();
    Series lost = new Series("lost, late", new Sample(losses), OptionalDouble.of(0));
    List<Claim> claims = new ArrayList<>();
    claims.add(none("late by 4 s, " + late.size() + " rounds", late));
    outages.forEach(t -> claims.add(none(t.what(), List.of(t))));
    long exact = accounts.stream().filter(t -> t.account() == t.truth()).count();
    claims.add(
        Claim.of(
            "async and available: the exact account equals the rows that only the old primary has"
                + " in "
                + exact
                + " of "
                + accounts.size()
                + " rounds",
            exact == accounts.size()));
    long covered = accounts.stream().filter(t -> t.writes().lost() <= t.account()).count();
    claims.add(
        Claim.of(
            "async and available: no more acknowledged writes are lost than the account says in "
                + covered
                + " of "
                + accounts.size()
                + " rounds",
            covered == accounts.size()));
    List<List<String>> rows = new ArrayList<>();
    late.forEach(t -> rows.add(t.row()));
    outages.forEach(t -> rows.add(t.row()));
    accounts.forEach(t -> rows.add(t.row()));
    ObjectNode more = Json.object();
    more.put("lost_in_outages", outages.stream().mapToInt(t -> t.writes().lost()).sum());
    more.put("accounts", accounts.size());
    more.put("accounts_exact", exact);
    return new Report(
        name(),
        "acknowledged writes",
        List.of(lost),
        claims,
        List.of(new Report.Section("Each round", Tally.TITLES, rows)),
        more);
  }

  private static Claim none(String what, List<Tally> tallies) {
    int lost = tallies.stream().mapToInt(t -> t.writes().lost()).sum();
    int acknowledged = tallies.stream().mapToInt(t -> t.writes().acknowledged()).sum();
    return Claim.of(what + ": " + lost + " lost of " + acknowledged + " acknowledged", lost == 0);
  }
}
