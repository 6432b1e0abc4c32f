package dev.regent.core.control;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.model.Moment;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Decision;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;

/**
 * Tells each diagnosis and each hold once when it begins, and once when it is over. What a plan is
 * doing to a server is not news about that server.
 */
final class Newsroom {
  private Map<String, Diagnosis> told = new LinkedHashMap<>();
  private Map<String, String> held = new LinkedHashMap<>();

  /**
   * @param inWork servers that a plan is changing, or that were not looked at since
   */
  List<Effect> report(
      List<Diagnosis> diagnoses,
      List<Decision> decisions,
      boolean planRunning,
      NavigableSet<ServerId> inWork,
      Moment now) {
    List<Effect> effects = new ArrayList<>();
    Map<String, Diagnosis> present = new LinkedHashMap<>();
    for (Diagnosis diagnosis : diagnoses) {
      String key = diagnosis.key();
      if (told.containsKey(key) || !passing(diagnosis, inWork)) {
        present.putIfAbsent(key, diagnosis);
      }
    }
    present.forEach((key, diagnosis) -> {
      if (!told.containsKey(key)) {
        effects.add(new Effect.Tell(new Event.Diagnosed(now.millis(), diagnosis)));
      }
    });
    told.forEach((key, diagnosis) -> {
      if (!present.containsKey(key) && passing(diagnosis, inWork)) {
        present.put(key, diagnosis);
      } else if (!present.containsKey(key) && !well(diagnosis)) {
        effects.add(new Effect.Tell(new Event.Cleared(now.millis(), diagnosis)));
      }
    });
    told = present;
    if (!planRunning) {
      holds(decisions, now, effects);
    }
    return effects;
  }

  /** It may be about what a plan does, or from before it. */
  private static boolean passing(Diagnosis diagnosis, NavigableSet<ServerId> inWork) {
    return diagnosis instanceof Diagnosis.SeveralWritable several
        ? several.writable().stream().anyMatch(inWork::contains)
        : diagnosis.subject().filter(inWork::contains).isPresent();
  }

  private static boolean well(Diagnosis diagnosis) {
    return diagnosis.severity() == Diagnosis.Severity.OK;
  }

  private void holds(List<Decision> decisions, Moment now, List<Effect> effects) {
    Map<String, String> present = new LinkedHashMap<>();
    for (Decision decision : decisions) {
      if (decision instanceof Decision.Hold hold && hold.reason() != Decision.Reason.WAITING) {
        String key = hold.diagnosis().key();
        if (!told.containsKey(key)) {
          continue;
        }
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
