package dev.regent.core.toy;

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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Which cases of the core's sealed types, and which reasons to hold, the stories have reached. */
public final class Reached {
  private static final List<Class<?>> SEALED =
      List.of(
          Diagnosis.class,
          Decision.class,
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

  /** Classes of what was seen, and reasons to hold. */
  private static final Set<Object> SEEN = new LinkedHashSet<>();

  private Reached() {}

  static void input(Input input) {
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

  static void effect(Effect effect) {
    saw(effect);
    switch (effect) {
      case Effect.Store e -> e.entries().forEach(Reached::saw);
      case Effect.Execute e -> saw(e.step());
      case Effect.Show e -> picture(e.picture());
      case Effect.Tell e -> {
        saw(e.event());
        if (e.event() instanceof Event.Noted noted) {
          saw(noted.note());
        }
      }
      case Effect.Answer e -> e.reply().lines().forEach(Reached::answered);
      case Effect.ProbeNow e -> {}
      case Effect.Publish e -> {}
    }
  }

  private static void picture(Picture picture) {
    picture.diagnoses().forEach(Reached::saw);
    for (Decision decision : picture.decisions()) {
      saw(decision);
      if (decision instanceof Decision.Hold hold) {
        SEEN.add(hold.reason());
      }
    }
  }

  /** A decision that was answered to an operator. */
  private static void answered(String line) {
    if (line.startsWith("reason: ")) {
      SEEN.add(Decision.Reason.valueOf(line.substring("reason: ".length())));
    }
  }

  private static void saw(Object value) {
    SEEN.add(value.getClass());
  }

  /** What no story has reached so far. */
  static List<String> missing() {
    Stream<String> cases =
        SEALED.stream()
            .flatMap(Reached::cases)
            .distinct()
            .filter(c -> !SEEN.contains(c))
            .map(c -> c.getName().substring(c.getPackageName().length() + 1));
    Stream<String> reasons =
        Stream.of(Decision.Reason.values()).filter(r -> !SEEN.contains(r)).map(r -> "Reason." + r);
    return Stream.concat(cases, reasons).toList();
  }

  /** The records below a sealed type; interfaces between them only group. */
  private static Stream<Class<?>> cases(Class<?> type) {
    return type.isSealed()
        ? Stream.of(type.getPermittedSubclasses()).flatMap(Reached::cases)
        : Stream.of(type);
  }
}
