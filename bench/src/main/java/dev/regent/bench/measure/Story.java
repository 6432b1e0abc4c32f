package dev.regent.bench.measure;

import dev.regent.lab.arena.AuditLine;
import dev.regent.lab.measure.Figures;
import java.util.List;

/** What the daemon told, with the milliseconds since something. */
public final class Story {
  private static final int LINES_MAX = 80;
  private static final int SENTENCE_MAX = 120;

  private Story() {}

  /** Times are wall clock, in milliseconds since 1970. */
  public static Report.Section of(String title, List<AuditLine> told, double from, double to) {
    List<List<String>> rows =
        told.stream()
            .filter(l -> l.at() >= from && l.at() <= to)
            .limit(LINES_MAX)
            .map(l -> List.of(Figures.number(l.at() - from), l.name(), brief(l.sentence())))
            .toList();
    return new Report.Section(title, List.of("ms", "event", "what"), rows);
  }

  private static String brief(String sentence) {
    String plain = sentence.replaceAll("plan \\d{6,}", "plan");
    return plain.length() <= SENTENCE_MAX ? plain : plain.substring(0, SENTENCE_MAX - 1) + "…";
  }
}
