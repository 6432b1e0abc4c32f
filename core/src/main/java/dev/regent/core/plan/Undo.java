package dev.regent.core.plan;

import dev.regent.core.model.ServerId;
import java.util.ArrayList;
import java.util.List;

/**
 * What must be done to leave the cluster as it was found, collected while a run goes on.
 *
 * @param steps in the order in which they are to be undone: the last change first
 * @param left servers that cannot be put back without destroying evidence: their threads stay
 *     stopped and they are named (DESIGN 7.6)
 */
record Undo(List<Step> steps, List<ServerId> left) {
  static final Undo NOTHING = new Undo(List.of(), List.of());

  Undo {
    steps = List.copyOf(steps);
    left = List.copyOf(left);
  }

  Undo first(Step step) {
    List<Step> all = new ArrayList<>();
    all.add(step);
    all.addAll(steps);
    return new Undo(all, left);
  }

  Undo without(Class<? extends Step> kind) {
    return new Undo(steps.stream().filter(s -> !kind.isInstance(s)).toList(), left);
  }

  Undo leaving(ServerId server) {
    List<ServerId> all = new ArrayList<>(left);
    if (!all.contains(server)) {
      all.add(server);
    }
    return new Undo(steps, all);
  }

  /** The turn that undoes and then ends the run with this reason. */
  Turn because(Run.Kind kind, String reason, boolean held) {
    List<Note> release = List.of(new Note.WritesReleased());
    if (steps.isEmpty()) {
      return new Turn.Abandoned(withLeft(reason), held, release);
    }
    return new Turn.Next(new LetGoRun(kind, withLeft(reason), held, this), steps, List.of());
  }

  private String withLeft(String reason) {
    return left.isEmpty()
        ? reason
        : reason
            + "; receiving stays stopped on "
            + left
            + " because starting it would purge their relay logs";
  }

  /** Undoes what a run did and then reports why. */
  record LetGoRun(Run.Kind kind, String reason, boolean held, Undo undo) implements Run {
    @Override
    public String purpose() {
      return "undo: " + reason;
    }

    @Override
    public Turn begin() {
      return new Turn.Next(this, undo.steps(), List.of());
    }

    @Override
    public Turn after(List<Result> results) {
      List<String> failed =
          results.stream()
              .filter(r -> !r.outcome().done())
              .map(r -> "could not " + r.step().sentence() + ": " + r.outcome().reason())
              .toList();
      String end = failed.isEmpty() ? reason : reason + "; " + String.join("; ", failed);
      Note writes =
          results.stream()
              .filter(r -> r.step() instanceof Freezing.Unfreeze && !r.outcome().done())
              .<Note>map(r -> new Note.LeftClosed(r.step().server()))
              .findFirst()
              .orElse(new Note.WritesReleased());
      return new Turn.Abandoned(end, held, List.of(writes));
    }
  }
}
