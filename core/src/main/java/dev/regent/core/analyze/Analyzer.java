package dev.regent.core.analyze;

import dev.regent.core.model.ClusterRecord.OpenPlan;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerId;
import dev.regent.core.model.Snapshot;
import dev.regent.core.model.Snapshot.View;
import dev.regent.core.model.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Lists every diagnosis that holds, most important first: who is primary, whether it lives, whether
 * it can do its work, what a dead manager left behind, then the replicas in configured order.
 */
public final class Analyzer {
  private Analyzer() {}

  /**
   * @param planRunning a plan of this process is at work now: the open plan is no interrupted one
   */
  public static List<Diagnosis> diagnose(Snapshot snapshot, boolean planRunning) {
    List<Diagnosis> found = new ArrayList<>();
    Optional<OpenPlan> open = snapshot.record().plan();
    if (open.isPresent() && !planRunning) {
      found.add(new Diagnosis.PlanInterrupted(open.get()));
    }
    Optional<View> primary = snapshot.primary();
    if (primary.isEmpty()) {
      found.add(adoption(snapshot));
    } else {
      List<Diagnosis> watched = PrimaryWatch.judge(snapshot, primary.get());
      found.addAll(ScriptedChange.judge(snapshot, primary.get(), watched));
      found.addAll(watched);
      found.addAll(PrimaryHealth.judge(snapshot, primary.get()));
      found.addAll(ReplicaHealth.judge(snapshot, primary.get()));
    }
    found.addAll(leftBehind(snapshot, planRunning));
    found.addAll(duplicates(snapshot));
    return found;
  }

  private static List<Diagnosis> leftBehind(Snapshot snapshot, boolean planRunning) {
    List<Diagnosis> found = new ArrayList<>();
    if (!planRunning) {
      snapshot
          .record()
          .relaxed()
          .forEach(
              (server, original) -> found.add(new Diagnosis.DurabilityRelaxed(server, original)));
    }
    return found;
  }

  /** Nothing is stored: name the primary only if there is no guess in it (DESIGN 5). */
  private static Diagnosis adoption(Snapshot snapshot) {
    List<ServerId> unknown =
        snapshot.servers().stream().filter(v -> !v.reachable()).map(View::id).toList();
    List<ServerId> writable =
        snapshot.servers().stream()
            .filter(v -> v.facts().filter(f -> !f.readOnly()).isPresent())
            .map(View::id)
            .toList();
    if (writable.size() > 1) {
      return new Diagnosis.SeveralWritable(writable, Optional.empty());
    }
    if (writable.isEmpty()) {
      return new Diagnosis.NoPrimaryKnown(
          unknown.size() == snapshot.servers().size()
              ? "no server answers yet"
              : "no server is writable and no reign is stored");
    }
    if (!unknown.isEmpty()) {
      return new Diagnosis.NoPrimaryKnown(
          writable.getFirst()
              + " is writable, but "
              + Words.join(unknown)
              + " could be too: not reached yet");
    }
    ServerId candidate = writable.getFirst();
    Topology topology = Topology.of(snapshot);
    if (topology.sourceOf(candidate).isPresent()) {
      return new Diagnosis.NoPrimaryKnown(candidate + " is writable but follows another server");
    }
    List<ServerId> replicas = topology.replicasOf(candidate);
    if (replicas.isEmpty() && snapshot.servers().size() > 1) {
      return new Diagnosis.NoPrimaryKnown(candidate + " is writable but nobody follows it");
    }
    return new Diagnosis.AdoptablePrimary(candidate, replicas, Optional.empty());
  }

  private static List<Diagnosis> duplicates(Snapshot snapshot) {
    Map<Long, List<ServerId>> byId = new TreeMap<>();
    for (View view : snapshot.servers()) {
      Optional<ServerFacts> facts = view.seen().map(s -> s.facts());
      facts.ifPresent(
          f -> byId.computeIfAbsent(f.serverId(), id -> new ArrayList<>()).add(view.id()));
    }
    List<Diagnosis> found = new ArrayList<>();
    byId.forEach((id, servers) -> {
      if (servers.size() > 1) {
        found.add(new Diagnosis.DuplicateServerIds(servers, id));
      }
    });
    return found;
  }
}
