package dev.regent.core.analyze;

import dev.regent.core.analyze.Diagnosis.ReplicaStopped.Stopper;
import dev.regent.core.model.Channel;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.GtidState;
import dev.regent.core.model.Observation.Missed;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerId;
import dev.regent.core.model.Snapshot;
import dev.regent.core.model.Snapshot.View;
import dev.regent.core.model.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is wrong with the servers that are not primary. */
final class ReplicaHealth {
  /** A lag that is worth a word; a candidate's own bound is the policy's. */
  private static final long LATE_SECONDS = 10;

  /** A connection takes milliseconds; an attempt that waits for a lost packet, up to a minute. */
  private static final Duration ATTEMPT = Duration.ofSeconds(1);

  /** Also of a log that was purged, which no patience brings back. */
  private static final int NOT_IN_SOURCES_LOG = 1236;

  private static final int FATAL = 1593;

  /**
   * Half an event came and no more: it could not be queued, or its checksum is wrong. Or it came
   * without its mark: the request that asked for it was cut off, and begun again half-way.
   */
  static final List<Integer> CUT = List.of(1595, 1743, FATAL);

  private final Snapshot snapshot;
  private final View primary;
  private final Topology topology;
  private final List<Diagnosis> found = new ArrayList<>();

  private ReplicaHealth(Snapshot snapshot, View primary) {
    this.snapshot = snapshot;
    this.primary = primary;
    this.topology = Topology.of(snapshot);
  }

  static List<Diagnosis> judge(Snapshot snapshot, View primary) {
    ReplicaHealth health = new ReplicaHealth(snapshot, primary);
    snapshot.others().forEach(health::judge);
    return health.found;
  }

  private void judge(View view) {
    Optional<ServerFacts> facts = view.facts();
    if (facts.isPresent()) {
      judge(view, facts.get());
    } else {
      view.missed().ifPresent(m -> unreachable(view, m));
    }
  }

  private void unreachable(View view, Missed missed) {
    Duration silent = snapshot.now().since(view.missingSince().orElse(missed.at()));
    List<ServerId> below =
        topology.replicasOf(view.id()).stream().filter(r -> lost(r, view.id())).toList();
    if (!below.isEmpty() && silent.compareTo(snapshot.policy().detection().silence()) >= 0) {
      found.add(new Diagnosis.RelayDead(view.id(), below));
    }
    found.add(new Diagnosis.ReplicaUnreachable(view.id(), missed.kind(), silent));
  }

  /** It answers us and is not connected to its source: as with a primary, it is the witness. */
  private boolean lost(ServerId replica, ServerId source) {
    return snapshot
        .view(replica)
        .facts()
        .filter(f ->
            f.channels().stream()
                .noneMatch(
                    c -> c.io() == ThreadState.YES && source(c).filter(source::equals).isPresent()))
        .isPresent();
  }

  private void judge(View view, ServerFacts facts) {
    if (!facts.readOnly() && view.lead().isPresent()) {
      found.add(new Diagnosis.ReplicaWritable(view.id()));
    }
    if (facts.channels().size() > 1) {
      found.add(
          new Diagnosis.MultiSource(
              view.id(), facts.channels().stream().map(c -> "'" + c.name() + "'").toList()));
    }
    unfit(view.id(), facts);
    if (view.lead().isEmpty()) {
      returned(view, facts);
      return;
    }
    var quarantine = snapshot.record().quarantine().get(view.id());
    boolean clean = view.lead().get().isEmpty() && inCluster(facts).isEmpty();
    if (quarantine != null && (!clean || cutShort(quarantine, facts) || holds(quarantine, facts))) {
      String since = clean ? stillHeldOut(quarantine, facts) : "";
      found.add(
          new Diagnosis.Quarantined(view.id(), quarantine.reason() + since, quarantine.file()));
      return;
    }
    if (!view.lead().get().isEmpty()) {
      found.add(new Diagnosis.Errant(view.id(), errant(view, facts), wasPrimary(view)));
      return;
    }
    Optional<Channel> channel = inCluster(facts);
    if (channel.isEmpty()) {
      detached(view, facts);
    } else {
      follows(view, facts, channel.get());
    }
  }

  /**
   * Its log ends where what it was held out for began: it was not rebuilt, it lost its end. A
   * recovery commits what the log holds and does not sync the log (11.4.5: of the old file not a
   * byte). A power cut soon after takes the transactions out of the log alone; the rows stay, and
   * no position tells. A copy begins with an empty log, or with the primary's.
   */
  private static boolean cutShort(ClusterRecord.Quarantine quarantine, ServerFacts facts) {
    GtidPosition held = facts.binlogState().position();
    return quarantine.errant().stream()
        .anyMatch(r -> held.sequence(r.domain()) > 0 && held.sequence(r.domain()) < r.from());
  }

  /**
   * Its log still holds them. That the primary's position names them too does not say that it has
   * them: another server with the same id may have written as much, and be gone or mended by now.
   */
  private static boolean holds(ClusterRecord.Quarantine quarantine, ServerFacts facts) {
    return quarantine.errant().stream()
        .anyMatch(r -> facts.binlogState().sequence(r.domain(), r.server()) >= r.from());
  }

  private static String stillHeldOut(ClusterRecord.Quarantine quarantine, ServerFacts facts) {
    return cutShort(quarantine, facts)
        ? "; they are gone from its log, perhaps not from its tables"
        : "; the primary's position names them too, but a position does not say who wrote them";
  }

  /**
   * What it has beyond the primary. A server that receives nothing can have no transactions of the
   * primary's in flight, so its latest reading counts: it may have written after it was compared.
   */
  private List<GtidState.Range> errant(View view, ServerFacts facts) {
    boolean receives = facts.channels().stream().anyMatch(c -> c.io() != ThreadState.NO);
    List<GtidState.Range> judged = view.lead().orElse(List.of());
    return primary
        .facts()
        .map(p -> facts.binlogState().beyond(p.binlogState()))
        .filter(r -> !receives && !r.isEmpty())
        .orElse(judged);
  }

  /** First contact: before anything is known of its log it must take and acknowledge nothing. */
  private void returned(View view, ServerFacts facts) {
    List<String> elsewhere =
        facts.channels().stream()
            .filter(c -> c.io() != ThreadState.NO)
            .filter(
                c -> source(c).filter(s -> !s.equals(primary.id()) && !liveRelay(s)).isPresent())
            .map(Channel::name)
            .toList();
    if (!facts.readOnly() || !elsewhere.isEmpty()) {
      found.add(new Diagnosis.Returned(view.id(), !facts.readOnly(), elsewhere));
    }
  }

  private void detached(View view, ServerFacts facts) {
    if (facts.channels().isEmpty()) {
      found.add(new Diagnosis.ReplicaDetached(view.id(), !facts.readOnly(), wasPrimary(view)));
    } else {
      String outside = facts.channels().getFirst().source().toString();
      found.add(new Diagnosis.ReplicaFollowsWrong(view.id(), outside, primary.id()));
    }
  }

  /** It held the role when it was last seen writable, or its own log says so. */
  private boolean wasPrimary(View view) {
    var sighting = snapshot.record().sightings().get(view.id());
    boolean failedOver =
        snapshot.record().failovers().stream().anyMatch(f -> f.from().equals(view.id()));
    return failedOver || (sighting != null && sighting.writable());
  }

  private void follows(View view, ServerFacts facts, Channel channel) {
    ServerId source = source(channel).orElseThrow();
    // A sync member below a relay acknowledges to the relay: nobody waits for that.
    boolean belongs =
        source.equals(primary.id())
            || (liveRelay(source) && !snapshot.record().syncSet().contains(view.id()));
    if (!belongs) {
      if (snapshot.view(source).reachable()) {
        found.add(new Diagnosis.ReplicaFollowsWrong(view.id(), source.name(), primary.id()));
      }
      return;
    }
    threads(view, facts, channel, source);
    facts
        .lagSeconds()
        .ifPresent(lag -> {
          if (lag > LATE_SECONDS + channel.delay().toSeconds()) {
            found.add(new Diagnosis.ReplicaLate(view.id(), lag));
          }
        });
    if (snapshot.record().unverified().contains(view.id())) {
      verify(view, facts, channel);
    } else {
      skipped(view, facts);
    }
  }

  /**
   * A relay that itself hangs below the primary; what follows it is where it belongs. A former
   * primary that was attached again is none: what still hangs below it was left there by a role
   * change.
   */
  private boolean liveRelay(ServerId source) {
    ServerId above = source;
    for (int depth = 0; depth < snapshot.servers().size(); depth++) {
      Optional<ServerId> next = topology.sourceOf(above);
      boolean attachedAgain = snapshot.record().unverified().contains(above);
      if (next.isEmpty() || attachedAgain || !snapshot.view(above).reachable()) {
        return false;
      }
      if (next.get().equals(primary.id())) {
        return true;
      }
      above = next.get();
    }
    return false;
  }

  private void threads(View view, ServerFacts facts, Channel channel, ServerId source) {
    if (!channel.sqlRunning() && channel.sqlProblem().present()) {
      found.add(new Diagnosis.ReplicaBroken(view.id(), channel.sqlProblem(), true));
    } else if (refusedInVain(channel) || cutShort(channel)) {
      found.add(new Diagnosis.ReplicaConnecting(view.id(), source, channel.ioProblem().number()));
    } else if (channel.io() == ThreadState.NO && channel.ioProblem().present()) {
      found.add(new Diagnosis.ReplicaBroken(view.id(), channel.ioProblem(), false));
    } else if (channel.io() == ThreadState.NO || !channel.sqlRunning()) {
      found.add(
          new Diagnosis.ReplicaStopped(
              view.id(),
              channel.io() != ThreadState.NO,
              channel.sqlRunning(),
              stopper(view, facts, channel)));
    } else if (channel.io() == ThreadState.CONNECTING
        && view.witness().isEmpty()
        && inVain(view, channel)) {
      // While it is a witness, the primary was not read since: it may be the primary that is gone.
      found.add(new Diagnosis.ReplicaConnecting(view.id(), source, channel.ioProblem().number()));
    }
  }

  /** A first attempt that is under way needs no help. */
  private boolean inVain(View view, Channel channel) {
    return channel.ioProblem().present()
        || view.connecting()
            .filter(since -> snapshot.now().since(since).compareTo(ATTEMPT) >= 0)
            .isPresent();
  }

  /**
   * Its source lacked what it asked for, and by now has it, or it would be errant: a source that is
   * a replica itself may be a moment behind.
   */
  private static boolean refusedInVain(Channel channel) {
    return channel.io() == ThreadState.NO
        && channel.sqlRunning()
        && channel.ioProblem().number() == NOT_IN_SOURCES_LOG
        && channel.ioProblem().text().contains("not in the master's binlog");
  }

  /**
   * Its connection was reset in the middle of an event. The server stops over that, although all it
   * takes is to read the event again.
   */
  private static boolean cutShort(Channel channel) {
    return channel.io() == ThreadState.NO
        && channel.sqlRunning()
        && CUT.contains(channel.ioProblem().number())
        && (channel.ioProblem().number() != FATAL
            || channel.ioProblem().text().contains("'after_read_event'"));
  }

  private Stopper stopper(View view, ServerFacts facts, Channel channel) {
    boolean bothStopped = channel.io() == ThreadState.NO && !channel.sqlRunning();
    var sighting = snapshot.record().sightings().get(view.id());
    boolean afterSighting = sighting == null || facts.startedMillis() > sighting.atMillis();
    if (bothStopped && (channel.received().isEmpty() || afterSighting)) {
      return Stopper.RESTART;
    }
    return snapshot.record().halted().contains(view.id()) ? Stopper.REGENT : Stopper.SOMEBODY;
  }

  private void verify(View view, ServerFacts facts, Channel channel) {
    if (!view.lacks().isEmpty()) {
      found.add(new Diagnosis.ReplicaMisses(view.id(), view.lacks()));
      return;
    }
    // Nothing known to be missing is no proof: it may not have been compared yet.
    boolean whole =
        view.mark()
            .filter(p -> facts.applied().covers(p.binlogPosition()))
            .filter(p -> facts.binlogState().lacks(p.binlogState()).isEmpty())
            .isPresent();
    // What still hangs below it would count as a relay's from then on.
    List<ServerId> below =
        snapshot.others().stream()
            .filter(r -> hangsBelow(r, view.id()))
            .map(View::id)
            .filter(r -> !snapshot.record().quarantine().containsKey(r))
            .toList();
    if (channel.running() && whole && below.stream().allMatch(this::silent)) {
      found.add(new Diagnosis.RejoinProven(view.id(), below));
    }
  }

  /** As last seen; who never answered this manager, as an earlier one saw it. */
  private boolean hangsBelow(View view, ServerId source) {
    var sighting = snapshot.record().sightings().get(view.id());
    boolean sighted = sighting != null && sighting.followed().filter(source::equals).isPresent();
    return view.seen().isEmpty()
        ? sighted
        : topology.sourceOf(view.id()).filter(source::equals).isPresent();
  }

  /** Too long for a look that was missed: it cannot be pointed elsewhere. */
  private boolean silent(ServerId server) {
    Duration silence = snapshot.policy().detection().silence();
    return snapshot
        .view(server)
        .missingSince()
        .filter(since -> snapshot.now().since(since).compareTo(silence) >= 0)
        .isPresent();
  }

  /**
   * What a server wrote itself and lost comes back to it, and is skipped in silence (physics 5.3).
   */
  private void skipped(View view, ServerFacts facts) {
    List<GtidState.Range> own =
        view.lacks().stream().filter(r -> r.server() == facts.serverId()).toList();
    if (!own.isEmpty()) {
      found.add(new Diagnosis.ReplicaMisses(view.id(), own));
    }
  }

  private void unfit(ServerId server, ServerFacts facts) {
    List<String> reasons = Fitness.reasons(facts, primary.seen().map(s -> s.facts()).orElse(facts));
    if (!reasons.isEmpty()) {
      found.add(new Diagnosis.Unfit(server, reasons));
    }
  }

  private Optional<Channel> inCluster(ServerFacts facts) {
    return facts.channels().stream().filter(c -> source(c).isPresent()).findFirst();
  }

  private Optional<ServerId> source(Channel channel) {
    return snapshot.spec().at(channel.source()).map(ClusterSpec.Server::id);
  }
}
