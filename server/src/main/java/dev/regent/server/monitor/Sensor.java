package dev.regent.server.monitor;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.control.Picture;
import dev.regent.core.model.ClusterRecord.Reign;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Moment;
import dev.regent.core.model.Observation;
import dev.regent.core.model.Observation.Missed;
import dev.regent.core.model.Policy.Detection;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerId;
import dev.regent.core.model.Snapshot.View;
import dev.regent.core.model.Topology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Turns pictures into the states that events are derived from.
 *
 * <p>What is told must be so: a script acts on it. The primary is down when it is diagnosed dead,
 * not when it misses a probe, is hidden from us alone or refuses us; another server, once a refusal
 * was confirmed or it has been silent for {@code detect.silence}. It is primary from the moment
 * writes are sent to it. Whether a server is a replica changes after two looks that agree, and not
 * while a plan is at work, which stops and starts replication on its way.
 *
 * <p>{@code strict}: as in MaxScale 1.2, each look counts at once and for itself.
 */
final class Sensor {
  private final boolean strict;
  private final Map<ServerId, ServerState> states = new LinkedHashMap<>();

  /** A change of the replica's role that one look has shown. */
  private final Map<ServerId, Moment> doubts = new LinkedHashMap<>();

  Sensor(boolean strict) {
    this.strict = strict;
  }

  /**
   * Begins where an earlier daemon ended: the primary that it stored was running. So if it died
   * while nobody was watching, that is told, once more rather than never.
   */
  void remember(Reign reign) {
    if (!strict) {
      ServerId id = reign.primary();
      states.put(
          id,
          new ServerState(
              id, true, false, true, false, false, Optional.empty(), OptionalLong.empty()));
    }
  }

  /** A server's state before and after a picture. */
  record Move(ServerState before, ServerState after) {}

  /** What has moved, in configured order. A server that is seen for the first time has not. */
  List<Move> look(Picture picture) {
    List<Move> moves = new ArrayList<>();
    Topology topology = Topology.of(picture.snapshot());
    for (View view : picture.snapshot().servers()) {
      if (view.latest().isEmpty()) {
        continue;
      }
      ServerState before = states.get(view.id());
      ServerState after = state(view, picture, topology);
      states.put(view.id(), after);
      if (before != null && !before.equals(after)) {
        moves.add(new Move(before, after));
      }
    }
    return moves;
  }

  /** All servers that were seen. */
  List<ServerState> states() {
    return List.copyOf(states.values());
  }

  private ServerState state(View view, Picture picture, Topology topology) {
    ServerState before = states.get(view.id());
    boolean running =
        view.reachable() || (!strict && before != null && before.running() && !gone(view, picture));
    boolean primary = running && picture.routing().primary().filter(view.id()::equals).isPresent();
    Optional<ServerFacts> facts = view.facts();
    OptionalLong lag =
        facts.isPresent() && facts.get().lagSeconds().isPresent()
            ? facts.get().lagSeconds()
            : before == null ? OptionalLong.empty() : before.lagSeconds();
    return new ServerState(
        view.id(),
        running,
        picture.snapshot().inMaintenance(view.id()),
        primary,
        running && !primary && replica(view, picture),
        ServerState.refused(view),
        topology.sourceOf(view.id()),
        running ? lag : OptionalLong.empty());
  }

  // --- does it run?

  private static boolean gone(View view, Picture picture) {
    Optional<Missed> missed = view.missed();
    if (missed.isEmpty() || missed.get().kind().provesLife()) {
      return false;
    }
    return longEnough(view, missed.get(), picture)
        && (!picture.snapshot().record().isPrimary(view.id())
            || picture.diagnoses().stream().anyMatch(d -> saysDead(d, missed.get())));
  }

  private static boolean longEnough(View view, Missed missed, Picture picture) {
    Detection detection = picture.snapshot().policy().detection();
    Moment since = view.missingSince().orElse(missed.at());
    boolean silent = picture.snapshot().now().since(since).compareTo(detection.silence()) >= 0;
    return silent || (missed.kind().crash() && view.misses() >= detection.confirmations());
  }

  /** Where nobody can testify, its silence may be our own deafness; a refusal is an answer. */
  private static boolean saysDead(Diagnosis diagnosis, Missed missed) {
    boolean unwitnessed =
        diagnosis instanceof Diagnosis.PrimaryUnwitnessed
            || diagnosis instanceof Diagnosis.ClusterDown;
    return diagnosis instanceof Diagnosis.PrimaryDead
        || diagnosis instanceof Diagnosis.PrimaryLostInOutage
        || (unwitnessed && missed.kind().crash());
  }

  // --- is it a replica?

  private boolean replica(View view, Picture picture) {
    ServerState before = states.get(view.id());
    boolean seen = view.facts().filter(f -> replicates(f, picture.snapshot().spec())).isPresent();
    if (strict) {
      return seen;
    }
    if (before == null || !before.running()) {
      doubts.remove(view.id());
      return view.reachable() ? seen : before != null && before.replica();
    }
    if (!view.reachable() || picture.running().isPresent()) {
      doubts.remove(view.id());
      return before.replica();
    }
    return agreed(view, before.replica(), seen);
  }

  private boolean agreed(View view, boolean before, boolean seen) {
    Moment at = view.latest().map(Observation::at).orElseThrow();
    if (seen == before) {
      doubts.remove(view.id());
      return before;
    }
    Moment first = doubts.putIfAbsent(view.id(), at);
    if (first == null || first.equals(at)) {
      return before;
    }
    doubts.remove(view.id());
    return seen;
  }

  /** 1.2 asks for both threads to run. */
  private boolean replicates(ServerFacts facts, ClusterSpec spec) {
    return strict
        ? facts.channels().stream().anyMatch(c -> c.running() && spec.at(c.source()).isPresent())
        : ServerState.follows(facts, spec);
  }
}
