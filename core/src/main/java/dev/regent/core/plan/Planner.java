package dev.regent.core.plan;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.analyze.Diagnosis.ReplicaStopped.Stopper;
import dev.regent.core.analyze.Words;
import dev.regent.core.model.Channel;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.GtidState;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerId;
import dev.regent.core.model.Snapshot;
import dev.regent.core.model.Snapshot.View;
import dev.regent.core.plan.Decision.Act;
import dev.regent.core.plan.Decision.Hold;
import dev.regent.core.plan.Decision.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Turns each diagnosis into an act or a hold. Diagnoses without a remedy of ours give neither: they
 * are only reported. The list keeps the diagnoses' order, so its first act is the one that matters.
 */
public final class Planner {
  private final Snapshot snapshot;
  private final Recipes recipes;
  private final Succession succession;
  private final Deference deference;

  public Planner(Snapshot snapshot) {
    this.snapshot = snapshot;
    this.recipes = new Recipes(snapshot);
    this.succession = new Succession(snapshot);
    this.deference = new Deference(snapshot);
  }

  public List<Decision> decide(List<Diagnosis> diagnoses) {
    List<Decision> decisions = new ArrayList<>();
    for (Diagnosis diagnosis : diagnoses) {
      decide(diagnosis, diagnoses)
          .map(d -> deference.paid(diagnosis, d))
          .map(d -> guarded(diagnosis, d))
          .ifPresent(decisions::add);
    }
    return decisions;
  }

  /** Guards that hold back every automatic act, each with its reason. */
  private Decision guarded(Diagnosis diagnosis, Decision decision) {
    // To write down that a server is whole touches no server.
    if (!(decision instanceof Act) || diagnosis instanceof Diagnosis.RejoinProven) {
      return decision;
    }
    // What an operator ordered is finished or undone even so.
    boolean ordered = diagnosis instanceof Diagnosis.PlanInterrupted p && !p.plan().automatic();
    if (snapshot.record().pause().isPresent() && !ordered) {
      var pause = snapshot.record().pause().get();
      return new Hold(diagnosis, Reason.PAUSED, "paused by " + pause.by() + ": " + pause.reason());
    }
    Optional<ServerId> subject = diagnosis.subject();
    if (subject.isPresent() && snapshot.inMaintenance(subject.get())) {
      var maintenance = snapshot.record().maintenance().get(subject.get());
      return new Hold(
          diagnosis,
          Reason.MAINTENANCE,
          subject.get() + " is in maintenance by " + (maintenance == null ? "" : maintenance.by()));
    }
    return decision;
  }

  private Optional<Decision> decide(Diagnosis diagnosis, List<Diagnosis> all) {
    return switch (diagnosis) {
      case Diagnosis.AdoptablePrimary d -> act(d, recipes.adopt(d));
      case Diagnosis.NoPrimaryKnown d -> hold(d, Reason.OPERATOR_DECIDES, d.sentence());
      case Diagnosis.SeveralWritable d ->
          d.primary().isPresent()
              ? Optional.empty()
              : hold(d, Reason.SPLIT_BRAIN, "which of them is primary is not guessed");
      case Diagnosis.PrimaryWell d -> Optional.empty();
      case Diagnosis.PrimarySuspected d -> hold(d, Reason.WAITING, d.sentence());
      case Diagnosis.PrimaryDead d -> Optional.of(succession.afterDeath(d));
      case Diagnosis.PrimaryHidden d -> hold(d, Reason.PRIMARY_LIVES, d.sentence());
      case Diagnosis.PrimaryLockedOut d -> hold(d, Reason.PRIMARY_LIVES, d.sentence());
      case Diagnosis.PrimaryUnwitnessed d ->
          hold(d, Reason.NO_WITNESS, d.sentence() + " (failover --force overrules)");
      case Diagnosis.PrimaryUntested d -> act(d, recipes.test(d));
      case Diagnosis.ClusterDown d -> hold(d, Reason.NO_WITNESS, d.sentence());
      case Diagnosis.PrimaryRestarted d -> Optional.of(succession.afterRestart(d));
      case Diagnosis.PrimaryLostInOutage d -> Optional.of(succession.afterOutage(d));
      case Diagnosis.PrimaryReadOnly d ->
          hold(d, Reason.OPERATOR_DECIDES, d.sentence() + "; open it, or order a switchover");
      case Diagnosis.PrimaryCannotWrite d ->
          hold(d, Reason.OPERATOR_DECIDES, d.sentence() + "; order a switchover or a failover");
      case Diagnosis.PrimaryFollows d -> act(d, recipes.forgetSource(d));
      case Diagnosis.SemiSyncBlocked d -> unblock(d);
      case Diagnosis.SemiSyncUnprotected d -> protect(d);
      case Diagnosis.SyncMemberSilent d -> acknowledgeAgain(d);
      case Diagnosis.SyncStranger d -> act(d, recipes.join(d));
      case Diagnosis.EventsStopped d -> hold(d, Reason.OPERATOR_DECIDES, d.sentence());
      case Diagnosis.PlanInterrupted d -> Optional.of(new Resumption(snapshot, d, all).decide());
      case Diagnosis.DurabilityRelaxed d ->
          reachable(d.server()) ? act(d, recipes.restoreDurability(d)) : Optional.empty();
      case Diagnosis.Returned d -> act(d, recipes.fence(d));
      case Diagnosis.ReplicaDetached d ->
          snapshot.policy().automaticRejoin()
              ? attach(d, d.server(), d.formerPrimary())
              : hold(d, Reason.MANUAL, d.sentence() + "; regent rejoin does it");
      case Diagnosis.Errant d -> primaryWell() ? act(d, recipes.isolate(d)) : Optional.empty();
      case Diagnosis.ReplicaWritable d ->
          primaryWell() ? act(d, recipes.close(d.server())) : Optional.empty();
      case Diagnosis.ReplicaFollowsWrong d ->
          snapshot.spec().find(new ServerId(d.follows())).isPresent()
              ? attach(d, d.server(), false)
              : hold(d, Reason.OPERATOR_DECIDES, d.sentence());
      case Diagnosis.ReplicaStopped d ->
          d.stopper() != Stopper.SOMEBODY
              ? attach(d, d.server(), false)
              : hold(d, Reason.OPERATOR_DECIDES, d.sentence() + "; regent rejoin starts it");
      case Diagnosis.ReplicaBroken d -> hold(d, Reason.OPERATOR_DECIDES, d.sentence());
      case Diagnosis.ReplicaConnecting d ->
          primaryWell() ? act(d, recipes.restartReceiving(d)) : Optional.empty();
      case Diagnosis.ReplicaLate d -> Optional.empty();
      case Diagnosis.ReplicaUnreachable d -> Optional.empty();
      case Diagnosis.ReplicaMisses d -> act(d, recipes.isolate(d));
      case Diagnosis.RejoinProven d ->
          d.below().isEmpty()
              ? act(d, recipes.verified(d))
              : hold(d, Reason.OPERATOR_DECIDES, awaiting(d));
      case Diagnosis.RelayDead d -> primaryWell() ? act(d, recipes.repoint(d)) : Optional.empty();
      case Diagnosis.MultiSource d -> Optional.empty();
      case Diagnosis.Unfit d -> Optional.empty();
      case Diagnosis.DuplicateServerIds d -> hold(d, Reason.OPERATOR_DECIDES, d.sentence());
      case Diagnosis.Quarantined d ->
          hold(d, Reason.OPERATOR_DECIDES, d.sentence() + "; rebuild it, then regent rejoin");
    };
  }

  private static Optional<Decision> act(Diagnosis diagnosis, Run run) {
    return Optional.of(new Act(diagnosis, run));
  }

  private static Optional<Decision> hold(Diagnosis diagnosis, Reason reason, String why) {
    return Optional.of(new Hold(diagnosis, reason, why));
  }

  /** What still hangs below it is pointed elsewhere first, or it would look like a relay. */
  private static String awaiting(Diagnosis.RejoinProven d) {
    return d.sentence()
        + "; but "
        + Words.join(d.below())
        + " followed it when last seen, and does not answer since: bring it back, or give it up"
        + " with regent rejoin "
        + d.server();
  }

  // --- repairs

  private Optional<Decision> attach(Diagnosis d, ServerId server, boolean former) {
    return primaryWell() && reachable(server)
        ? act(d, recipes.attach(server, former))
        : Optional.empty();
  }

  private Optional<Decision> acknowledgeAgain(Diagnosis.SyncMemberSilent d) {
    Optional<ServerFacts> facts = snapshot.view(d.server()).facts();
    if (facts.isEmpty() || !snapshot.policy().replication().manageSemiSync()) {
      return Optional.empty();
    }
    boolean heldOut = snapshot.record().quarantine().containsKey(d.server());
    if (heldOut || !snapshot.spec().server(d.server()).synchronous()) {
      return leave(d);
    }
    return followsWell(facts.get())
        ? act(d, recipes.acknowledgeAgain(d.server()))
        : Optional.empty();
  }

  /** The last member cannot leave: nobody could acknowledge any more. */
  private Optional<Decision> leave(Diagnosis.SyncMemberSilent d) {
    List<ServerId> rest = new ArrayList<>(snapshot.record().syncSet());
    rest.remove(d.server());
    boolean somebody = rest.stream().anyMatch(this::reachable);
    return somebody
        ? act(d, recipes.leave(d.server()))
        : hold(d, Reason.OPERATOR_DECIDES, d.sentence() + "; it is the last sync member");
  }

  private static boolean followsWell(ServerFacts facts) {
    return facts.channels().stream().anyMatch(Channel::running);
  }

  /** Nobody is told OK for anything but what a member proves to have (physics 4.3). */
  private Optional<Decision> unblock(Diagnosis.SemiSyncBlocked d) {
    boolean safe = snapshot.policy().profile() == Profile.SAFE;
    if (safe && d.receipt().isPresent() && snapshot.policy().replication().manageSemiSync()) {
      return act(d, recipes.passOn(d, d.receipt().get()));
    }
    String connected =
        safe
            ? "its members seem connected, and none shows that it has received all that waits: the"
                + " network between them may be cut"
            : "its replicas seem connected; the wait ends with its limit";
    String why = d.absent().isEmpty() ? connected : "bring one of them back";
    return hold(d, Reason.OPERATOR_DECIDES, d.sentence() + "; " + why);
  }

  /** Endless waiting is switched on only once somebody is there to acknowledge (physics 4.3). */
  private Optional<Decision> protect(Diagnosis.SemiSyncUnprotected d) {
    if (!snapshot.policy().replication().manageSemiSync()) {
      return Optional.empty();
    }
    boolean somebody =
        snapshot.record().syncSet().stream()
            .anyMatch(m ->
                snapshot
                    .view(m)
                    .facts()
                    .filter(f -> f.semiSync().replicaEnabled() && followsWell(f))
                    .isPresent());
    boolean needed = snapshot.policy().profile() == Profile.SAFE;
    return !needed || somebody
        ? act(d, recipes.protect(d.server()))
        : hold(d, Reason.WAITING, "no sync member acknowledges yet");
  }

  private boolean reachable(ServerId server) {
    return snapshot.view(server).reachable();
  }

  private boolean primaryWell() {
    return snapshot.primary().flatMap(View::facts).filter(f -> !f.readOnly()).isPresent();
  }

  /** The server a run wants to promote, where that is settled before it begins. */
  public static Optional<ServerId> target(Run run) {
    return run instanceof SwitchoverRun s ? Optional.of(s.candidate()) : Optional.empty();
  }

  // --- what an operator orders

  /** A failover by command. Without force it follows the same evidence as an automatic one. */
  public Decision failOver(List<Diagnosis> diagnoses, Wish wish) {
    Optional<View> primary = snapshot.primary();
    if (primary.isEmpty()) {
      Diagnosis d = diagnoses.getFirst();
      return new Hold(d, Reason.OPERATOR_DECIDES, "no reign is stored: " + d.sentence());
    }
    ServerId old = primary.get().id();
    for (Diagnosis d : diagnoses) {
      if (d instanceof Diagnosis.PrimaryRestarted restarted) {
        return succession.again(restarted, wish);
      }
    }
    Optional<Diagnosis> dead =
        diagnoses.stream()
            .filter(d ->
                d instanceof Diagnosis.PrimaryDead
                    || d instanceof Diagnosis.PrimaryCannotWrite
                    || d instanceof Diagnosis.PrimaryLostInOutage)
            .findFirst();
    Diagnosis why = dead.orElse(about(old, diagnoses));
    if (dead.isEmpty() && !wish.force()) {
      return new Hold(
          why,
          why instanceof Diagnosis.PrimaryUnwitnessed ? Reason.NO_WITNESS : Reason.PRIMARY_LIVES,
          why.sentence()
              + (primaryWell() ? "; order a switchover instead" : "")
              + "; --force goes on without proof of death");
    }
    return succession.failover(why, old, wish);
  }

  private Diagnosis about(ServerId server, List<Diagnosis> diagnoses) {
    return diagnoses.stream()
        .filter(d -> d.subject().filter(server::equals).isPresent())
        .findFirst()
        .orElse(diagnoses.getFirst());
  }

  /** A switchover by command; every objection that can be seen from here is named at once. */
  public Decision switchOver(List<Diagnosis> diagnoses, Wish wish) {
    Optional<View> primary = snapshot.primary();
    if (primary.isEmpty() || !primaryWell()) {
      Diagnosis d = diagnoses.getFirst();
      return new Hold(d, Reason.OPERATOR_DECIDES, "the primary is not well: " + d.sentence());
    }
    ServerId old = primary.get().id();
    Diagnosis why = about(old, diagnoses);
    if (wish.to().filter(old::equals).isPresent()) {
      return new Hold(why, Reason.NO_CANDIDATE, old + " is the primary already");
    }
    Brief brief =
        new Brief(snapshot, snapshot.record().nextEpoch(), old, wish.to(), wish.force(), false);
    List<String> objections = new ArrayList<>();
    Optional<ServerId> candidate =
        candidates(brief).filter(c -> objections(brief, c, objections)).findFirst();
    if (candidate.isEmpty()) {
      return new Hold(
          why,
          Reason.NO_CANDIDATE,
          objections.isEmpty() ? "no replica answers" : String.join("; ", objections));
    }
    return new Act(
        why,
        SwitchoverRun.of(
            brief, "switch over from " + old + " to " + candidate.get(), candidate.get()));
  }

  private java.util.stream.Stream<ServerId> candidates(Brief brief) {
    return brief.direct().stream()
        .filter(c -> brief.wanted().isEmpty() || brief.wanted().get().equals(c))
        .sorted(
            Comparator.comparing((ServerId c) -> snapshot.spec().server(c).preference())
                .thenComparingInt(c -> -snapshot.spec().server(c).priority())
                .thenComparingInt(
                    c -> snapshot.spec().servers().indexOf(snapshot.spec().server(c))));
  }

  /** Whether this candidate can take the role now; if not, why, added to the list. */
  private boolean objections(Brief brief, ServerId candidate, List<String> objections) {
    ServerFacts facts = snapshot.view(candidate).facts().orElseThrow();
    List<String> found = new ArrayList<>(brief.fitness(facts));
    ClusterSpec.Server spec = snapshot.spec().server(candidate);
    boolean asked = brief.wanted().isPresent();
    if (spec.preference() == ClusterSpec.Preference.NEVER && !asked) {
      found.add("it is configured never to be primary");
    }
    if (snapshot.inMaintenance(candidate)) {
      found.add("it is in maintenance");
    }
    if (snapshot.record().relaxed().containsKey(candidate)) {
      found.add("a drain left its durability relaxed, which has to be restored first");
    }
    if (!brief.fromOld(candidate).filter(Channel::running).isPresent()) {
      found.add("its replication does not run");
    }
    long lag = facts.lagSeconds().orElse(0);
    if (lag > snapshot.policy().switchover().lagMaxSeconds() && !brief.force()) {
      found.add("it lags " + lag + " s");
    }
    if (!snapshot.view(candidate).lead().orElse(List.of()).isEmpty()) {
      found.add("it has errant transactions");
    }
    primaryState()
        .map(p -> facts.binlogState().skippedOwn(facts.serverId(), facts.applied(), p))
        .filter(ranges -> !ranges.isEmpty())
        // By force neither: the primary has them, and is well.
        .ifPresent(ranges -> found.add("it " + Rescued.skipped(ranges) + "; rebuild it"));
    if (!found.isEmpty()) {
      objections.add(candidate + ": " + String.join(", ", found));
    }
    return found.isEmpty();
  }

  private Optional<GtidState> primaryState() {
    return snapshot.primary().flatMap(View::facts).map(ServerFacts::binlogState);
  }

  /** Bring one server back by command. */
  public Decision rejoin(List<Diagnosis> diagnoses, ServerId server) {
    for (Diagnosis d : diagnoses) {
      if (d instanceof Diagnosis.RejoinProven proven && proven.server().equals(server)) {
        return new Act(proven, recipes.verified(proven));
      }
    }
    Diagnosis why = about(server, diagnoses);
    View view = snapshot.view(server);
    if (snapshot.record().isPrimary(server)) {
      return new Hold(why, Reason.OPERATOR_DECIDES, server + " is the primary");
    }
    if (!view.reachable() || !primaryWell()) {
      return new Hold(
          why,
          Reason.OPERATOR_DECIDES,
          view.reachable() ? "the primary is not well" : server + " does not answer");
    }
    if (view.lead().isEmpty()) {
      return new Hold(why, Reason.WAITING, server + " was not compared with the primary yet");
    }
    if (!view.lead().get().isEmpty()) {
      Diagnosis errant = new Diagnosis.Errant(server, view.lead().get(), false);
      return new Hold(
          errant, Reason.OPERATOR_DECIDES, errant.sentence() + "; rebuild it from a copy");
    }
    return new Act(why, recipes.attach(server, false));
  }
}
