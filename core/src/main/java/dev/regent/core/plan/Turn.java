package dev.regent.core.plan;

import java.util.ArrayList;
import java.util.List;

/** What a run wants next. Notes are stored, in order, before the turn's steps are sent. */
public sealed interface Turn {
  List<Note> notes();

  default Turn after(Note first) {
    return after(List.of(first));
  }

  /** The same turn, with these notes first. A suspended run has nothing to say. */
  default Turn after(List<Note> first) {
    List<Note> all = new ArrayList<>(first);
    all.addAll(notes());
    return switch (this) {
      case Next t -> new Next(t.then(), t.steps(), all);
      case Finished t -> new Finished(t.summary(), all);
      case Abandoned t -> new Abandoned(t.reason(), t.held(), all);
      case Suspended t -> t;
    };
  }

  /** These steps, in parallel, then {@code then.after(results)}. */
  record Next(Run then, List<Step> steps, List<Note> notes) implements Turn {
    public Next {
      steps = List.copyOf(steps);
      notes = List.copyOf(notes);
    }
  }

  /** The run reached its aim. */
  record Finished(String summary, List<Note> notes) implements Turn {
    public Finished {
      notes = List.copyOf(notes);
    }
  }

  /**
   * The run gave up and left the cluster as it found it, as far as the summary does not say
   * otherwise.
   *
   * @param held a refusal on purpose, not a failure
   */
  record Abandoned(String reason, boolean held, List<Note> notes) implements Turn {
    public Abandoned {
      notes = List.copyOf(notes);
    }
  }

  /**
   * It cannot go on now and must not be undone: the plan stays open in the store, and is taken up
   * again when the server it hangs on answers.
   */
  record Suspended(String reason) implements Turn {
    @Override
    public List<Note> notes() {
      return List.of();
    }
  }
}
