package dev.regent.core.plan;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.analyze.Loss;
import dev.regent.core.model.ClusterRecord.OpenPlan;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerId;
import dev.regent.core.model.Snapshot;
import dev.regent.core.model.Snapshot.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What becomes of a plan whose manager died: finished or undone, from where it stands.
 *
 * <p>The point of no return decides. The reign is stored: finish. The reign row may have been sent:
 * look on that server; only it may finish. Neither: a switchover is undone, a failover begins again
 * from its first step, or is let go if the old primary is back.
 */
final class Resumption {
  private final Snapshot snapshot;
  private final OpenPlan plan;
  private final Diagnosis diagnosis;

  Resumption(Snapshot snapshot, Diagnosis.PlanInterrupted interrupted) {
    this.snapshot = snapshot;
    this.plan = interrupted.plan();
    this.diagnosis = interrupted;
  }

  Decision decide() {
    boolean role =
        plan.kind().equals(Run.Kind.FAILOVER.name())
            || plan.kind().equals(Run.Kind.SWITCHOVER.name());
    if (!role || plan.from().isEmpty()) {
      return act(close("nothing in it needs to be finished or undone"));
    }
    List<ServerId> unprobed =
        snapshot.servers().stream().filter(v -> v.latest().isEmpty()).map(View::id).toList();
    if (!unprobed.isEmpty()) {
      // What is not seen cannot be put back, and would be forgotten with the plan.
      return new Decision.Hold(
          diagnosis, Decision.Reason.WAITING, "not probed yet by this manager: " + unprobed);
    }
    ServerId old = plan.from().get();
    if (snapshot.record().epoch() == plan.epoch()) {
      ServerId winner = snapshot.record().reign().orElseThrow().primary();
      return finish(winner, PromotionRun.Phase.OPEN, old);
    }
    if (plan.reignSentTo().isPresent()) {
      return finish(plan.reignSentTo().get(), PromotionRun.Phase.LOOK, old);
    }
    return beforeTheReign(old);
  }

  private Decision finish(ServerId winner, PromotionRun.Phase phase, ServerId old) {
    if (!snapshot.view(winner).reachable()) {
      return new Decision.Hold(
          diagnosis,
          Decision.Reason.OPERATOR_DECIDES,
          "epoch "
              + plan.epoch()
              + " may have begun on "
              + winner
              + ", which does not answer: only "
              + winner
              + " may finish it");
    }
    Brief brief = brief(old);
    boolean switchover = plan.kind().equals(Run.Kind.SWITCHOVER.name());
    Optional<ServerId> demoted =
        switchover && snapshot.view(old).reachable() ? Optional.of(old) : Optional.empty();
    List<ServerId> others = new ArrayList<>(brief.direct());
    others.remove(winner);
    GtidPosition held =
        snapshot.view(winner).facts().map(ServerFacts::applied).orElse(GtidPosition.EMPTY);
    return act(
        new PromotionRun(
            brief,
            kind(),
            "finish " + words() + " to " + winner,
            phase,
            winner,
            held,
            others,
            demoted,
            new Loss(Loss.Proof.LOWER_BOUND, 0, OptionalLong.empty(), held),
            undo(old, winner),
            List.of(),
            0));
  }

  private Decision beforeTheReign(ServerId old) {
    View view = snapshot.view(old);
    boolean writable = view.facts().filter(f -> !f.readOnly()).isPresent();
    boolean switchover = plan.kind().equals(Run.Kind.SWITCHOVER.name());
    if (switchover) {
      return view.missed().isPresent()
          ? act(close(old + " does not answer any more: diagnosed anew"))
          : act(undo("the manager died before the point of no return"));
    }
    if (writable) {
      return act(undo(old + " is back and writable"));
    }
    if (view.reachable()) {
      return act(close(old + " is back, closed: diagnosed anew"));
    }
    if (view.missed().get().kind().provesLife()) {
      return act(undo(old + " lives after all"));
    }
    // The evidence is stored with the plan: the replicas' threads are stopped by us, not silent.
    return act(FailoverRun.of(brief(old), "begin " + words() + " from " + old + " again"));
  }

  private Brief brief(ServerId old) {
    return new Brief(snapshot, plan.epoch(), old, plan.to(), plan.force(), false);
  }

  private Run undo(String reason) {
    ServerId old = plan.from().orElseThrow();
    return new Undoing(kind(), undo(old, plan.to().orElse(old)), reason);
  }

  /** From the present picture: only what is changed is changed back. */
  private Undo undo(ServerId old, ServerId candidate) {
    Undo undo = Undo.NOTHING;
    Brief brief = brief(old);
    for (ServerId server : brief.direct()) {
      ServerFacts facts = snapshot.view(server).facts().orElseThrow();
      var channel = brief.fromOld(server).orElseThrow();
      boolean stopped = channel.io() == dev.regent.core.model.Channel.ThreadState.NO;
      boolean applied = facts.applied().covers(channel.received());
      if (stopped && channel.sqlRunning()) {
        undo = undo.first(new Receiving.StartReceiving(server, channel.name()));
      } else if (stopped && applied && plan.touched().contains(server)) {
        undo = undo.first(new Receiving.StartReplication(server, channel.name()));
      } else if (stopped) {
        undo = undo.leaving(server);
      }
      boolean semiSync = candidate.equals(server);
      if (semiSync && facts.semiSync().primaryEnabled()) {
        undo = undo.first(new Promoting.SetSemiSyncPrimary(server, false, 0, false));
      }
    }
    boolean closed = snapshot.view(old).facts().filter(ServerFacts::readOnly).isPresent();
    if (closed && plan.kind().equals(Run.Kind.SWITCHOVER.name())) {
      boolean scheduler =
          snapshot.servers().stream()
              .anyMatch(v -> v.facts().filter(ServerFacts::eventScheduler).isPresent());
      undo = undo.first(new Freezing.Unfreeze(old, scheduler));
    }
    return undo;
  }

  private Run.Kind kind() {
    return Run.Kind.valueOf(plan.kind());
  }

  private String words() {
    return "the interrupted " + kind().words();
  }

  private Decision act(Run run) {
    return new Decision.Act(diagnosis, run);
  }

  private Run close(String reason) {
    return new Undoing(Run.Kind.REPAIR, Undo.NOTHING, "interrupted plan closed: " + reason);
  }

  /** A run that only undoes. */
  record Undoing(Run.Kind kind, Undo undo, String purpose) implements Run {
    @Override
    public Turn begin() {
      return undo.because(kind, purpose, false);
    }

    @Override
    public Turn after(List<Result> results) {
      return new Turn.Finished(purpose, List.of());
    }
  }
}
