package dev.regent.core.plan;

import dev.regent.core.analyze.Loss;
import dev.regent.core.model.Channel;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.GtidState;
import dev.regent.core.model.ServerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A planned role change (DESIGN 8): check, freeze, catch up, promote. Before the reign row leaves,
 * everything is undone on trouble and the old primary writes on.
 *
 * <p>In profile safe the other sync members are let follow the candidate before the freeze, because
 * pointing a server takes longer than all the rest and the new primary's first commit needs one of
 * them. Invariant: meanwhile the candidate, a member itself, acknowledges alone, so it holds every
 * acknowledged write; nobody leaves the sync set.
 *
 * @param following servers that follow the candidate before the freeze
 */
record SwitchoverRun(
    Brief brief,
    String purpose,
    Phase phase,
    ServerId candidate,
    List<ServerId> following,
    Evidence.Position frozen,
    Undo undo)
    implements Run {

  private static final Evidence.Position NOT_YET =
      new Evidence.Position(GtidPosition.EMPTY, GtidState.EMPTY);

  private static final Duration PAUSE_DEADLINE = Duration.ofSeconds(8);

  enum Phase {
    CHECK,
    PAUSE,
    REACH,
    LEAD,
    FREEZE,
    CATCH_UP
  }

  SwitchoverRun {
    following = List.copyOf(following);
  }

  static SwitchoverRun of(Brief brief, String purpose, ServerId candidate) {
    return new SwitchoverRun(
        brief, purpose, Phase.CHECK, candidate, List.of(), NOT_YET, Undo.NOTHING);
  }

  private SwitchoverRun at(Phase next, Evidence.Position position, Undo more) {
    return new SwitchoverRun(brief, purpose, next, candidate, following, position, more);
  }

  private SwitchoverRun leading(List<ServerId> servers) {
    return new SwitchoverRun(brief, purpose, phase, candidate, servers, frozen, undo);
  }

  @Override
  public Kind kind() {
    return Kind.SWITCHOVER;
  }

  @Override
  public Turn begin() {
    Step check =
        new Freezing.CheckPrimary(brief.old(), brief.policy().switchover().longTransaction());
    Note named = new Note.Candidate(candidate);
    return new Turn.Next(at(Phase.CHECK, frozen, undo), List.of(check), List.of(named));
  }

  @Override
  public Turn after(List<Result> results) {
    Outcome outcome = results.getFirst().outcome();
    return switch (phase) {
      case CHECK -> checked(outcome);
      case PAUSE -> paused(results);
      case REACH -> reached(results.getFirst());
      case LEAD -> led(results);
      case FREEZE -> frozen(outcome);
      case CATCH_UP -> caughtUp(outcome);
    };
  }

  private Turn checked(Outcome outcome) {
    if (!outcome.done()) {
      return abandon("could not look at " + brief.old() + ": " + outcome.reason());
    }
    if (outcome instanceof Outcome.Done d
        && d.evidence() instanceof Evidence.Objections o
        && !o.reasons().isEmpty()
        && !brief.force()) {
      return abandon(String.join("; ", o.reasons()) + " (--force kills these sessions)");
    }
    List<ServerId> ahead = ahead();
    if (ahead.isEmpty()) {
      return freeze();
    }
    List<Step> steps = new ArrayList<>();
    Undo more = undo;
    for (ServerId server : ahead) {
      steps.add(new Receiving.StopReceiving(server, brief.channel(server), PAUSE_DEADLINE));
      more = more.first(PromotionRun.backToOld(brief, server));
    }
    return new Turn.Next(leading(ahead).at(Phase.PAUSE, frozen, more), steps, List.of());
  }

  /** Only a candidate that may acknowledge itself can stand in for the others. */
  private List<ServerId> ahead() {
    boolean member = brief.safe() && brief.members().contains(candidate);
    return brief.direct().stream()
        .filter(s -> member && !s.equals(candidate) && brief.members().contains(s))
        .filter(s -> brief.fromOld(s).filter(Channel::running).isPresent())
        .toList();
  }

  /** A source that lacks what its replica has would refuse it. */
  private Turn paused(List<Result> results) {
    GtidPosition held = GtidPosition.EMPTY;
    for (Result result : results) {
      if (!(result.outcome() instanceof Outcome.Done d
          && d.evidence() instanceof Evidence.Standing s)) {
        return abandon(couldNot(result));
      }
      held = held.merge(s.received());
    }
    Step reach =
        new Receiving.Drain(
            candidate, brief.channel(candidate), held, brief.policy().switchover().catchUp());
    return new Turn.Next(at(Phase.REACH, frozen, undo), List.of(reach), List.of());
  }

  private Turn reached(Result result) {
    if (!result.outcome().done()) {
      return abandon(couldNot(result));
    }
    List<Step> steps = new ArrayList<>();
    for (ServerId server : following) {
      steps.add(PromotionRun.follow(brief, candidate, server, false, true));
    }
    return new Turn.Next(at(Phase.LEAD, frozen, undo), steps, List.of());
  }

  private Turn led(List<Result> results) {
    for (Result result : results) {
      if (!PromotionRun.connected(result.outcome())) {
        return abandon(couldNot(result));
      }
    }
    return freeze();
  }

  private static String couldNot(Result result) {
    String reason = result.outcome().reason();
    return "could not "
        + result.step().sentence()
        + ": "
        + (reason.isEmpty() ? "it did not connect in time" : reason);
  }

  private Turn freeze() {
    Undo more = undo.first(brief.reopen(scheduler(), brief.oldPosition()));
    Step freeze = new Freezing.Freeze(brief.old(), brief.policy().switchover().freeze());
    return new Turn.Next(
        at(Phase.FREEZE, frozen, more), List.of(freeze), List.of(new Note.WritesHeld()));
  }

  private boolean scheduler() {
    return brief.oldFacts().filter(f -> f.eventScheduler()).isPresent();
  }

  private Turn frozen(Outcome outcome) {
    if (outcome instanceof Outcome.Done d && d.evidence() instanceof Evidence.Position p) {
      Undo exact =
          undo.without(Freezing.Unfreeze.class).first(brief.reopen(scheduler(), p.position()));
      Step drain =
          new Receiving.Drain(
              candidate,
              brief.channel(candidate),
              p.position(),
              brief.policy().switchover().catchUp());
      return new Turn.Next(at(Phase.CATCH_UP, p, exact), List.of(drain), List.of());
    }
    return abandon("could not freeze " + brief.old() + ": " + outcome.reason());
  }

  private Turn caughtUp(Outcome outcome) {
    if (!outcome.done()) {
      return abandon(candidate + " did not reach " + frozen.position() + ": " + outcome.reason());
    }
    Optional<String> skipped = skippedOwn(outcome);
    if (skipped.isPresent()) {
      return abandon(skipped.get());
    }
    List<ServerId> others = new ArrayList<>(brief.direct());
    others.remove(candidate);
    return new PromotionRun(
            brief,
            Kind.SWITCHOVER,
            purpose,
            PromotionRun.Phase.PREPARE,
            candidate,
            frozen.position(),
            others,
            Optional.of(brief.old()),
            new Loss(Loss.Proof.NONE_LOST, 0, OptionalLong.empty(), frozen.position()),
            undo,
            following,
            0)
        .begin();
  }

  /** No position tells: it may have come only now that it caught up (physics 5.3). */
  private Optional<String> skippedOwn(Outcome outcome) {
    return outcome instanceof Outcome.Done d && d.evidence() instanceof Evidence.Standing s
        ? brief
            .facts(candidate)
            .map(f -> s.binlogState().skippedOwn(f.serverId(), s.applied(), frozen.state()))
            .filter(ranges -> !ranges.isEmpty())
            .map(ranges -> candidate + " " + Rescued.skipped(ranges))
        : Optional.empty();
  }

  private Turn abandon(String reason) {
    return undo.because(Kind.SWITCHOVER, reason, true);
  }
}
