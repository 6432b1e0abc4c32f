package dev.regent.core.plan;

import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.ServerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the rescue of relay logs leaves to elect from.
 *
 * @param kept the servers that can keep what they received
 * @param held all that the others are known to hold and cannot apply
 * @param refusal why nobody may be promoted: a sync member holds what may have been acknowledged
 */
record Rescued(
    List<Evidence.Standing> kept, GtidPosition held, List<Note> remarks, Optional<String> refusal) {

  Rescued {
    kept = List.copyOf(kept);
    remarks = List.copyOf(remarks);
  }

  static Rescued of(Brief brief, List<Evidence.Standing> before, List<Run.Result> results) {
    List<Evidence.Standing> kept = new ArrayList<>(before);
    List<Run.Result> failed = new ArrayList<>();
    for (Run.Result result : results) {
      ServerId server = result.step().server();
      if (result.outcome() instanceof Outcome.Done d
          && d.evidence() instanceof Evidence.Standing s) {
        kept.replaceAll(old -> old.server().equals(server) ? s : old);
      } else {
        kept.removeIf(old -> old.server().equals(server));
        failed.add(result);
      }
    }
    GtidPosition held = GtidPosition.EMPTY;
    List<Note> remarks = new ArrayList<>();
    for (Run.Result result : failed) {
      ServerId server = result.step().server();
      Optional<GtidPosition> holds = unappliable(result).map(Evidence.Unappliable::holds);
      String why = "the relay log of " + server + " could not be applied: " + reason(result);
      boolean elsewhere =
          holds.filter(h -> kept.stream().anyMatch(s -> s.received().covers(h))).isPresent();
      if (!elsewhere && mustBeKept(brief, server)) {
        return new Rescued(kept, held, List.of(), Optional.of(why + wayOut(brief)));
      }
      held = held.merge(holds.orElse(GtidPosition.EMPTY));
      String rest = elsewhere ? "; others received all of it" : "; what only it received is lost";
      remarks.add(new Note.Remark(why + rest));
    }
    return new Rescued(kept, held, remarks, Optional.empty());
  }

  /**
   * To force a failover is to do without members that were not reached. This one was reached, and
   * says that it received writes: nobody is promoted without them unless the operator named who.
   */
  private static boolean mustBeKept(Brief brief, ServerId server) {
    boolean named = brief.force() && brief.wanted().isPresent();
    return brief.safe() && brief.members().contains(server) && !named;
  }

  private static String wayOut(Brief brief) {
    return "; it may hold acknowledged writes that nobody else received (start "
        + brief.old()
        + " again, or give them up: failover --force --to SERVER)";
  }

  private static Optional<Evidence.Unappliable> unappliable(Run.Result result) {
    return result.outcome() instanceof Outcome.Done d
            && d.evidence() instanceof Evidence.Unappliable u
        ? Optional.of(u)
        : Optional.empty();
  }

  private static String reason(Run.Result result) {
    return unappliable(result).map(Evidence.Unappliable::why).orElse(result.outcome().reason());
  }
}
