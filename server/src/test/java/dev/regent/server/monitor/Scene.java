package dev.regent.server.monitor;

import static dev.regent.server.render.Pictures.DB1;
import static dev.regent.server.render.Pictures.DB2;
import static dev.regent.server.render.Pictures.DB3;
import static dev.regent.server.render.Pictures.NOW;
import static dev.regent.server.render.Pictures.SPEC;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.analyze.Guarantee;
import dev.regent.core.control.Entry;
import dev.regent.core.control.Ledger;
import dev.regent.core.control.Picture;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.ClusterRecord.Maintenance;
import dev.regent.core.model.ClusterRecord.OpenPlan;
import dev.regent.core.model.ClusterRecord.Reign;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.Moment;
import dev.regent.core.model.Observation;
import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerId;
import dev.regent.core.model.Snapshot;
import dev.regent.server.render.Pictures;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** A cluster that changes from picture to picture: db1 primary, db2 and db3 follow it. */
final class Scene {
  private final Map<ServerId, Snapshot.View> views = new LinkedHashMap<>();
  private ClusterRecord record =
      Ledger.apply(
          ClusterRecord.blank(),
          new Entry.ReignBegan(new Reign(7, DB1, GtidPosition.EMPTY, NOW.millis())));
  private Moment now = NOW;
  private Optional<ServerId> routed = Optional.of(DB1);
  private Optional<OpenPlan> plan = Optional.empty();
  private List<Diagnosis> diagnoses = List.of();

  Scene() {
    look(DB1, Pictures.primary("0-1-1"));
    look(DB2, following());
    look(DB3, following());
  }

  static ServerFacts following() {
    return Pictures.replica("0-1-1", Pictures.channel("0-1-1", ThreadState.YES, true, 0));
  }

  static ServerFacts following(ThreadState io, long lag) {
    return Pictures.replica("0-1-1", Pictures.channel("0-1-1", io, true, lag));
  }

  static ServerFacts alone() {
    return Pictures.replica("0-1-1");
  }

  ClusterRecord record() {
    return record;
  }

  Scene pass(int millis) {
    now = now.plus(Duration.ofMillis(millis));
    return this;
  }

  Scene look(ServerId id, ServerFacts facts) {
    Observation.Seen seen = new Observation.Seen(facts, now, Duration.ofMillis(2));
    views.put(id, view(id, seen, Optional.of(seen), Optional.empty(), 0));
    return this;
  }

  Scene miss(ServerId id, Observation.Kind kind) {
    Snapshot.View before = views.get(id);
    Observation.Missed missed = new Observation.Missed(kind, "gone", now);
    views.put(
        id,
        view(
            id,
            missed,
            before == null ? Optional.empty() : before.seen(),
            Optional.of(before == null ? now : before.missingSince().orElse(now)),
            before == null ? 1 : before.misses() + 1));
    return this;
  }

  private static Snapshot.View view(
      ServerId id,
      Observation latest,
      Optional<Observation.Seen> seen,
      Optional<Moment> missing,
      int misses) {
    return new Snapshot.View(
        SPEC.server(id),
        Optional.of(latest),
        seen,
        missing,
        misses,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        0);
  }

  Scene diagnosed(Diagnosis... found) {
    diagnoses = List.of(found);
    return this;
  }

  /** Writes go there; nowhere if nobody is named. */
  Scene routed(ServerId... to) {
    routed = List.of(to).stream().findFirst();
    return this;
  }

  Scene planned(boolean running) {
    plan =
        running
            ? Optional.of(
                new OpenPlan(
                    1,
                    "SWITCHOVER",
                    "why",
                    8,
                    Optional.of(DB1),
                    Optional.of(DB2),
                    false,
                    false,
                    0,
                    List.of(),
                    new TreeSet<>(),
                    Optional.empty()))
            : Optional.empty();
    return this;
  }

  Scene maintained(ServerId id) {
    record =
        Ledger.apply(
            record, new Entry.MaintenanceBegan(id, new Maintenance("ann", "disk", now.millis())));
    return this;
  }

  Picture take() {
    return new Picture(
        new Snapshot(SPEC, now, record, List.copyOf(views.values())),
        diagnoses,
        List.of(),
        new Guarantee(true, List.of()),
        new RoutingTable(7, routed, false, List.of()),
        plan);
  }

  Diagnosis dead() {
    return new Diagnosis.PrimaryDead(
        DB1, Diagnosis.PrimaryDead.Cause.CRASH, List.of(DB2, DB3), now);
  }

  Diagnosis unwitnessed() {
    return new Diagnosis.PrimaryUnwitnessed(DB1, Observation.Kind.TIMEOUT, "nobody follows it");
  }

  Diagnosis hidden() {
    return new Diagnosis.PrimaryHidden(DB1, DB2, Observation.Kind.TIMEOUT, now);
  }
}
