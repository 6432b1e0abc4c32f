package dev.regent.core.plan;

import dev.regent.core.model.GtidState;
import dev.regent.core.model.ServerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Stages in a row; the first needed stage with a failed step ends the run. A stage's notes are
 * facts that hold once it is done, its {@code before} notes must be stored before its steps are
 * sent.
 *
 * @param undo what a failed step leaves to be undone
 */
record SequenceRun(Kind kind, String purpose, List<Stage> stages, int at, Undo undo)
    implements Run {

  /** What a server has that the primary has not, by the look that the run was decided on. */
  record Lead(ServerId server, ServerId primary, List<GtidState.Range> ranges) {
    Lead {
      ranges = List.copyOf(ranges);
    }
  }

  /**
   * Some steps, in parallel.
   *
   * @param needed a failed step ends the run; else it is only told
   * @param lead must be found again by these steps
   */
  record Stage(
      List<Note> before, List<Step> steps, List<Note> notes, boolean needed, Optional<Lead> lead) {
    Stage {
      before = List.copyOf(before);
      steps = List.copyOf(steps);
      notes = List.copyOf(notes);
    }

    Stage(List<Note> before, List<Step> steps, List<Note> notes) {
      this(before, steps, notes, true, Optional.empty());
    }

    /**
     * Reads both anew, once the server is closed and receives nothing: until then it may have
     * written more.
     */
    static Stage comparing(Lead lead) {
      List<Step> looks =
          List.of(new Receiving.Examine(lead.server()), new Receiving.Examine(lead.primary()));
      return new Stage(List.of(), looks, List.of(), true, Optional.of(lead));
    }

    static Stage of(Step... steps) {
      return new Stage(List.of(), List.of(steps), List.of());
    }

    static Stage trying(Step... steps) {
      return new Stage(List.of(), List.of(steps), List.of(), false, Optional.empty());
    }

    Stage noting(Note... after) {
      return new Stage(before, steps, List.of(after), needed, lead);
    }

    Stage after(Note... first) {
      return new Stage(List.of(first), steps, notes, needed, lead);
    }
  }

  SequenceRun {
    stages = List.copyOf(stages);
  }

  static SequenceRun of(Kind kind, String purpose, Stage... stages) {
    return new SequenceRun(kind, purpose, List.of(stages), 0, Undo.NOTHING);
  }

  @Override
  public Turn begin() {
    return turn(0, List.of());
  }

  private Turn turn(int next, List<Note> done) {
    if (next == stages.size()) {
      return new Turn.Finished(purpose, done);
    }
    List<Note> notes = new ArrayList<>(done);
    notes.addAll(stages.get(next).before());
    return new Turn.Next(
        new SequenceRun(kind, purpose, stages, next, undo), stages.get(next).steps(), notes);
  }

  @Override
  public Turn after(List<Result> results) {
    Optional<Result> bad = results.stream().filter(r -> !r.outcome().done()).findFirst();
    Optional<String> failed =
        bad.filter(b -> stages.get(at).needed())
            .map(SequenceRun::failure)
            .or(() -> stages.get(at).lead().flatMap(l -> otherLead(l, results)));
    if (failed.isPresent()) {
      return undo.steps().isEmpty()
          ? new Turn.Abandoned(failed.get(), false, List.of())
          : undo.because(kind, failed.get(), false);
    }
    List<Note> notes = new ArrayList<>(stages.get(at).notes());
    bad.ifPresent(b -> notes.add(new Note.Remark(failure(b))));
    for (Result result : results) {
      notes.addAll(Findings.notes(result));
    }
    return turn(at + 1, notes);
  }

  private static Optional<String> otherLead(Lead lead, List<Result> results) {
    List<GtidState.Range> found =
        state(lead.server(), results).beyond(state(lead.primary(), results));
    return found.equals(lead.ranges())
        ? Optional.empty()
        : Optional.of(
            lead.server()
                + " was not closed yet when it was looked at, or somebody wrote on it since: it has "
                + found
                + " that "
                + lead.primary()
                + " does not have");
  }

  private static GtidState state(ServerId server, List<Result> results) {
    for (Result result : results) {
      if (result.step().server().equals(server)
          && result.outcome() instanceof Outcome.Done d
          && d.evidence() instanceof Evidence.Standing s) {
        return s.binlogState();
      }
    }
    return GtidState.EMPTY;
  }

  private static String failure(Result bad) {
    return "could not " + bad.step().sentence() + ": " + bad.outcome().reason();
  }
}
