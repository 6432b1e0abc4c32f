package dev.regent.sim.swarm;

import java.util.ArrayList;
import java.util.List;

/** What goes wrong in one run, and when. */
public record Script(List<Entry> entries) {
  public Script {
    entries = List.copyOf(entries);
  }

  /** When something happens. */
  public sealed interface When {
    /** So many milliseconds after the beginning. */
    record At(long millis) implements When {}

    /** When the role moves for the first time after that: as the step of this number is sent. */
    record AtStep(long millis, int step) implements When {}

    /** So many microseconds after a step of this name is sent for the first time after that. */
    record AtSending(long millis, String step, long micros) implements When {}
  }

  /** One mishap. */
  public record Entry(When when, Mishap mishap) {
    @Override
    public String toString() {
      return switch (when) {
        case When.At at -> at.millis() + " ms: " + mishap;
        case When.AtStep at ->
            "after "
                + at.millis()
                + " ms, at step "
                + at.step()
                + " of the next role change: "
                + mishap;
        case When.AtSending at ->
            "after "
                + at.millis()
                + " ms, "
                + at.micros()
                + " us after the next "
                + at.step()
                + ": "
                + mishap;
      };
    }
  }

  public Script without(int index) {
    List<Entry> fewer = new ArrayList<>(entries);
    fewer.remove(index);
    return new Script(fewer);
  }
}
