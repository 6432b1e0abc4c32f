package dev.regent.lab.check;

import dev.regent.lab.arena.AuditLine;
import java.util.ArrayList;
import java.util.List;

/** Who reigned when, as the manager told it. Times are wall clock, in milliseconds since 1970. */
final class Timeline {
  private Timeline() {}

  /** A reign, until the next one begins. */
  record Span(Reign reign, double from, double to) {
    /** Whether something that lasted from here to there can have been done by this reign. */
    boolean meets(String server, double began, double ended) {
      return reign.server().equals(server) && began <= to && ended >= from;
    }
  }

  static List<Span> of(Evidence seen) {
    List<Span> spans = new ArrayList<>();
    Reign reign = seen.first();
    double from = Double.NEGATIVE_INFINITY;
    for (AuditLine line : seen.told()) {
      if (line.notes("ReignBegan")) {
        spans.add(new Span(reign, from, line.at()));
        reign = reign(line);
        from = line.at();
      }
    }
    spans.add(new Span(reign, from, Double.POSITIVE_INFINITY));
    return spans;
  }

  /** Of a line that notes that a reign began. */
  static Reign reign(AuditLine line) {
    var reign = line.data().path("note").path("reign");
    return new Reign(reign.path("epoch").asLong(-1), reign.path("primary").asString("?"));
  }
}
