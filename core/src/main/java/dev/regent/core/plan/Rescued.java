package dev.regent.core.plan;

import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.GtidState;
import dev.regent.core.model.ServerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What the rescue of relay logs leaves to elect from.
 *
 * @param kept the servers that can keep what they received
 * @param failed the steps on the others
 * @param held all that the others are known to hold and cannot apply
 * @param owed the part of it that sync members hold: others received it too, and must apply it
 * @param refusal why nobody may be promoted: a sync member holds what may have been acknowledged
 */
record Rescued(
    List<Evidence.Standing> kept,
    List<Run.Result> failed,
    GtidPosition held,
    GtidPosition owed,
    List<Note> remarks,
    Optional<String> refusal) {
  private static final Duration FETCH_DEADLINE = Duration.ofSeconds(10);

  Rescued {
    kept = List.copyOf(kept);
    failed = List.copyOf(failed);
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
    GtidPosition owed = GtidPosition.EMPTY;
    List<Note> remarks = new ArrayList<>();
    for (Run.Result result : failed) {
      ServerId server = result.step().server();
      Optional<GtidPosition> holds = unappliable(result).map(Evidence.Unappliable::holds);
      String why = "the relay log of " + server + " could not be applied: " + reason(result);
      boolean elsewhere = holds.filter(h -> elsewhere(h, kept)).isPresent();
      if (!elsewhere && mustBeKept(brief, server)) {
        return new Rescued(kept, failed, held, owed, List.of(), Optional.of(why + wayOut(brief)));
      }
      held = held.merge(holds.orElse(GtidPosition.EMPTY));
      if (mustBeKept(brief, server)) {
        owed = owed.merge(holds.orElse(GtidPosition.EMPTY));
      }
      String rest = elsewhere ? "; others received all of it" : "; what only it received is lost";
      remarks.add(new Note.Remark(why + rest));
    }
    return new Rescued(kept, failed, held, owed, remarks, Optional.empty());
  }

  private static boolean elsewhere(GtidPosition holds, List<Evidence.Standing> kept) {
    return kept.stream().anyMatch(s -> s.received().covers(holds));
  }

  /** All servers, those whose rescue failed as they stood before. */
  List<Evidence.Standing> all(List<Evidence.Standing> before) {
    return before.stream()
        .map(old ->
            kept.stream().filter(k -> k.server().equals(old.server())).findFirst().orElse(old))
        .toList();
  }

  /**
   * How the gaps before relay logs are filled that hold more than anybody else received, or that of
   * a sync member; empty if there is none or nobody executed more. Who failed for another reason
   * tries once more meanwhile.
   */
  List<Step> fetches(Brief brief, List<Evidence.Standing> before) {
    List<Evidence.Standing> all = all(before);
    // What is errant there would be taken for what is missing here.
    List<Evidence.Standing> sources =
        kept.stream().filter(s -> Election.clean(brief, all, s)).toList();
    List<Step> steps = new ArrayList<>();
    boolean some = false;
    for (Run.Result result : failed) {
      ServerId server = result.step().server();
      Optional<Evidence.Standing> source =
          unappliable(result)
              .filter(u -> needed(brief, server, u))
              .flatMap(u -> source(u, sources));
      source.ifPresent(s -> steps.add(fetch(brief, server, s)));
      some |= source.isPresent();
      if (source.isEmpty()) {
        steps.add(result.step());
      }
    }
    return some ? steps : List.of();
  }

  /**
   * A sync member also where others received the same: somebody must acknowledge for the winner.
   */
  private boolean needed(Brief brief, ServerId server, Evidence.Unappliable gap) {
    return mustBeKept(brief, server) || !elsewhere(gap.holds(), kept);
  }

  private static Optional<Evidence.Standing> source(
      Evidence.Unappliable gap, List<Evidence.Standing> sources) {
    return sources.stream()
        .filter(s -> s.applied().covers(gap.from()))
        .max(Comparator.comparingLong(s -> s.applied().beyond(gap.from())));
  }

  static Optional<String> skippedOwn(Run.Result result, List<Evidence.Standing> standings) {
    return result.step() instanceof Receiving.FetchMissing f
            && result.outcome() instanceof Outcome.Done d
            && d.evidence() instanceof Evidence.Standing pupil
        ? standings.stream()
            .filter(s -> s.server().equals(f.source()))
            .findFirst()
            .flatMap(source -> skipped(pupil, source))
        : Optional.empty();
  }

  /** Some versions never take their own back, whatever their settings; no position tells. */
  static Optional<String> skipped(Evidence.Standing pupil, Evidence.Standing source) {
    return Optional.of(pupil.binlogState().lacks(source.binlogState()))
        .filter(r -> !r.isEmpty())
        .map(r -> pupil.server() + " " + skipped(r));
  }

  /** What an operator must know who gives the role to a server that passed over its own. */
  static List<Note> price(ServerId winner, List<GtidState.Range> ranges) {
    return ranges.isEmpty()
        ? List.of()
        : List.of(
            new Note.Remark(
                winner
                    + " "
                    + skipped(ranges)
                    + ": given up by --force; no log will show who has them besides, so rebuild"
                    + " every server that comes back"));
  }

  static String skipped(List<GtidState.Range> ranges) {
    return "skipped transactions of its own that came back to it: " + ranges;
  }

  private static Step fetch(Brief brief, ServerId server, Evidence.Standing source) {
    return new Receiving.FetchMissing(
        server,
        source.server(),
        brief.spec().server(source.server()).replicationAddress(),
        source.applied(),
        FETCH_DEADLINE);
  }

  /**
   * To force a failover is to do without members that were not reached. This one was reached, and
   * says that it received writes: nobody is promoted without them unless the operator named who.
   */
  static boolean mustBeKept(Brief brief, ServerId server) {
    return brief.safe() && brief.members().contains(server) && !brief.overrules();
  }

  static String wayOut(Brief brief) {
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
