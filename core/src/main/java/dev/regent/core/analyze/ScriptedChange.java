package dev.regent.core.analyze;

import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.Observation.Missed;
import dev.regent.core.model.Policy.Actor;
import dev.regent.core.model.Policy.Detection;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerId;
import dev.regent.core.model.Snapshot;
import dev.regent.core.model.Snapshot.View;
import dev.regent.core.model.Topology;
import java.util.List;
import java.util.Optional;

/**
 * Whether a script gave the role to another server, in a cluster where that is its work.
 *
 * <p>There must be no guess in it: one other server takes writes and receives from nobody here, and
 * the primary of the stored reign is lost, closed, or follows another server. While that one may
 * live and take writes, two servers lead, and neither is chosen.
 */
final class ScriptedChange {
  private ScriptedChange() {}

  /**
   * @param watched what is known of the primary if it does not answer
   */
  static List<Diagnosis> judge(Snapshot snapshot, View primary, List<Diagnosis> watched) {
    if (snapshot.policy().failover().actor() != Actor.SCRIPT) {
      return List.of();
    }
    List<ServerId> writable =
        snapshot.others().stream()
            .filter(v -> v.facts().filter(f -> !f.readOnly()).isPresent())
            .map(View::id)
            .toList();
    if (writable.size() != 1
        || receives(snapshot, writable.getFirst())
        || !gaveItUp(snapshot, primary, watched)) {
      return List.of();
    }
    ServerId successor = writable.getFirst();
    return List.of(
        new Diagnosis.AdoptablePrimary(
            successor, Topology.of(snapshot).replicasOf(successor), Optional.of(primary.id())));
  }

  private static boolean receives(Snapshot snapshot, ServerId server) {
    ServerFacts facts = snapshot.view(server).facts().orElseThrow();
    return facts.channels().stream()
        .anyMatch(c -> c.io() != ThreadState.NO && snapshot.spec().at(c.source()).isPresent());
  }

  private static boolean gaveItUp(Snapshot snapshot, View primary, List<Diagnosis> watched) {
    if (primary.facts().isPresent()) {
      boolean follows = Topology.of(snapshot).sourceOf(primary.id()).isPresent();
      return primary.facts().get().readOnly() || follows;
    }
    return primary.missed().filter(m -> longEnough(snapshot, primary, m)).isPresent()
        && watched.stream().anyMatch(ScriptedChange::saysLost);
  }

  private static boolean longEnough(Snapshot snapshot, View primary, Missed missed) {
    Detection detection = snapshot.policy().detection();
    boolean silent =
        snapshot
                .now()
                .since(primary.missingSince().orElse(missed.at()))
                .compareTo(detection.silence())
            >= 0;
    return silent || (missed.kind().crash() && primary.misses() >= detection.confirmations());
  }

  /** Whoever could testify to its life was taken elsewhere by the script, or lost it too. */
  private static boolean saysLost(Diagnosis diagnosis) {
    return diagnosis instanceof Diagnosis.PrimaryDead
        || diagnosis instanceof Diagnosis.PrimaryUnwitnessed
        || diagnosis instanceof Diagnosis.PrimaryLostInOutage;
  }
}
