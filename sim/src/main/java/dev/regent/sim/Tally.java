package dev.regent.sim;

import dev.regent.sim.swarm.Options;
import dev.regent.sim.swarm.Script;
import dev.regent.sim.swarm.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What became of many runs. */
final class Tally {
  /** More nobody reads. */
  private static final int FAILURES_SHOWN = 20;

  private final Map<Verdict.End, Integer> ends = new EnumMap<>(Verdict.End.class);
  private final List<Result> failures = new ArrayList<>();
  private long runs;
  private long promotions;
  private long worldMillis;
  private long acknowledged;
  private long nanos;

  /** One run. */
  record Result(long seed, Options options, Script script, Verdict verdict, long nanos) {
    String words() {
      StringBuilder words = new StringBuilder();
      words.append("seed ").append(seed).append(" ").append(verdict.end()).append(": ");
      words.append(String.join("; ", verdict.words())).append("\n  ").append(options.words());
      script.entries().forEach(e -> words.append("\n  ").append(e));
      words.append("\n  a smaller one: regent sim --seed ").append(seed);
      words.append(options.isProxied() ? " --proxy yes" : " --proxy no").append(" --shrink");
      return words.toString();
    }
  }

  synchronized void add(Result result) {
    runs++;
    ends.merge(result.verdict().end(), 1, Integer::sum);
    promotions += result.verdict().figures().promotions();
    worldMillis += result.verdict().figures().worldMillis();
    acknowledged += result.verdict().figures().acknowledged();
    nanos += result.nanos();
    if (!result.verdict().good()) {
      failures.add(result);
    }
  }

  /** The first ones, by seed. */
  synchronized List<Result> failures() {
    return failures.stream()
        .sorted(Comparator.comparingLong(Result::seed))
        .limit(FAILURES_SHOWN)
        .toList();
  }

  synchronized String words() {
    return String.format(
        Locale.ROOT,
        "%d runs: %s; %d role changes (%.0f per minute and core), %d acknowledged writes,"
            + " %.1f hours of the world at %.0f times its speed",
        runs,
        ends,
        promotions,
        perMinute(),
        acknowledged,
        worldMillis / 3_600_000.0,
        nanos == 0 ? 0 : worldMillis * 1e6 / nanos);
  }

  private double perMinute() {
    return nanos == 0 ? 0 : promotions * 60e9 / nanos;
  }

  synchronized String json() {
    StringBuilder json = new StringBuilder("{\"runs\":").append(runs);
    ends.forEach((end, count) ->
        json.append(",\"").append(end.name().toLowerCase(Locale.ROOT)).append("\":").append(count));
    json.append(",\"roleChanges\":").append(promotions);
    json.append(",\"acknowledged\":").append(acknowledged);
    json.append(",\"worldMillis\":").append(worldMillis);
    json.append(String.format(Locale.ROOT, ",\"roleChangesPerMinuteAndCore\":%.1f", perMinute()));
    json.append(",\"failures\":[");
    String separator = "";
    for (Result failure : failures()) {
      json.append(separator).append("{\"seed\":").append(failure.seed());
      json.append(",\"words\":").append(quoted(String.join("; ", failure.verdict().words())));
      json.append(",\"options\":").append(quoted(failure.options().words())).append("}");
      separator = ",";
    }
    return json.append("]}").toString();
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
