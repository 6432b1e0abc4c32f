package dev.regent.server.doctor;

import dev.regent.server.checkup.Finding;
import dev.regent.server.checkup.Mend;
import dev.regent.server.checkup.Severity;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A report for people. */
public final class ReportText {
  private static final String INDENT = "    ";

  /** What no statement shows, so that it cannot be a finding. */
  private static final List<String> UNSEEN = List.of("skip_slave_start=1", "init-rpl-role=SLAVE");

  private ReportText() {}

  public static List<String> lines(Report report) {
    List<String> lines = new ArrayList<>();
    for (Finding finding : report.findings()) {
      lines.add(head(finding));
      lines.add(INDENT + finding.why());
      mend(finding.mend()).forEach(line -> lines.add(INDENT + line));
    }
    lines.addAll(lasting(report));
    lines.add(sum(report));
    lines.add(
        "What no statement shows: every start file should also have "
            + String.join(" and ", UNSEEN)
            + ".");
    return lines;
  }

  private static String head(Finding finding) {
    return finding.severity().name().toLowerCase(Locale.ROOT)
        + "  "
        + finding.server().name()
        + "  "
        + finding.check()
        + ": "
        + finding.what();
  }

  private static List<String> mend(Mend mend) {
    return switch (mend) {
      case Mend.Dynamic d -> statements("now (--fix): ", d.sql());
      case Mend.Grant g -> statements("by who may grant (--fix --as USER): ", g.sql());
      case Mend.ByHand b -> statements("by hand, since it interrupts: ", b.sql());
      case Mend.Restart r -> List.of("in its start file: " + String.join(", ", r.startFile()));
      case Mend.Advice a -> List.of(a.words());
    };
  }

  private static List<String> statements(String how, List<String> sql) {
    return List.of(how + String.join("; ", sql));
  }

  /** All lines of one file together, as somebody will write them. */
  public static List<String> lasting(Report report) {
    Map<String, Set<String>> byServer = new TreeMap<>();
    report
        .findings()
        .forEach(f ->
            byServer
                .computeIfAbsent(f.server().name(), _ -> new LinkedHashSet<>())
                .addAll(f.mend().startFile()));
    List<String> lines = new ArrayList<>();
    byServer.forEach((server, wanted) -> {
      if (!wanted.isEmpty()) {
        lines.add("For the start file of " + server + ", so that it lasts:");
        lines.add(INDENT + "[mariadbd]");
        wanted.forEach(line -> lines.add(INDENT + line));
      }
    });
    return lines;
  }

  private static String sum(Report report) {
    int servers = report.ward().spec().servers().size();
    String of = report.ward().spec().name() + ", " + servers + " servers";
    if (report.findings().isEmpty()) {
      return of + ": nothing found";
    }
    return of
        + ": "
        + report.count(Severity.CRITICAL)
        + " critical, "
        + counted(report.count(Severity.WARNING), "warning")
        + ", "
        + counted(report.count(Severity.NOTICE), "notice");
  }

  private static String counted(long count, String word) {
    return count + " " + word + (count == 1 ? "" : "s");
  }
}
