package dev.regent.core.plan;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.analyze.Loss;
import dev.regent.core.model.Channel;
import dev.regent.core.model.Channel.ThreadState;
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
 * from its first step, or is undone if the old primary lives after all.
 *
 * <p>Nothing is decided before this manager has looked at every server once.
 */
final class Resumption {
  private final Snapshot snapshot;
  private final OpenPlan plan;
  private final Diagnosis diagnosis;
  private final List<Diagnosis> all;

  Resumption(Snapshot snapshot, Diagnosis.PlanInterrupted interrupted, List<Diagnosis> all) {
    this.snapshot = snapshot;
    this.plan = interrupted.plan();
    this.diagnosis = interrupted;
    this.all = all;
  }

  Decision decide() {
    List<ServerId> unseen =
        snapshot.servers().stream().filter(v -> v.latest().isEmpty()).map(View::id).toList();
    if (!unseen.isEmpty()) {
      return waiting("not looked at yet by this manager: " + unseen);
    }
    boolean role =
        plan.kind().equals(Run.Kind.FAILOVER.name())
            || plan.kind().equals(Run.Kind.SWITCHOVER.name());
    if (!role || plan.from().isEmpty()) {
      return act(
          unconfirmed()
              .map(m -> new Recipes(snapshot).acknowledgeAgain(m))
              .orElseGet(() -> close("nothing in it needs to be finished or undone")));
    }
    ServerId old = plan.from().get();
    if (snapshot.record().epoch() == plan.epoch()) {
      ServerId winner = snapshot.record().reign().orElseThrow().primary();
      if (diagnosed(Diagnosis.PrimaryDead.class)) {
        return act(close("its new primary died"));
      }
      return diagnosed(Diagnosis.PrimaryRestarted.class)
          ? act(close("its new primary restarted: diagnosed anew"))
          : finish(winner, PromotionRun.Phase.OPEN, old);
    }
    return plan.reignSentTo().isPresent()
        ? finish(plan.reignSentTo().get(), PromotionRun.Phase.LOOK, old)
        : beforeTheReign(old);
  }

  /**
   * A member whose semi-sync is on although it may not have reconnected since: it looks like one
   * that acknowledges, and does not.
   */
  private Optional<ServerId> unconfirmed() {
    return plan.touched().stream()
        .filter(s -> plan.kind().equals(Run.Kind.SYNC_SET.name()))
        .filter(s -> snapshot.record().syncSet().contains(s))
        .filter(s ->
            snapshot
                .view(s)
                .facts()
                .filter(f -> f.semiSync().replicaEnabled())
                .filter(f -> f.channels().stream().anyMatch(Channel::running))
                .isPresent())
        .findFirst();
  }

  private boolean diagnosed(Class<? extends Diagnosis> kind) {
    return all.stream().anyMatch(kind::isInstance);
  }

  // --- after the point of no return

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
              + " may finish it (failover --force overrules)");
    }
    Brief brief = brief(old);
    boolean switchover = plan.kind().equals(Run.Kind.SWITCHOVER.name());
    Optional<ServerId> demoted =
        switchover && snapshot.view(old).reachable() ? Optional.of(old) : Optional.empty();
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
            followers(brief, winner, phase),
            demoted,
            new Loss(Loss.Proof.LOWER_BOUND, 0, OptionalLong.empty(), held),
            undo(old),
            List.of(),
            0));
  }

  /**
   * Until the reign is stored nobody leaves the sync set: a member that does not answer us may be
   * acknowledging for the new primary already.
   */
  private List<ServerId> followers(Brief brief, ServerId winner, PromotionRun.Phase phase) {
    List<ServerId> followers = new ArrayList<>(brief.direct());
    if (brief.safe() && phase == PromotionRun.Phase.LOOK && !brief.force()) {
      brief.members().stream().filter(m -> !followers.contains(m)).forEach(followers::add);
    }
    plan.touched().stream()
        .filter(s -> !followers.contains(s) && !s.equals(plan.from().orElseThrow()))
        .filter(s -> halfPointed(s, winner))
        .forEach(followers::add);
    followers.remove(winner);
    return followers;
  }

  /**
   * Pointed at the winner and not started: the manager died between two statements of a {@link
   * Receiving.Follow}. Whoever finishes the plan may not be there to repair it afterwards.
   */
  private boolean halfPointed(ServerId server, ServerId winner) {
    return snapshot
        .view(server)
        .facts()
        .filter(f -> !snapshot.record().quarantine().containsKey(server))
        .filter(f -> f.channels().stream().anyMatch(c -> stopped(c) && isFrom(c, winner)))
        .isPresent();
  }

  private static boolean stopped(Channel channel) {
    return channel.io() == ThreadState.NO && !channel.sqlRunning();
  }

  private boolean isFrom(Channel channel, ServerId source) {
    return snapshot.spec().at(channel.source()).filter(s -> s.id().equals(source)).isPresent();
  }

  // --- before it

  private Decision beforeTheReign(ServerId old) {
    View view = snapshot.view(old);
    if (view.facts().filter(f -> !f.readOnly()).isPresent()) {
      return act(undo(old + " is back and writable"));
    }
    if (view.reachable()) {
      return restarted(view)
          ? act(close(old + " restarted: diagnosed anew"))
          : act(undo("it was closed by this plan"));
    }
    if (plan.kind().equals(Run.Kind.SWITCHOVER.name())) {
      return diagnosed(Diagnosis.PrimaryDead.class)
          ? act(close(old + " died meanwhile"))
          : waiting(old + " does not answer; it is undone once it does");
    }
    if (diagnosed(Diagnosis.PrimaryLockedOut.class) || diagnosed(Diagnosis.PrimaryHidden.class)) {
      return act(undo(old + " lives after all"));
    }
    Brief brief = brief(old);
    boolean untouched =
        brief.direct().stream()
            .flatMap(s -> brief.fromOld(s).stream())
            .anyMatch(c -> c.io() == ThreadState.YES);
    if (untouched && !diagnosed(Diagnosis.PrimaryDead.class)) {
      return waiting("the death of " + old + " to be seen again");
    }
    // Else the evidence is stored with the plan: the witnesses are mute because we stopped them.
    return act(FailoverRun.of(brief, "begin " + words() + " from " + old + " again"));
  }

  /**
   * Times tell it, or that what it wrote is elsewhere and not in its log any more: where a clock
   * was set meanwhile, times do not.
   */
  private boolean restarted(View old) {
    ServerFacts facts = old.facts().orElseThrow();
    boolean lostItsEnd =
        snapshot.servers().stream()
            .flatMap(v -> v.facts().stream())
            .filter(f -> f.serverId() != facts.serverId())
            .flatMap(f -> f.binlogState().beyond(facts.binlogState()).stream())
            .anyMatch(r -> r.server() == facts.serverId());
    return lostItsEnd || diagnosed(Diagnosis.PrimaryRestarted.class);
  }

  private Brief brief(ServerId old) {
    return new Brief(snapshot, plan.epoch(), old, plan.to(), plan.force(), false);
  }

  // --- undoing, from the present picture: only what is changed is changed back

  private Run undo(String reason) {
    return new Undoing(kind(), undo(plan.from().orElseThrow()), reason);
  }

  private Undo undo(ServerId old) {
    Undo undo = Undo.NOTHING;
    Brief brief = brief(old);
    for (ServerId server : plan.touched()) {
      boolean replica = !server.equals(old) && snapshot.view(server).reachable();
      if (replica && brief.hasChannel(server)) {
        undo = letGo(undo, brief, server);
      }
    }
    return snapshot.view(old).facts().isPresent() ? reopen(undo, brief, old) : undo;
  }

  private Undo letGo(Undo undo, Brief brief, ServerId server) {
    ServerFacts facts = snapshot.view(server).facts().orElseThrow();
    Optional<Channel> channel = brief.fromOld(server);
    Undo more = undo;
    if (channel.isEmpty()) {
      // It was pointed at the candidate already; a dead primary cannot take it back.
      boolean back = snapshot.view(brief.old()).reachable();
      more = back ? more.first(PromotionRun.backToOld(brief, server)) : more;
    } else if (channel.get().io() == ThreadState.NO && channel.get().sqlRunning()) {
      more = more.first(new Receiving.StartReceiving(server, channel.get().name()));
    } else if (channel.get().io() == ThreadState.NO) {
      boolean applied = facts.applied().covers(channel.get().received());
      more =
          applied
              ? more.first(new Receiving.StartReplication(server, channel.get().name()))
              : more.leaving(server);
    }
    return facts.semiSync().primaryEnabled()
        ? more.first(new Promoting.SetSemiSyncPrimary(server, false, 0, false))
        : more;
  }

  private Undo reopen(Undo undo, Brief brief, ServerId old) {
    ServerFacts facts = snapshot.view(old).facts().orElseThrow();
    Undo more = undo;
    // One that restarted must not get the role by an undo: others may have more than it.
    if (facts.readOnly() && !restarted(snapshot.view(old))) {
      boolean scheduler =
          snapshot.servers().stream()
              .anyMatch(v -> v.facts().filter(ServerFacts::eventScheduler).isPresent());
      more = more.first(brief.reopen(scheduler, brief.oldPosition()));
    }
    return brief.hasChannel(old) ? PromotionRun.restored(more, brief, old) : more;
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

  private Decision waiting(String what) {
    return new Decision.Hold(diagnosis, Decision.Reason.WAITING, what);
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
