package dev.regent.core.plan;

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

  /**
   * Some steps, in parallel.
   *
   * @param needed a failed step ends the run; else it is only told
   */
  record Stage(List<Note> before, List<Step> steps, List<Note> notes, boolean needed) {
    Stage {
      before = List.copyOf(before);
      steps = List.copyOf(steps);
      notes = List.copyOf(notes);
    }

    Stage(List<Note> before, List<Step> steps, List<Note> notes) {
      this(before, steps, notes, true);
    }

    static Stage of(Step... steps) {
      return new Stage(List.of(), List.of(steps), List.of());
    }

    static Stage trying(Step... steps) {
      return new Stage(List.of(), List.of(steps), List.of(), false);
    }

    Stage noting(Note... after) {
      return new Stage(before, steps, List.of(after), needed);
    }

    Stage after(Note... first) {
      return new Stage(List.of(first), steps, notes, needed);
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
    if (bad.isPresent() && stages.get(at).needed()) {
      String reason = failure(bad.get());
      return undo.steps().isEmpty()
          ? new Turn.Abandoned(reason, false, List.of())
          : undo.because(kind, reason, false);
    }
    List<Note> notes = new ArrayList<>(stages.get(at).notes());
    bad.ifPresent(b -> notes.add(new Note.Remark(failure(b))));
    for (Result result : results) {
      notes.addAll(Findings.notes(result));
    }
    return turn(at + 1, notes);
  }

  private static String failure(Result bad) {
    return "could not " + bad.step().sentence() + ": " + bad.outcome().reason();
  }
}
