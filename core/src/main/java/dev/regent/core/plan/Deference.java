package dev.regent.core.plan;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.model.Policy.Actor;
import dev.regent.core.model.ServerId;
import dev.regent.core.model.Snapshot;
import dev.regent.core.model.Snapshot.View;
import dev.regent.core.model.Topology;
import dev.regent.core.plan.Decision.Act;
import dev.regent.core.plan.Decision.Hold;
import dev.regent.core.plan.Decision.Reason;
import java.util.Optional;

/**
 * Keeps out of a script's way, where a script gives the role away.
 *
 * <p>A role change that somebody else makes is seen half-way: a replica that follows nobody, takes
 * writes, or has others below it. Repairing that would undo the script's work. What no role change
 * looks like is repaired as ever: a former primary that returns, a replica that restarted.
 */
final class Deference {
  private final Snapshot snapshot;

  Deference(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  static boolean owed(Snapshot snapshot) {
    return snapshot.policy().failover().actor() == Actor.SCRIPT;
  }

  /** The decision, or a hold where it would interfere. */
  Decision paid(Diagnosis diagnosis, Decision decision) {
    if (!owed(snapshot) || !(decision instanceof Act)) {
      return decision;
    }
    Optional<String> work = scriptsWork(diagnosis);
    return work.isEmpty()
        ? decision
        : new Hold(
            diagnosis,
            Reason.SCRIPT,
            diagnosis.sentence()
                + "; failover = \"script\": "
                + work.get()
                + ", so it is left alone");
  }

  private Optional<String> scriptsWork(Diagnosis diagnosis) {
    String leads = "the script may be giving it the role";
    return switch (diagnosis) {
      case Diagnosis.Returned d when !primaryWell() -> Optional.of(leads);
      case Diagnosis.ReplicaWritable d -> Optional.of(leads);
      case Diagnosis.Errant d when writable(d.server()) -> Optional.of(leads);
      case Diagnosis.ReplicaDetached d when !d.formerPrimary() -> Optional.of(leads);
      case Diagnosis.ReplicaFollowsWrong d when !isFollower(new ServerId(d.follows())) ->
          Optional.of("the script may be giving the role to " + d.follows());
      default -> Optional.empty();
    };
  }

  private boolean writable(ServerId server) {
    return snapshot.view(server).facts().filter(f -> !f.readOnly()).isPresent();
  }

  private boolean primaryWell() {
    return snapshot.primary().flatMap(View::facts).filter(f -> !f.readOnly()).isPresent();
  }

  private boolean isFollower(ServerId server) {
    return Topology.of(snapshot).sourceOf(server).isPresent();
  }
}
