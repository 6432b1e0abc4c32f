package dev.regent.sim.cover;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.control.Command;
import dev.regent.core.control.Effect;
import dev.regent.core.control.Entry;
import dev.regent.core.control.Event;
import dev.regent.core.control.Input;
import dev.regent.core.control.Picture;
import dev.regent.core.model.Observation;
import dev.regent.core.plan.Decision;
import dev.regent.core.plan.Evidence;
import dev.regent.core.plan.Note;
import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Step;
import dev.regent.core.plan.Turn;
import dev.regent.sim.runtime.SimManager;
import dev.regent.sim.world.Surroundings;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Which cases of the core's sealed types, and which reasons to hold, some runs have reached. One
 * for each run; they are added up afterwards.
 */
public final class Reached implements Surroundings.Watcher {
  private static final List<Class<?>> SEALED =
      List.of(
          Diagnosis.class,
          Decision.class,
          Turn.class,
          Step.class,
          Outcome.class,
          Evidence.class,
          Note.class,
          Observation.class,
          Input.class,
          Command.class,
          Effect.class,
          Entry.class,
          Event.class);

  private static final String ANSWERED = "reason: ";

  private final NavigableSet<String> seen = new TreeSet<>();

  // --- watching

  @Override
  public void learned(SimManager manager, Input input) {
    saw(input);
    switch (input) {
      case Input.Observed i -> saw(i.observation());
      case Input.Ordered i -> saw(i.command());
      case Input.StepEnded i -> {
        saw(i.outcome());
        if (i.outcome() instanceof Outcome.Done done) {
          saw(done.evidence());
        }
      }
      case Input.ConnectionLost i -> {}
      case Input.StoreFailed i -> {}
      case Input.Tick i -> {}
    }
  }

  @Override
  public void acts(SimManager manager, Effect effect) {
    saw(effect);
    switch (effect) {
      case Effect.Store e -> e.entries().forEach(this::saw);
      case Effect.Execute e -> saw(e.step());
      case Effect.Show e -> picture(e.picture());
      case Effect.Tell e -> event(e.event());
      case Effect.Answer e -> e.reply().lines().forEach(this::answered);
      case Effect.ProbeNow e -> {}
      case Effect.Publish e -> {}
    }
  }

  private void picture(Picture picture) {
    picture.diagnoses().forEach(this::saw);
    for (Decision decision : picture.decisions()) {
      saw(decision);
      if (decision instanceof Decision.Hold hold) {
        seen.add(name(hold.reason()));
      }
    }
  }

  /** A plan's turns show in what is told of it. */
  private void event(Event event) {
    saw(event);
    switch (event) {
      case Event.Noted e -> saw(e.note());
      case Event.StepsSent e -> seen.add(name(Turn.Next.class));
      case Event.PlanClosed e when e.result().equals("finished") ->
          seen.add(name(Turn.Finished.class));
      case Event.PlanClosed e when e.result().equals("held") ->
          seen.add(name(Turn.Abandoned.class));
      case Event.PlanClosed e when e.result().equals("suspended") ->
          seen.add(name(Turn.Suspended.class));
      default -> {}
    }
  }

  /** A decision that was answered to an operator. */
  private void answered(String line) {
    if (line.startsWith(ANSWERED)) {
      seen.add(name(Decision.Reason.valueOf(line.substring(ANSWERED.length()))));
    }
  }

  private void saw(Object value) {
    seen.add(name(value.getClass()));
  }

  private static String name(Class<?> type) {
    return type.getName().substring(type.getPackageName().length() + 1).replace('$', '.');
  }

  private static String name(Decision.Reason reason) {
    return "Reason." + reason;
  }

  // --- adding up

  /** What this one reached, the other one has reached too from now on. */
  public void addTo(Reached other) {
    other.seen.addAll(seen);
  }

  public int count() {
    return (int) all().filter(seen::contains).count();
  }

  /** What was not reached. */
  public List<String> missing() {
    return all().filter(name -> !seen.contains(name)).toList();
  }

  private static Stream<String> all() {
    Stream<String> cases = SEALED.stream().flatMap(Reached::cases).distinct().map(Reached::name);
    Stream<String> reasons = Stream.of(Decision.Reason.values()).map(Reached::name);
    return Stream.concat(cases, reasons);
  }

  /** The records below a sealed type; interfaces between them only group. */
  private static Stream<Class<?>> cases(Class<?> type) {
    return type.isSealed()
        ? Stream.of(type.getPermittedSubclasses()).flatMap(Reached::cases)
        : Stream.of(type);
  }
}
