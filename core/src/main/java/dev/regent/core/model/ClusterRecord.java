package dev.regent.core.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the ControlStore remembers about one cluster over restarts of the manager.
 *
 * @param incarnation how often a manager took office on this store; one higher at every start
 * @param syncSet servers that may acknowledge semi-sync commits; in {@code safe} a promotion must
 *     reach all of them
 * @param relaxed servers whose durability we relaxed for a drain, with the values to restore
 * @param sightings last known positions, for a manager that starts while the primary is dead
 * @param unverified servers attached again whose binlog state is not yet compared after catch-up
 * @param halted servers whose receiving we stopped and did not start again yet: nobody else will
 * @param plan the plan that was opened and not closed
 */
public record ClusterRecord(
    long incarnation,
    Optional<Reign> reign,
    SortedSet<ServerId> syncSet,
    Optional<Pause> pause,
    SortedMap<ServerId, Maintenance> maintenance,
    List<PastFailover> failovers,
    SortedMap<ServerId, ServerFacts.Durability> relaxed,
    SortedMap<ServerId, Sighting> sightings,
    SortedSet<ServerId> unverified,
    SortedSet<ServerId> halted,
    SortedMap<ServerId, Quarantine> quarantine,
    Optional<OpenPlan> plan) {

  /**
   * One primary's time.
   *
   * @param before the position the server held when its reign began
   */
  public record Reign(long epoch, ServerId primary, GtidPosition before, long sinceMillis) {}

  /** No automatic action on the whole cluster. */
  public record Pause(String by, String reason, long sinceMillis) {}

  /** No automatic action on this server; it is neither promoted nor repaired. */
  public record Maintenance(String by, String reason, long sinceMillis) {}

  /** One automatic failover, for the flapping limit; {@code acknowledged} ones do not count. */
  public record PastFailover(ServerId from, ServerId to, long atMillis, boolean acknowledged) {}

  /**
   * What a server held when it was last seen.
   *
   * @param followed the server its receiving thread was connected to, if it was
   * @param writable whether it took writes
   */
  public record Sighting(
      long atMillis,
      Optional<ServerId> followed,
      GtidPosition held,
      GtidState binlogState,
      Duration heartbeatPeriod,
      boolean writable) {
    /** The same server, as the primary that it became since. */
    public Sighting leading() {
      return new Sighting(atMillis, Optional.empty(), held, binlogState, heartbeatPeriod, true);
    }
  }

  /** A server held out of replication, with its errant transactions and where they were saved. */
  public record Quarantine(
      String reason, List<GtidState.Range> errant, String file, long sinceMillis) {
    public Quarantine {
      errant = List.copyOf(errant);
    }
  }

  /**
   * A plan whose end is not stored: running, or interrupted by the manager's death.
   *
   * @param epoch the epoch a promotion would open; 0 for plans without one
   * @param from the old primary, if the plan moves the role
   * @param to the server the operator asked for, or the one that was elected
   * @param intents sentences of the steps whose intent is stored, in order
   * @param reignSentTo the server to which the reign row may have been sent: the point of no return
   */
  public record OpenPlan(
      long id,
      String kind,
      String why,
      long epoch,
      Optional<ServerId> from,
      Optional<ServerId> to,
      boolean automatic,
      boolean force,
      long openedMillis,
      List<String> intents,
      SortedSet<ServerId> touched,
      Optional<ServerId> reignSentTo) {
    public OpenPlan {
      intents = List.copyOf(intents);
      touched = sorted(touched);
    }

    public OpenPlan withIntents(List<String> more, SortedSet<ServerId> servers) {
      List<String> all = new ArrayList<>(intents);
      all.addAll(more);
      TreeSet<ServerId> reached = new TreeSet<>(touched);
      reached.addAll(servers);
      return new OpenPlan(
          id,
          kind,
          why,
          epoch,
          from,
          to,
          automatic,
          force,
          openedMillis,
          all,
          reached,
          reignSentTo);
    }

    public OpenPlan withReignSentTo(ServerId server) {
      return new OpenPlan(
          id,
          kind,
          why,
          epoch,
          from,
          to,
          automatic,
          force,
          openedMillis,
          intents,
          touched,
          Optional.of(server));
    }
  }

  public ClusterRecord {
    syncSet = sorted(syncSet);
    maintenance = sorted(maintenance);
    failovers = List.copyOf(failovers);
    relaxed = sorted(relaxed);
    sightings = sorted(sightings);
    unverified = sorted(unverified);
    halted = sorted(halted);
    quarantine = sorted(quarantine);
  }

  /** The record of a cluster that no manager has adopted yet. */
  public static ClusterRecord blank() {
    return new ClusterRecord(
        0,
        Optional.empty(),
        new TreeSet<>(),
        Optional.empty(),
        new TreeMap<>(),
        List.of(),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeSet<>(),
        new TreeSet<>(),
        new TreeMap<>(),
        Optional.empty());
  }

  private static <T> SortedSet<T> sorted(SortedSet<T> set) {
    return Collections.unmodifiableSortedSet(new TreeSet<>(set));
  }

  private static <K, V> SortedMap<K, V> sorted(SortedMap<K, V> map) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }

  /** The current epoch, 0 before adoption. */
  public long epoch() {
    return reign.map(Reign::epoch).orElse(0L);
  }

  /** The epoch of the next reign: higher than any that began, or may have begun unnoticed. */
  public long nextEpoch() {
    long sent = plan.filter(p -> p.reignSentTo().isPresent()).map(OpenPlan::epoch).orElse(0L);
    return Math.max(epoch(), sent) + 1;
  }

  public boolean isPrimary(ServerId server) {
    return reign.isPresent() && reign.get().primary().equals(server);
  }
}
