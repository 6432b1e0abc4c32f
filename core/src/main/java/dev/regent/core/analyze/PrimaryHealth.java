package dev.regent.core.analyze;

import dev.regent.core.model.Channel;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.ClusterRecord.Reign;
import dev.regent.core.model.ClusterRecord.Sighting;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerFacts.SemiSync;
import dev.regent.core.model.ServerFacts.SemiSyncStatus;
import dev.regent.core.model.ServerId;
import dev.regent.core.model.Snapshot;
import dev.regent.core.model.Snapshot.View;
import dev.regent.core.model.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is wrong with a primary that answers, and with the set that protects its commits. */
final class PrimaryHealth {
  /** {@code startedMillis} comes from an uptime in whole seconds. */
  private static final long UPTIME_ERROR_MILLIS = 1500;

  private final Snapshot snapshot;
  private final View primary;
  private final ServerFacts facts;
  private final List<Diagnosis> found = new ArrayList<>();

  private PrimaryHealth(Snapshot snapshot, View primary, ServerFacts facts) {
    this.snapshot = snapshot;
    this.primary = primary;
    this.facts = facts;
  }

  static List<Diagnosis> judge(Snapshot snapshot, View primary) {
    return primary
        .facts()
        .map(f -> new PrimaryHealth(snapshot, primary, f).judge())
        .orElse(List.of());
  }

  private List<Diagnosis> judge() {
    Reign reign = snapshot.record().reign().orElseThrow();
    if (facts.readOnly()) {
      closed(reign);
      return found;
    }
    facts
        .cannotWrite()
        .ifPresent(why -> found.add(new Diagnosis.PrimaryCannotWrite(primary.id(), why)));
    otherWriters();
    if (snapshot.policy().profile() != Profile.ASYNC) {
      semiSync();
    }
    Topology.of(snapshot)
        .sourceOf(primary.id())
        .ifPresent(source -> found.add(new Diagnosis.PrimaryFollows(primary.id(), source)));
    boolean eventsBefore =
        primary.seen().isPresent() && snapshot.record().epoch() > 0 && hasEventHistory();
    if (eventsBefore && !facts.eventScheduler()) {
      found.add(new Diagnosis.EventsStopped(primary.id()));
    }
    if (found.stream().noneMatch(d -> d.severity() == Diagnosis.Severity.CRITICAL)) {
      found.addFirst(new Diagnosis.PrimaryWell(primary.id(), reign.epoch()));
    }
    return found;
  }

  /** Some other server has its scheduler on, so the cluster uses events. */
  private boolean hasEventHistory() {
    return snapshot.others().stream()
        .anyMatch(v -> v.facts().filter(ServerFacts::eventScheduler).isPresent());
  }

  private void closed(Reign reign) {
    long started = facts.startedMillis();
    Sighting sighting = snapshot.record().sightings().get(primary.id());
    boolean openSince =
        sighting != null
            && sighting.writable()
            && sighting.atMillis() > started + UPTIME_ERROR_MILLIS;
    boolean restarted =
        started > reign.sinceMillis() - UPTIME_ERROR_MILLIS && !openSince && !primary.shut();
    restarted |= lostItsEnd();
    List<ServerId> missing =
        snapshot.others().stream().filter(v -> !v.reachable()).map(View::id).toList();
    found.add(
        restarted
            ? new Diagnosis.PrimaryRestarted(primary.id(), missing)
            : new Diagnosis.PrimaryReadOnly(primary.id()));
  }

  /** A clock that was set hides a restart, not that its recovery cut off what replicas have. */
  private boolean lostItsEnd() {
    return snapshot.others().stream()
        .filter(v -> !snapshot.record().quarantine().containsKey(v.id()))
        .filter(v -> v.facts().filter(f -> f.serverId() != facts.serverId()).isPresent())
        .flatMap(v -> v.lead().stream().flatMap(List::stream))
        .anyMatch(r -> r.server() == facts.serverId());
  }

  private void otherWriters() {
    List<ServerId> writable = new ArrayList<>(List.of(primary.id()));
    snapshot.others().stream()
        .filter(v -> v.facts().filter(f -> !f.readOnly()).isPresent())
        .forEach(v -> writable.add(v.id()));
    if (writable.size() > 1) {
      found.add(new Diagnosis.SeveralWritable(writable, Optional.of(primary.id())));
    }
  }

  // --- semi-sync

  private void semiSync() {
    blocked();
    members();
    unprotected();
  }

  private void blocked() {
    Optional<SemiSyncStatus> status = facts.semiSyncStatus();
    List<ServerId> absent =
        snapshot.record().syncSet().stream().filter(m -> !acknowledges(m)).toList();
    boolean nobody = snapshot.others().stream().noneMatch(v -> acknowledges(v.id()));
    if (status.isPresent() && status.get().waiting() > 0 && (nobody || stuck())) {
      found.add(
          new Diagnosis.SemiSyncBlocked(primary.id(), status.get().waiting(), absent, receipt()));
    }
  }

  /**
   * A member does not acknowledge again what it had before it reconnected. If it has everything,
   * nothing that it could acknowledge will ever come: while two groups of commits wait, no third
   * one gets into the log.
   */
  private Optional<Receipt> receipt() {
    // A deaf one sends nothing either: whatever a member says wakes it.
    boolean deaf = facts.semiSyncStatus().filter(SemiSyncStatus::deaf).isPresent();
    return snapshot.record().syncSet().stream()
        .filter(m -> deaf || acknowledges(m))
        .filter(m -> !snapshot.record().quarantine().containsKey(m))
        .flatMap(m -> receipt(m).stream())
        .filter(r -> deaf || r.proves(facts.binlogPosition()))
        .findFirst();
  }

  private Optional<Receipt> receipt(ServerId member) {
    return snapshot
        .view(member)
        .facts()
        .flatMap(this::fromPrimary)
        .filter(c -> c.usesGtid() && !c.sourceLog().isEmpty())
        .map(c -> new Receipt(member, c.sourceLog(), c.readPosition(), c.received()));
  }

  /**
   * A replica that was cut off says for a minute that it is connected ({@code slave_net_timeout}).
   */
  private boolean stuck() {
    Duration silence = snapshot.policy().detection().silence();
    return primary
        .stuck()
        .filter(since -> snapshot.now().since(since).compareTo(silence) >= 0)
        .isPresent();
  }

  private boolean acknowledges(ServerId member) {
    return snapshot
        .view(member)
        .facts()
        .filter(f -> f.semiSync().replicaEnabled())
        .filter(f -> f.channels().stream().anyMatch(c -> c.io() == ThreadState.YES))
        .isPresent();
  }

  private void members() {
    if (snapshot.policy().profile() != Profile.SAFE) {
      return;
    }
    for (View view : snapshot.others()) {
      if (snapshot.record().syncSet().contains(view.id())) {
        silence(view).ifPresent(w -> found.add(new Diagnosis.SyncMemberSilent(view.id(), w)));
      } else {
        stranger(view);
      }
    }
  }

  /** Why a listed member cannot, or shall not, acknowledge. */
  private Optional<String> silence(View view) {
    if (view.facts().isEmpty()) {
      return view.missed().map(m -> "it does not answer");
    }
    if (!view.facts().get().semiSync().replicaEnabled()) {
      return Optional.of("its semi-sync is switched off");
    }
    if (snapshot.record().quarantine().containsKey(view.id())) {
      return Optional.of("it is held out");
    }
    // A rejoined server keeps it on until its log is compared: it must not skip its own events.
    boolean leaves =
        !view.spec().synchronous()
            && snapshot.policy().replication().manageSemiSync()
            && !snapshot.record().unverified().contains(view.id());
    return leaves ? Optional.of("it is not configured to") : Optional.empty();
  }

  private void stranger(View view) {
    Optional<Channel> channel = view.facts().flatMap(this::fromPrimary);
    boolean receives = channel.filter(c -> c.io() == ThreadState.YES).isPresent();
    boolean runs = channel.filter(Channel::running).isPresent();
    if (receives && view.facts().orElseThrow().semiSync().replicaEnabled()) {
      found.add(new Diagnosis.SyncStranger(view.id(), true));
    } else if (view.spec().synchronous() && runs && joins(view.id())) {
      found.add(new Diagnosis.SyncStranger(view.id(), false));
    }
  }

  private boolean joins(ServerId server) {
    return !snapshot.inMaintenance(server)
        && !snapshot.record().quarantine().containsKey(server)
        && snapshot.policy().replication().manageSemiSync();
  }

  private Optional<Channel> fromPrimary(ServerFacts replica) {
    return replica.channels().stream()
        .filter(c ->
            snapshot.spec().at(c.source()).filter(s -> s.id().equals(primary.id())).isPresent())
        .findFirst();
  }

  private void unprotected() {
    SemiSync semiSync = facts.semiSync();
    boolean safe = snapshot.policy().profile() == Profile.SAFE;
    if (safe && semiSync.endlessAfterSync()) {
      return;
    }
    long wanted = snapshot.policy().replication().semiSyncTimeout().toMillis();
    boolean available =
        semiSync.primaryEnabled()
            && !semiSync.waitNoReplica()
            && semiSync.timeoutMillis() == wanted
            && semiSync.waitPoint().equals("AFTER_SYNC");
    if (!safe && (available || !snapshot.policy().replication().manageSemiSync())) {
      return;
    }
    found.add(
        new Diagnosis.SemiSyncUnprotected(
            primary.id(),
            "enabled="
                + semiSync.primaryEnabled()
                + ", timeout="
                + Long.toUnsignedString(semiSync.timeoutMillis())
                + " ms, wait point "
                + semiSync.waitPoint()
                + ", wait without replica="
                + semiSync.waitNoReplica()));
  }
}
