package dev.regent.core.control;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.model.Moment;
import dev.regent.core.plan.Decision;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tells each diagnosis and each hold once when it begins, and once when it is over. */
final class Newsroom {
  private Map<String, Diagnosis> told = new LinkedHashMap<>();
  private Map<String, String> held = new LinkedHashMap<>();

  List<Effect> report(
      List<Diagnosis> diagnoses, List<Decision> decisions, boolean planRunning, Moment now) {
    List<Effect> effects = new ArrayList<>();
    Map<String, Diagnosis> present = new LinkedHashMap<>();
    for (Diagnosis diagnosis : diagnoses) {
      present.putIfAbsent(Patience.key(diagnosis), diagnosis);
    }
    present.forEach((key, diagnosis) -> {
      if (!told.containsKey(key)) {
        effects.add(new Effect.Tell(new Event.Diagnosed(now.millis(), diagnosis)));
      }
    });
    told.forEach((key, diagnosis) -> {
      if (!present.containsKey(key) && !well(diagnosis)) {
        effects.add(new Effect.Tell(new Event.Cleared(now.millis(), diagnosis)));
      }
    });
    told = present;
    if (!planRunning) {
      holds(decisions, now, effects);
    }
    return effects;
  }

  private static boolean well(Diagnosis diagnosis) {
    return diagnosis.severity() == Diagnosis.Severity.OK;
  }

  private void holds(List<Decision> decisions, Moment now, List<Effect> effects) {
    Map<String, String> present = new LinkedHashMap<>();
    for (Decision decision : decisions) {
      if (decision instanceof Decision.Hold hold && hold.reason() != Decision.Reason.WAITING) {
        String key = Patience.key(hold.diagnosis());
        present.put(key, hold.reason().name());
        if (!hold.reason().name().equals(held.get(key))) {
          effects.add(
              new Effect.Tell(
                  new Event.Held(
                      now.millis(), hold.diagnosis(), hold.reason().name(), hold.sentence())));
        }
      }
    }
    held = present;
  }
}
