package dev.regent.lab.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Writes a drill down as a page of Markdown: the tables, the histograms, and every broken round.
 */
final class ReportFile {
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
    account.rounds().stream().filter(r -> !r.held()).forEach(r -> broken(page, r));
    return page.toString();
  }

  private static void section(StringBuilder page, String title, String body) {
    page.append("## ").append(title).append("\n\n```\n").append(body).append("```\n\n");
  }

  private static void broken(StringBuilder page, Round round) {
    page.append("## Did not hold: ").append(round.scenario().name()).append(" (");
    page.append(round.profile()).append("), round ").append(round.number()).append("\n\n");
    round.complaints().forEach(c -> page.append("- ").append(c).append('\n'));
    page.append("\nWhat was done:\n\n");
    round.story().forEach(s -> page.append("- ").append(s).append('\n'));
    page.append("\n```\n").append(round.traces()).append("```\n\n");
  }
}
