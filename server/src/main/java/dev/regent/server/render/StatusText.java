package dev.regent.server.render;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.analyze.Diagnosis.Severity;
import dev.regent.core.control.Picture;
import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.ClusterRecord.OpenPlan;
import dev.regent.core.model.Moment;
import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.Snapshot;
import dev.regent.core.plan.Decision;
import dev.regent.core.plan.Run;
import dev.regent.server.render.Page.Tone;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A picture as the page of {@code regent status}. */
public final class StatusText {
  /** A running control loop shows a picture several times a second. */
  static final Duration FRESH = Duration.ofSeconds(3);

  private static final int INDENT = 10;

  private StatusText() {}

  public static List<String> render(Picture picture, List<Told> events, Page page) {
    List<String> lines = new ArrayList<>();
    lines.addAll(head(picture, page));
    lines.add("");
    lines.addAll(ServerTable.render(picture, page));
    lines.add("");
    lines.addAll(guarantee(picture, page));
    lines.addAll(page.labelled("writes", INDENT, Tone.PLAIN, routing(picture.routing())));
    picture.running().ifPresent(plan -> lines.addAll(running(plan, page)));
    diagnoses(picture).forEach(d -> lines.addAll(diagnosis(d, picture, page)));
    if (!events.isEmpty()) {
      lines.add("");
      events.forEach(event -> lines.addAll(event.brief(page)));
    }
    return lines;
  }

  private static List<String> head(Picture picture, Page page) {
    Snapshot snapshot = picture.snapshot();
    ClusterRecord record = snapshot.record();
    String title =
        page.paint(Tone.STRONG, snapshot.spec().name())
            + ": "
            + (healthy(picture, page.now())
                ? page.paint(Tone.GOOD, "healthy")
                : page.paint(Tone.BAD, "not healthy"))
            + ", profile "
            + Page.word(snapshot.policy().profile())
            + ", epoch "
            + record.epoch();
    List<String> lines = new ArrayList<>(List.of(title));
    record
        .pause()
        .ifPresent(p ->
            lines.addAll(
                page.labelled(
                    "paused",
                    INDENT,
                    Tone.WARNING,
                    "by "
                        + p.by()
                        + " since "
                        + page.dateTime(p.sinceMillis())
                        + (p.reason().isEmpty() ? "" : ": " + p.reason())
                        + "; no automatic action until 'regent resume'")));
    Duration age = page.now().since(snapshot.now());
    if (age.compareTo(FRESH) > 0) {
      lines.addAll(
          page.labelled(
              "stale",
              INDENT,
              Tone.BAD,
              "this picture is "
                  + Page.span(age)
                  + " old: the daemon's control loop does not turn; see its log"));
    }
    return lines;
  }

  private static List<String> guarantee(Picture picture, Page page) {
    String sentence = picture.guarantee().sentence();
    Tone tone = picture.guarantee().lossFree() ? Tone.GOOD : Tone.WARNING;
    return page.wrap(sentence, 0).stream().map(l -> page.paint(tone, l)).toList();
  }

  static String routing(RoutingTable table) {
    String where =
        table.primary().map(p -> "go to " + p).orElse("go nowhere")
            + " (epoch "
            + table.epoch()
            + ")";
    return table.writesHeld() ? where + ", held: a role change is under way" : where;
  }

  static List<String> running(OpenPlan plan, Page page) {
    String last = plan.intents().isEmpty() ? "" : "; now: " + plan.intents().getLast();
    Duration age = Duration.ofMillis(page.now().millis() - plan.openedMillis());
    return page.labelled(
        "running",
        INDENT,
        Tone.STRONG,
        "plan "
            + plan.id()
            + " ("
            + Run.Kind.valueOf(plan.kind()).words()
            + ") for "
            + Page.span(age)
            + ": "
            + plan.why()
            + last);
  }

  /** What is worth saying, most severe first; the analyzer's order inside one severity. */
  private static List<Diagnosis> diagnoses(Picture picture) {
    return picture.diagnoses().stream()
        .filter(d -> d.severity() != Severity.OK)
        .sorted(Comparator.comparing(Diagnosis::severity).reversed())
        .toList();
  }

  private static List<String> diagnosis(Diagnosis diagnosis, Picture picture, Page page) {
    List<String> lines =
        page.labelled(
            Page.word(diagnosis.severity()),
            INDENT,
            Tone.of(diagnosis.severity()),
            diagnosis.sentence());
    for (Decision decision : picture.decisions()) {
      if (decision.diagnosis().equals(diagnosis) && decision instanceof Decision.Hold hold) {
        lines.addAll(page.labelled("  hold", INDENT, Tone.STRONG, hold.sentence()));
      }
    }
    return lines;
  }

  /**
   * Nothing worse than a notice, a primary, and a control loop that turns: what {@code status
   * --check} asks.
   */
  public static boolean healthy(Picture picture, Moment now) {
    return picture.snapshot().record().reign().isPresent()
        && now.since(picture.snapshot().now()).compareTo(FRESH) <= 0
        && picture.diagnoses().stream().allMatch(d -> d.severity().compareTo(Severity.NOTICE) <= 0);
  }
}
