package dev.regent.core.control;

import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.ClusterRecord.Maintenance;
import dev.regent.core.model.ClusterRecord.OpenPlan;
import dev.regent.core.model.ClusterRecord.PastFailover;
import dev.regent.core.model.ClusterRecord.Pause;
import dev.regent.core.model.ClusterRecord.Quarantine;
import dev.regent.core.model.ClusterRecord.Reign;
import dev.regent.core.model.ClusterRecord.Sighting;
import dev.regent.core.model.ServerFacts.Durability;
import dev.regent.core.model.ServerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** How entries change the record: the fold that every store and every restart repeats. */
public final class Ledger {
  /** Older failovers than the last this many are of no use to any window. */
  private static final int FAILOVERS_KEPT = 100;

  private Ledger() {}

  public static ClusterRecord apply(ClusterRecord record, List<Entry> entries) {
    ClusterRecord result = record;
    for (Entry entry : entries) {
      result = apply(result, entry);
    }
    return result;
  }

  public static ClusterRecord apply(ClusterRecord record, Entry entry) {
    Draft draft = new Draft(record);
    switch (entry) {
      case Entry.TookOffice e -> draft.incarnation++;
      case Entry.ReignBegan e -> draft.begin(e.reign());
      case Entry.SyncSet e -> draft.syncSet = e.members();
      case Entry.Paused e -> draft.pause = Optional.of(e.pause());
      case Entry.Resumed e -> draft.resume();
      case Entry.MaintenanceBegan e -> draft.maintenance.put(e.server(), e.maintenance());
      case Entry.MaintenanceEnded e -> draft.maintenance.remove(e.server());
      case Entry.PlanOpened e -> draft.plan = Optional.of(e.plan());
      case Entry.Intended e -> draft.intend(e);
      case Entry.DurabilityRestored e -> draft.relaxed.remove(e.server());
      case Entry.PlanClosed e -> draft.close(e);
      case Entry.ReceivingAgain e -> draft.halted.removeAll(e.servers());
      case Entry.Sighted e -> draft.see(e);
      case Entry.Attached e -> {
        draft.unverified.add(e.server());
        draft.quarantine.remove(e.server());
      }
      case Entry.Verified e -> draft.unverified.remove(e.server());
      case Entry.Isolated e -> {
        draft.quarantine.put(e.server(), e.quarantine());
        draft.unverified.remove(e.server());
      }
      case Entry.Released e -> draft.quarantine.remove(e.server());
    }
    return draft.record();
  }

  private static final class Draft {
    private long incarnation;
    private Optional<Reign> reign;
    private SortedSet<ServerId> syncSet;
    private Optional<Pause> pause;
    private final SortedMap<ServerId, Maintenance> maintenance;
    private List<PastFailover> failovers;
    private final SortedMap<ServerId, Durability> relaxed;
    private final SortedMap<ServerId, Sighting> sightings;
    private final SortedSet<ServerId> unverified;
    private final SortedSet<ServerId> halted;
    private final SortedMap<ServerId, Quarantine> quarantine;
    private Optional<OpenPlan> plan;

    Draft(ClusterRecord r) {
      incarnation = r.incarnation();
      reign = r.reign();
      syncSet = r.syncSet();
      pause = r.pause();
      maintenance = new TreeMap<>(r.maintenance());
      failovers = r.failovers();
      relaxed = new TreeMap<>(r.relaxed());
      sightings = new TreeMap<>(r.sightings());
      unverified = new TreeSet<>(r.unverified());
      halted = new TreeSet<>(r.halted());
      quarantine = new TreeMap<>(r.quarantine());
      plan = r.plan();
    }

    /**
     * Whoever leads is what the others are compared with. It takes writes from here on: should it
     * die before it is seen again, it comes back as a former primary, with an account to give.
     */
    void begin(Reign begun) {
      reign = Optional.of(begun);
      unverified.remove(begun.primary());
      sightings.computeIfPresent(begun.primary(), (id, last) -> last.leading());
    }

    void resume() {
      pause = Optional.empty();
      failovers =
          failovers.stream()
              .map(f -> new PastFailover(f.from(), f.to(), f.atMillis(), true))
              .toList();
    }

    void intend(Entry.Intended intended) {
      // What an earlier manager left relaxed has its original here already.
      intended.relaxed().forEach((server, original) -> relaxed.putIfAbsent(server, original));
      halted.addAll(intended.halted());
      plan =
          plan.filter(p -> p.id() == intended.plan())
              .map(p -> p.withIntents(intended.sentences(), intended.servers()))
              .map(p -> intended.reignSentTo().map(p::withReignSentTo).orElse(p))
              .or(() -> plan);
    }

    void see(Entry.Sighted sighted) {
      sightings.putAll(sighted.sightings());
      halted.removeIf(s -> {
        Sighting sighting = sighted.sightings().get(s);
        return sighting != null && sighting.followed().isPresent();
      });
    }

    void close(Entry.PlanClosed closed) {
      plan = plan.filter(p -> p.id() != closed.plan());
      closed
          .failover()
          .ifPresent(f -> {
            List<PastFailover> all = new ArrayList<>(failovers);
            all.add(f);
            failovers = all.subList(Math.max(0, all.size() - FAILOVERS_KEPT), all.size());
          });
    }

    ClusterRecord record() {
      return new ClusterRecord(
          incarnation,
          reign,
          syncSet,
          pause,
          maintenance,
          failovers,
          relaxed,
          sightings,
          unverified,
          halted,
          quarantine,
          plan);
    }
  }
}
