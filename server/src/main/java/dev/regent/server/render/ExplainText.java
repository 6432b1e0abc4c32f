package dev.regent.server.render;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.analyze.Diagnosis.Severity;
import dev.regent.core.control.Picture;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Decision;
import dev.regent.core.plan.Decision.Reason;
import dev.regent.server.render.Page.Tone;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Why it acts, holds or held: the page of {@code regent explain}. */
public final class ExplainText {
  private static final int INDENT = 10;

  private ExplainText() {}

  public static List<String> render(Picture picture, List<Told> events, Page page) {
    List<String> lines = new ArrayList<>();
    if (picture.diagnoses().stream().allMatch(d -> d.severity() == Severity.OK)) {
      lines.add("Nothing is wrong, and nothing is held back.");
    }
    for (Diagnosis diagnosis : picture.diagnoses()) {
      lines.addAll(
          page.labelled(
              Page.word(diagnosis.severity()),
              INDENT,
              Tone.of(diagnosis.severity()),
              diagnosis.sentence()));
      lines.addAll(decision(diagnosis, picture, page));
    }
    lines.addAll(page.wrap(picture.guarantee().sentence(), 0));
    lines.add("");
    lines.addAll(story(events, page));
    return lines;
  }

  private static List<String> decision(Diagnosis diagnosis, Picture picture, Page page) {
    Optional<Decision> decision =
        picture.decisions().stream().filter(d -> d.diagnosis().equals(diagnosis)).findFirst();
    if (decision.isEmpty()) {
      return List.of();
    }
    return switch (decision.get()) {
      case Decision.Act act -> page.labelled("  acts", INDENT, Tone.STRONG, act.run().purpose());
      case Decision.Hold hold -> {
        List<String> lines =
            new ArrayList<>(page.labelled("  holds", INDENT, Tone.STRONG, hold.sentence()));
        lines.addAll(page.labelled("  do", INDENT, Tone.PLAIN, advice(hold.reason(), diagnosis)));
        yield lines;
      }
    };
  }

  /** What an operator can do about a hold. */
  static String advice(Reason reason, Diagnosis diagnosis) {
    String server = diagnosis.subject().map(ServerId::name).orElse("SERVER");
    return switch (reason) {
      case WAITING -> "nothing yet: it decides as soon as the evidence is complete";
      case PRIMARY_LIVES ->
          "mend what is between the manager and "
              + server
              + " (network, account, connections);"
              + " the cluster goes on without it. To move the role now: regent switchover, or"
              + " regent failover --force if the primary cannot be reached";
      case NO_WITNESS ->
          "look at "
              + server
              + " yourself; if it is dead, regent failover --force promotes"
              + " without a witness";
      case SYNC_MEMBER_MISSING ->
          "bring the named server back, and the failover goes on by itself; or give up the"
              + " guarantee with regent failover --force, after reading regent failover --force"
              + " --dry-run";
      case NO_CANDIDATE ->
          "see why each server is unfit (regent plan failover), and mend the nearest one";
      case SPLIT_BRAIN ->
          "no order of the histories is safe: decide which server's transactions count, save the"
              + " others', then regent failover --to SERVER --force";
      case OPERATOR_DECIDES -> "decide: regent plan failover, regent rejoin " + server;
      case PAUSED -> "regent resume, when automatic action may go on";
      case MAINTENANCE -> "regent maintenance end " + server + ", when the work is done";
      case FLAPPING ->
          "find out why the role moves so often; regent resume acknowledges the past failovers,"
              + " regent failover acts now";
      case COOLING_DOWN -> "nothing: it goes on when the cool-down ends; regent failover acts now";
      case MANUAL -> "automatic failover is switched off: regent failover acts now";
      case SCRIPT ->
          "see what the script did (regent events); regent failover, switchover and rejoin act now";
    };
  }

  /** The story of the last plan, from its opening on. */
  private static List<String> story(List<Told> events, Page page) {
    Optional<Told> opening =
        events.reversed().stream().filter(e -> e.name().equals("PlanOpened")).findFirst();
    if (opening.isEmpty()) {
      return List.of("No plan is remembered.");
    }
    List<Told> told =
        events.stream()
            .filter(e -> e.plan().equals(opening.get().plan()))
            .filter(e -> e.atMillis() >= opening.get().atMillis())
            .toList();
    long began = told.getFirst().atMillis();
    List<String> lines = new ArrayList<>();
    lines.add("The last plan, from " + page.dateTime(began) + ":");
    for (Told event : told) {
      String after = "+" + (event.atMillis() - began) + " ms";
      lines.addAll(
          page.labelled("  " + after, 2 + INDENT, Tone.of(event.severity()), event.sentence()));
    }
    return lines;
  }
}
