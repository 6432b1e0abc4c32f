package dev.regent.core.control;

import dev.regent.core.model.Channel;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.ClusterRecord.Sighting;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.GtidState;
import dev.regent.core.model.Moment;
import dev.regent.core.model.Observation;
import dev.regent.core.model.Observation.Missed;
import dev.regent.core.model.Observation.Seen;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerFacts.SemiSyncStatus;
import dev.regent.core.model.ServerId;
import dev.regent.core.model.Snapshot;
import dev.regent.core.model.Snapshot.Checked;
import dev.regent.core.model.Snapshot.Testimony;
import dev.regent.core.model.Snapshot.View;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Keeps what was observed of each server, and what only the order of observations can tell: who is
 * a witness, when it last heard the primary, and whose log is ahead of whose.
 */
final class Watchlist {
  /** The growth of a server's log is measured over at least this long. */
  private static final Duration RATE_WINDOW = Duration.ofSeconds(2);

  private final ClusterSpec spec;
  private final Map<ServerId, View> views = new LinkedHashMap<>();
  private final Map<ServerId, Seen> rateBase = new TreeMap<>();

  /** Witnesses of an earlier manager start with the sightings it stored. */
  Watchlist(ClusterSpec spec, ClusterRecord record, Moment now) {
    this.spec = spec;
    for (ClusterSpec.Server server : spec.servers()) {
      Optional<Testimony> remembered =
          Optional.ofNullable(record.sightings().get(server.id()))
              .flatMap(s ->
                  s.followed()
                      .map(f ->
                          new Testimony(
                              f,
                              now,
                              Optional.empty(),
                              OptionalLong.empty(),
                              s.heartbeatPeriod(),
                              Optional.empty())));
      views.put(
          server.id(),
          new View(
              server,
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              0,
              remembered,
              Optional.empty(),
              List.of(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              false,
              0));
    }
  }

  Snapshot snapshot(ClusterRecord record, Moment now) {
    return new Snapshot(spec, now, record, List.copyOf(views.values()));
  }

  View view(ServerId server) {
    View view = views.get(server);
    if (view == null) {
      throw new IllegalArgumentException("server " + server + " is not in cluster " + spec.name());
    }
    return view;
  }

  void observe(ServerId server, Observation observation, ClusterRecord record) {
    View before = view(server);
    views.put(
        server,
        switch (observation) {
          case Missed m -> missed(before, m);
          case Seen s -> seen(before, s, record);
        });
    if (observation instanceof Seen s && record.isPrimary(server)) {
      judgeOthers(server, s, record);
    }
  }

  private static View missed(View before, Missed missed) {
    return new View(
        before.spec(),
        Optional.of(missed),
        before.seen(),
        Optional.of(before.missingSince().orElse(missed.at())),
        before.misses() + 1,
        before.witness(),
        // What it has beyond the primary must be judged anew once it is back.
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        before.shut(),
        before.commitsPerSecond());
  }

  private View seen(View before, Seen seen, ClusterRecord record) {
    return new View(
        before.spec(),
        Optional.of(seen),
        Optional.of(seen),
        Optional.empty(),
        0,
        testimony(before, seen, record),
        lead(before, seen),
        lacks(seen, record),
        before.mark(),
        connecting(before, seen),
        stuck(before, seen),
        shut(before, seen),
        rate(before, seen));
  }

  /** What it had while it could write tells nothing of what it wrote until it was closed. */
  private static Optional<List<GtidState.Range>> lead(View before, Seen seen) {
    boolean closed =
        seen.facts().readOnly() && before.facts().filter(f -> !f.readOnly()).isPresent();
    return closed ? Optional.empty() : before.lead();
  }

  private static Optional<Moment> connecting(View before, Seen seen) {
    boolean trying =
        seen.facts().channels().stream().anyMatch(c -> c.io() == ThreadState.CONNECTING);
    return trying ? before.connecting().or(() -> Optional.of(seen.at())) : Optional.empty();
  }

  /** The count of acknowledged commits tells a wait that ended from one that goes on. */
  private static Optional<Moment> stuck(View before, Seen seen) {
    Optional<SemiSyncStatus> now = seen.facts().semiSyncStatus().filter(s -> s.waiting() > 0);
    Optional<SemiSyncStatus> last = before.facts().flatMap(ServerFacts::semiSyncStatus);
    if (now.isEmpty()) {
      return Optional.empty();
    }
    boolean none =
        last.filter(l -> l.acknowledged() == now.get().acknowledged())
            .filter(l -> l.unacknowledged() == now.get().unacknowledged())
            .isPresent();
    return none ? before.stuck().or(() -> Optional.of(seen.at())) : Optional.of(seen.at());
  }

  /** The time of a start is read once per connection: equal to the millisecond, it is the same. */
  private static boolean shut(View before, Seen seen) {
    return seen.facts().readOnly()
        && before
            .seen()
            .map(Seen::facts)
            .filter(f -> f.startedMillis() == seen.facts().startedMillis())
            .filter(f -> !f.readOnly() || before.shut())
            .isPresent();
  }

  // --- who hears the primary

  private Optional<Testimony> testimony(View before, Seen seen, ClusterRecord record) {
    Optional<ServerId> primary = record.reign().map(ClusterRecord.Reign::primary);
    Optional<Channel> channel = primary.flatMap(p -> from(seen.facts(), p));
    if (channel.isEmpty()) {
      return Optional.empty();
    }
    Optional<Testimony> old =
        before.witness().filter(t -> t.primary().equals(primary.orElseThrow()));
    if (channel.get().io() != ThreadState.YES) {
      return old;
    }
    Optional<Channel> last = before.seen().flatMap(s -> from(s.facts(), primary.orElseThrow()));
    Duration period = channel.get().heartbeatPeriod();
    OptionalLong lag = channel.get().lagSeconds();
    if (old.isEmpty() || last.isEmpty()) {
      return Optional.of(
          new Testimony(
              primary.orElseThrow(), seen.at(), Optional.empty(), lag, period, Optional.empty()));
    }
    Testimony t = old.get();
    return Optional.of(
        moved(last.get(), channel.get())
            ? new Testimony(t.primary(), seen.at(), begin(before), lag, period, Optional.empty())
            : new Testimony(t.primary(), t.lastHeard(), t.heardAfter(), lag, period, t.checked()));
  }

  /** When the last successful look at this server began. */
  private static Optional<Moment> begin(View view) {
    return view.seen().map(s -> s.at().plus(s.took().negated()));
  }

  /** A heartbeat, an event or a new connection came from the source. */
  private static boolean moved(Channel before, Channel now) {
    return before.io() != ThreadState.YES
        || now.heartbeats() != before.heartbeats()
        || now.readPosition() != before.readPosition()
        || !now.sourceLog().equals(before.sourceLog())
        || !now.received().equals(before.received());
  }

  private Optional<Channel> from(ServerFacts facts, ServerId source) {
    return facts.channels().stream()
        .filter(c -> spec.at(c.source()).filter(s -> s.id().equals(source)).isPresent())
        .findFirst();
  }

  /** A reign began: who was last seen connected to its primary can testify from now on. */
  void reignBegan(ServerId primary) {
    for (View view : List.copyOf(views.values())) {
      Optional<Channel> channel =
          view.facts().flatMap(f -> from(f, primary)).filter(c -> c.io() == ThreadState.YES);
      if (channel.isPresent()
          && view.witness().filter(t -> t.primary().equals(primary)).isEmpty()) {
        Moment seen = view.latest().orElseThrow().at();
        Duration period = channel.get().heartbeatPeriod();
        views.put(
            view.id(),
            with(
                view,
                new Testimony(
                    primary,
                    seen,
                    Optional.empty(),
                    OptionalLong.empty(),
                    period,
                    Optional.empty())));
      }
    }
  }

  /** The result of a test of the primary through a witness. */
  void tested(ServerId witness, boolean reached, Moment at) {
    View view = view(witness);
    view.witness()
        .map(t ->
            new Testimony(
                t.primary(),
                reached ? at : t.lastHeard(),
                reached ? Optional.of(at) : t.heardAfter(),
                t.lagSeconds(),
                t.period(),
                Optional.of(new Checked(at, reached))))
        .ifPresent(t -> views.put(witness, with(view, t)));
  }

  /** It begins anew, so its comparison does. */
  void attached(ServerId server) {
    views.put(server, view(server).unmarked());
  }

  private static View with(View view, Testimony testimony) {
    return new View(
        view.spec(),
        view.latest(),
        view.seen(),
        view.missingSince(),
        view.misses(),
        Optional.of(testimony),
        view.lead(),
        view.lacks(),
        view.mark(),
        view.connecting(),
        view.stuck(),
        view.shut(),
        view.commitsPerSecond());
  }

  // --- who is ahead of whom

  /** A reading of the primary that began after the others were read judges what they have. */
  private void judgeOthers(ServerId primary, Seen reading, ClusterRecord record) {
    long began = reading.at().nanos() - reading.took().toNanos();
    for (View view : List.copyOf(views.values())) {
      Optional<Seen> other = view.latest().filter(o -> o instanceof Seen).map(o -> (Seen) o);
      if (view.id().equals(primary) || other.isEmpty() || other.get().at().nanos() - began >= 0) {
        continue;
      }
      List<GtidState.Range> lead =
          other.get().facts().binlogState().beyond(reading.facts().binlogState());
      View judged = judged(view, lead, connected(view, primary));
      boolean begins =
          record.unverified().contains(view.id())
              && view.mark().isEmpty()
              && other.get().facts().channels().stream().anyMatch(Channel::running);
      views.put(view.id(), begins ? judged.marked(reading.facts()) : judged);
    }
  }

  /** A receiving thread that is not connected while the primary is well testifies to nothing. */
  private static View judged(View view, List<GtidState.Range> lead, boolean connected) {
    return new View(
        view.spec(),
        view.latest(),
        view.seen(),
        view.missingSince(),
        view.misses(),
        view.witness().filter(t -> connected),
        Optional.of(lead),
        view.lacks(),
        view.mark(),
        view.connecting(),
        view.stuck(),
        view.shut(),
        view.commitsPerSecond());
  }

  private boolean connected(View view, ServerId primary) {
    return view.facts()
        .flatMap(f -> from(f, primary))
        .filter(c -> c.io() == ThreadState.YES)
        .isPresent();
  }

  /** What the primary had before this reading began, and the server lacks though it applied it. */
  private List<GtidState.Range> lacks(Seen seen, ClusterRecord record) {
    Optional<Seen> primary =
        record
            .reign()
            .map(r -> view(r.primary()))
            .flatMap(View::latest)
            .filter(o -> o instanceof Seen)
            .map(o -> (Seen) o);
    long began = seen.at().nanos() - seen.took().toNanos();
    if (primary.isEmpty() || primary.get().at().nanos() - began >= 0) {
      return List.of();
    }
    ServerFacts source = primary.get().facts();
    GtidState log = seen.facts().binlogState();
    boolean applied = seen.facts().appliedPosition().covers(source.binlogPosition());
    return applied ? log.lacks(source.binlogState()) : List.of();
  }

  private double rate(View before, Seen seen) {
    Seen base = rateBase.get(before.id());
    if (base == null) {
      rateBase.put(before.id(), seen);
      return 0;
    }
    Duration passed = seen.at().since(base.at());
    if (passed.compareTo(RATE_WINDOW) < 0) {
      return before.commitsPerSecond();
    }
    rateBase.put(before.id(), seen);
    long commits = seen.facts().binlogPosition().beyond(base.facts().binlogPosition());
    return commits * 1000.0 / passed.toMillis();
  }

  // --- for the store

  /**
   * What to remember of each server that answers, in case this manager dies with the primary. A
   * server that is back and follows nobody yet is remembered as it was: a former primary, perhaps.
   */
  SortedMap<ServerId, Sighting> sightings(ServerId primary) {
    SortedMap<ServerId, Sighting> sightings = new TreeMap<>();
    for (View view : views.values()) {
      view.facts()
          .filter(f -> view.id().equals(primary) || !f.channels().isEmpty())
          .ifPresent(f -> sightings.put(view.id(), sighting(view, f)));
    }
    return sightings;
  }

  /** Who is ahead of whom was judged beside the old primary. */
  void newReign() {
    views.replaceAll((id, v) ->
        new View(
            v.spec(),
            v.latest(),
            v.seen(),
            v.missingSince(),
            v.misses(),
            v.witness(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            v.connecting(),
            v.stuck(),
            v.shut(),
            v.commitsPerSecond()));
  }

  private Sighting sighting(View view, ServerFacts facts) {
    Optional<Channel> connected =
        facts.channels().stream()
            .filter(c -> c.io() == ThreadState.YES && spec.at(c.source()).isPresent())
            .findFirst();
    return new Sighting(
        view.latest().orElseThrow().at().millis(),
        connected.flatMap(c -> spec.at(c.source())).map(ClusterSpec.Server::id),
        facts.held(),
        facts.binlogState(),
        connected.map(Channel::heartbeatPeriod).orElse(Duration.ZERO),
        !facts.readOnly());
  }
}
