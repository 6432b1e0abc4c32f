package dev.regent.lab.drill;

import dev.regent.lab.measure.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;

/**
 * Writes a drill down as a page of Markdown: the tables, the histograms, and every broken round.
 */
final class ReportFile {
  /** What takes longer is worth a look. */
  private static final double LONG_MILLIS = 1_000;

  private static final int EVENTS_MAX = 100;
  private static final int EVENT_MAX = 200;

  private ReportFile() {}

  static void write(Path file, Account account, Instant began) throws IOException {
    Files.writeString(file, text(account, began));
  }

  static String text(Account account, Instant began) {
    StringBuilder page = new StringBuilder("# Drill\n\n");
    page.append("Began ").append(began.truncatedTo(ChronoUnit.SECONDS)).append(", on ");
    page.append(Runtime.getRuntime().availableProcessors()).append(" processors. ");
    page.append(account.verdict()).append("\n\n");
    section(page, "Scenarios", account.table());
    section(page, "Clients of the proxy", account.proxied());
    section(page, "Where the time of role changes went", account.phases());
    section(page, "Outages by class of fault", account.histograms());
    if (!account.skipped().isEmpty()) {
      page.append("## Skipped\n\n");
      account
          .skipped()
          .forEach(
              (name, why) -> page.append("- ").append(name).append(": ").append(why).append('\n'));
      page.append('\n');
    }
    account.groups().values().forEach(group -> slowest(page, group));
    account.rounds().stream().filter(r -> !r.held()).forEach(r -> broken(page, r));
    return page.toString();
  }

  private static void section(StringBuilder page, String title, String body) {
    page.append("## ").append(title).append("\n\n```\n").append(body).append("```\n\n");
  }

  /** What the manager told in the round with the longest outage, if it was a long one. */
  private static void slowest(StringBuilder page, List<Round> group) {
    Round slowest =
        group.stream().max(Comparator.comparingDouble(ReportFile::outage)).orElseThrow();
    if (outage(slowest) < LONG_MILLIS) {
      return;
    }
    page.append("## The longest outage: ").append(title(slowest)).append("\n\n");
    page.append(Figures.number(outage(slowest))).append(" ms. What was done:\n\n");
    slowest.story().forEach(s -> page.append("- ").append(s).append('\n'));
    page.append("\nWhat the manager told, with the milliseconds since the first blow:\n\n```\n");
    slowest.events().stream().limit(EVENTS_MAX).forEach(e -> page.append(brief(e)).append('\n'));
    page.append("```\n\n");
  }

  private static double outage(Round round) {
    return round.tally().map(t -> t.outageMillis().orElse(0)).orElse(0.0);
  }

  private static String brief(String event) {
    String plain = event.replaceAll("plan \\d{6,}", "plan");
    return plain.length() <= EVENT_MAX ? plain : plain.substring(0, EVENT_MAX - 1) + "…";
  }

  private static String title(Round round) {
    return round.scenario().name() + " (" + round.profile() + "), round " + round.number();
  }

  private static void broken(StringBuilder page, Round round) {
    page.append("## Did not hold: ").append(title(round)).append("\n\n");
    round.complaints().forEach(c -> page.append("- ").append(c).append('\n'));
    page.append("\nWhat was done:\n\n");
    round.story().forEach(s -> page.append("- ").append(s).append('\n'));
    page.append("\n```\n").append(round.traces()).append("```\n\n");
  }
}
