package dev.regent.cli.repmgr;

import dev.regent.cli.flags.Request;
import dev.regent.core.control.Entry;
import dev.regent.core.model.Channel;
import dev.regent.core.model.ClusterRecord.Pause;
import dev.regent.core.model.ClusterRecord.Reign;
import dev.regent.core.model.ClusterRecord.Sighting;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.ClusterSpec.Preference;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.GtidState;
import dev.regent.core.model.Policy;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerId;
import dev.regent.server.observe.Glance.LastReign;
import dev.regent.server.office.Office;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the core has to be told before it can decide: the cluster as a daemon would have it in its
 * configuration, and the record that a daemon would have in its store.
 */
final class Cluster {
  /** The name of every cluster that has no daemon, in reign and fence tables. */
  static final String NAME = "mariadb-repmgr";

  /** A reign that is younger began for the same reason for which we were started. */
  static final long RECENT_SECONDS = 300;

  /** A script that hangs must not keep the cluster closed for ever. */
  private static final Duration SCRIPT_MAX = Duration.ofSeconds(60);

  private static final Duration DRAIN_MAX = Duration.ofSeconds(60);
  private static final Duration CATCH_UP_MIN = Duration.ofSeconds(5);

  private final Request request;
  private final Roles.Verdict.Cast cast;
  private final List<Look> looks;
  private final Promise promise;

  Cluster(Request request, Roles.Verdict.Cast cast, List<Look> looks, Promise promise) {
    this.request = request;
    this.cast = cast;
    this.looks = List.copyOf(looks);
    this.promise = promise;
  }

  ClusterSpec spec() {
    List<ClusterSpec.Server> servers = looks.stream().map(this::server).toList();
    ClusterSpec.Hooks hooks =
        new ClusterSpec.Hooks(
            Optional.empty(),
            request.scripts().before().map(s -> SCRIPT_MAX),
            request.scripts().after().map(s -> SCRIPT_MAX));
    return new ClusterSpec(NAME, servers, policy(), hooks);
  }

  private ClusterSpec.Server server(Look look) {
    Endpoint known = look.equals(cast.primary()) ? cast.known() : look.address();
    return new ClusterSpec.Server(look.id(), look.address(), known, preference(look), 0, "", true);
  }

  private Preference preference(Look look) {
    Request.Choice choice = request.choice();
    if (choice.ignored().contains(look.address()) || unequal(look)) {
      return Preference.NEVER;
    }
    return choice.preferred().filter(look.address()::equals).isPresent()
        ? Preference.PREFER
        : Preference.NEUTRAL;
  }

  /** Replicas were read after the primary, or at the same moment. */
  private boolean unequal(Look look) {
    return request.act() == Request.Act.SWITCHOVER
        && request.choice().equal()
        && cast.replicas().contains(look)
        && cast.primary()
            .facts()
            .filter(p -> !look.there().facts().applied().covers(p.binlogPosition()))
            .isPresent();
  }

  /** Nothing automatic: the one act is ordered. */
  private Policy policy() {
    Policy standard = Policy.of(promise.profile());
    long lag = request.choice().lagMaxSeconds();
    Duration allowed = Duration.ofSeconds(lag);
    return new Policy(
        standard.profile(),
        standard.detection(),
        new Policy.Failover(
            false, DRAIN_MAX, Policy.DrainTimeout.HOLD, standard.failover().relaxAbove(), 0),
        standard.flapping(),
        new Policy.Replication(
            standard.replication().heartbeat(),
            standard.replication().connectRetrySeconds(),
            promise.timeout(),
            standard.replication().manageSemiSync()),
        new Policy.Switchover(
            request.limits().freeze(),
            allowed.compareTo(CATCH_UP_MIN) > 0 ? allowed : CATCH_UP_MIN,
            lag,
            standard.switchover().longTransaction()),
        false);
  }

  /** What somebody who knows the old tool might miss. */
  List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    for (Look look : looks) {
      boolean part = look.equals(cast.primary()) || cast.replicas().contains(look);
      if (!look.answers() && !part) {
        remarks.add(look.detail() + ": it takes no part");
      } else if (!part) {
        remarks.add(look.address() + " does not follow " + cast.primary().address());
      } else if (unequal(look)) {
        remarks.add(look.address() + " has not all that the primary has: not promoted");
      }
    }
    return remarks;
  }

  // --- the record

  /** Higher than no epoch that any server knows. */
  long epoch() {
    long newest = 1;
    for (Look look : looks) {
      newest =
          Math.max(newest, look.glance().flatMap(g -> g.reign()).map(LastReign::epoch).orElse(0L));
      for (Office office : offices(look)) {
        newest = Math.max(newest, office.epoch());
      }
    }
    return newest;
  }

  /** No lower than that of any run that ever took office on these servers. */
  static long incarnation(List<Look> looks) {
    long newest = 0;
    for (Look look : looks) {
      for (Office office : offices(look)) {
        newest = Math.max(newest, office.incarnation());
      }
    }
    return newest;
  }

  private static List<Office> offices(Look look) {
    return look.glance().stream()
        .flatMap(g -> g.offices().stream())
        .filter(o -> o.cluster().equals(NAME))
        .toList();
  }

  /**
   * Who leads, who can testify, and that nothing is to be done unasked. A replica whose receiving
   * thread tries to reach its source in vain counts as one that was connected to it.
   */
  List<Entry> entries(long nowMillis) {
    List<Entry> entries = new ArrayList<>();
    ServerId old = cast.primary().id();
    entries.add(new Entry.Paused(new Pause(NAME, "one act is ordered, nothing else", nowMillis)));
    entries.add(new Entry.ReignBegan(new Reign(epoch(), old, GtidPosition.EMPTY, nowMillis)));
    entries.add(new Entry.SyncSet(new TreeSet<>(promise.members())));
    TreeMap<ServerId, Sighting> sightings = new TreeMap<>();
    for (Look look : looks) {
      if (!look.equals(cast.primary())) {
        sightings.put(look.id(), sighting(look, old, nowMillis));
      }
    }
    entries.add(new Entry.Sighted(sightings));
    return entries;
  }

  /** Also of who is no witness: the store may remember it as one, from an earlier run. */
  private Sighting sighting(Look look, ServerId old, long nowMillis) {
    Optional<ServerFacts> facts = look.facts();
    boolean witness = cast.witnesses().contains(look);
    Duration period =
        facts.flatMap(ServerFacts::soleChannel).map(Channel::heartbeatPeriod).orElse(Duration.ZERO);
    return new Sighting(
        nowMillis,
        witness ? Optional.of(old) : Optional.empty(),
        facts.map(ServerFacts::held).orElse(GtidPosition.EMPTY),
        facts.map(ServerFacts::binlogState).orElse(GtidState.EMPTY),
        period,
        facts.filter(f -> !f.readOnly()).isPresent());
  }
}
