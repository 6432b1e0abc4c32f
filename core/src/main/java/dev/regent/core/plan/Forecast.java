package dev.regent.core.plan;

import dev.regent.core.model.Channel;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.GtidState;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Plays a run on the snapshot alone, as if every step succeeded: what {@code --dry-run} and {@code
 * regent plan} print. Nothing is sent to any server.
 */
public final class Forecast {
  /** No recipe has more turns than this unless it loops, which a forecast must not. */
  private static final int TURNS_MAX = 50;

  private final Snapshot snapshot;

  public Forecast(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  /** One line per step, its SQL indented below it, and the expected end. */
  public List<String> lines(Run run) {
    List<String> lines = new ArrayList<>();
    Turn turn = run.begin();
    for (int i = 0; i < TURNS_MAX && turn instanceof Turn.Next next; i++) {
      List<Run.Result> results = new ArrayList<>();
      for (Step step : next.steps()) {
        lines.add((i + 1) + ". " + step.sentence());
        step.sql().forEach(s -> lines.add("     " + s.replaceAll("\\s+", " ")));
        results.add(new Run.Result(step, new Outcome.Done(evidence(step))));
      }
      turn = next.then().after(results);
    }
    switch (turn) {
      case Turn.Finished f -> lines.add("then: " + f.summary());
      case Turn.Abandoned a -> lines.add("then it would hold: " + a.reason());
      case Turn.Suspended s -> lines.add("then it would wait: " + s.reason());
      case Turn.Next n -> lines.add("and so on");
    }
    return lines;
  }

  private Evidence evidence(Step step) {
    return switch (step) {
      case Receiving.StopReceiving s -> standing(s);
      case Receiving.Examine s -> standing(s);
      case Receiving.Rescue s -> drained(s);
      case Receiving.Drain s -> drained(s);
      case Receiving.TestPrimary s -> new Evidence.Found(true);
      case Promoting.LookForReign s -> new Evidence.Found(true);
      case Promoting.ReadLastReign s -> new Evidence.LastReign(0, "");
      case Freezing.CheckPrimary s -> new Evidence.Objections(List.of());
      case Freezing.Freeze s ->
          new Evidence.Position(
              facts(s).map(ServerFacts::binlogPosition).orElse(GtidPosition.EMPTY),
              facts(s).map(ServerFacts::binlogState).orElse(GtidState.EMPTY));
      case Keeping.SaveErrant s -> new Evidence.Saved("(a file)", GtidState.count(s.ranges()));
      default -> new Evidence.Nothing();
    };
  }

  private Optional<ServerFacts> facts(Step step) {
    return snapshot.view(step.server()).seen().map(s -> s.facts());
  }

  private Evidence.Standing standing(Step step) {
    Optional<ServerFacts> facts = facts(step);
    List<Channel> channels = facts.map(ServerFacts::channels).orElse(List.of());
    return new Evidence.Standing(
        step.server(),
        facts.map(ServerFacts::held).orElse(GtidPosition.EMPTY),
        facts.map(ServerFacts::applied).orElse(GtidPosition.EMPTY),
        facts.map(ServerFacts::binlogState).orElse(GtidState.EMPTY),
        channels.stream().noneMatch(c -> c.received().isEmpty()),
        channels.stream().allMatch(Channel::sqlRunning),
        false);
  }

  private Evidence.Standing drained(Step step) {
    Evidence.Standing now = standing(step);
    return new Evidence.Standing(
        now.server(), now.received(), now.received(), now.binlogState(), true, true, false);
  }
}
