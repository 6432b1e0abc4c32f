package dev.regent.core.plan;

import dev.regent.core.analyze.Loss;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.ServerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A planned role change (DESIGN 8): check, freeze, catch up, check again, promote. Before the reign
 * row leaves, everything is undone on trouble and the old primary writes on.
 */
record SwitchoverRun(
    Brief brief, String purpose, Phase phase, ServerId candidate, GtidPosition frozen, Undo undo)
    implements Run {

  enum Phase {
    CHECK,
    FREEZE,
    CATCH_UP,
    CHECK_FROZEN
  }

  static SwitchoverRun of(Brief brief, String purpose, ServerId candidate) {
    return new SwitchoverRun(
        brief, purpose, Phase.CHECK, candidate, GtidPosition.EMPTY, Undo.NOTHING);
  }

  private SwitchoverRun at(Phase next, GtidPosition position, Undo more) {
    return new SwitchoverRun(brief, purpose, next, candidate, position, more);
  }

  @Override
  public Kind kind() {
    return Kind.SWITCHOVER;
  }

  @Override
  public Turn begin() {
    Step check =
        new Freezing.CheckPrimary(brief.old(), brief.policy().switchover().longTransaction());
    return new Turn.Next(at(Phase.CHECK, frozen, undo), List.of(check), List.of());
  }

  @Override
  public Turn after(List<Result> results) {
    Outcome outcome = results.getFirst().outcome();
    return switch (phase) {
      case CHECK -> checked(outcome);
      case FREEZE -> frozen(outcome);
      case CATCH_UP -> caughtUp(outcome);
      case CHECK_FROZEN -> stillFrozen(outcome);
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
    boolean scheduler = brief.oldFacts().filter(f -> f.eventScheduler()).isPresent();
    Undo more = undo.first(new Freezing.Unfreeze(brief.old(), scheduler));
    Step freeze = new Freezing.Freeze(brief.old(), brief.policy().switchover().freeze());
    return new Turn.Next(
        at(Phase.FREEZE, frozen, more), List.of(freeze), List.of(new Note.WritesHeld()));
  }

  private Turn frozen(Outcome outcome) {
    if (outcome instanceof Outcome.Done d && d.evidence() instanceof Evidence.Position p) {
      Step drain =
          new Receiving.Drain(
              candidate,
              brief.channel(candidate),
              p.position(),
              brief.policy().switchover().catchUp());
      return new Turn.Next(at(Phase.CATCH_UP, p.position(), undo), List.of(drain), List.of());
    }
    return abandon("could not freeze " + brief.old() + ": " + outcome.reason());
  }

  private Turn caughtUp(Outcome outcome) {
    if (!outcome.done()) {
      return abandon(candidate + " did not reach " + frozen + ": " + outcome.reason());
    }
    Step check = new Freezing.CheckFrozen(brief.old(), frozen);
    return new Turn.Next(at(Phase.CHECK_FROZEN, frozen, undo), List.of(check), List.of());
  }

  private Turn stillFrozen(Outcome outcome) {
    if (!outcome.done()) {
      return abandon(brief.old() + " did not stay frozen: " + outcome.reason());
    }
    List<ServerId> others = new ArrayList<>(brief.direct());
    others.remove(candidate);
    return new PromotionRun(
            brief,
            Kind.SWITCHOVER,
            purpose,
            PromotionRun.Phase.PREPARE,
            candidate,
            frozen,
            others,
            Optional.of(brief.old()),
            new Loss(Loss.Proof.NONE_LOST, 0, OptionalLong.empty(), frozen),
            undo,
            List.of(),
            0)
        .begin();
  }

  private Turn abandon(String reason) {
    return undo.because(Kind.SWITCHOVER, reason, true);
  }
}
