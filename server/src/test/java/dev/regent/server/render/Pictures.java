package dev.regent.server.render;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.analyze.Guarantee;
import dev.regent.core.control.Entry;
import dev.regent.core.control.Event;
import dev.regent.core.control.Ledger;
import dev.regent.core.control.Picture;
import dev.regent.core.model.Channel;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.ClusterRecord.Reign;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.GtidState;
import dev.regent.core.model.Moment;
import dev.regent.core.model.Observation;
import dev.regent.core.model.Policy;
import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerId;
import dev.regent.core.model.Snapshot;
import dev.regent.core.plan.Decision;
import dev.regent.server.store.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/**
 * Pictures of a cluster {@code shop} with db1 (primary of epoch 7), db2 and db3, as a daemon would
 * show them at {@link #NOW}. Starts healthy; each method changes one thing.
 */
public final class Pictures {
  public static final Moment NOW = new Moment(3_600_000_000_000L, 1_795_435_200_000L);
  public static final ServerId DB1 = new ServerId("db1");
  public static final ServerId DB2 = new ServerId("db2");
  public static final ServerId DB3 = new ServerId("db3");

  public static final ClusterSpec SPEC =
      new ClusterSpec(
          "shop",
          List.of(server(DB1, 3306), server(DB2, 3307), server(DB3, 3308)),
          Policy.of(Policy.Profile.SAFE),
          ClusterSpec.Hooks.NONE);

  private final List<Snapshot.View> views = new ArrayList<>();
  private final List<Diagnosis> diagnoses = new ArrayList<>();
  private final List<Decision> decisions = new ArrayList<>();
  private ClusterRecord record = ClusterRecord.blank();
  private Guarantee guarantee = new Guarantee(true, List.of());
  private RoutingTable routing = routed(7, DB1, false);

  /** Everything as it should be. */
  public static Pictures healthy() {
    Pictures pictures = new Pictures();
    pictures.views.add(seen(DB1, primary("0-1-1234567")));
    pictures.views.add(
        seen(DB2, replica("0-1-1234567", channel("0-1-1234567", ThreadState.YES, true, 0))));
    pictures.views.add(
        seen(DB3, replica("0-1-1234533", channel("0-1-1234567", ThreadState.YES, true, 12))));
    pictures.diagnoses.add(new Diagnosis.PrimaryWell(DB1, 7));
    return pictures.and(
        new Entry.TookOffice(NOW.millis()),
        new Entry.ReignBegan(
            new Reign(7, DB1, GtidPosition.parse("0-3-1000"), NOW.millis() - 90_000)),
        new Entry.SyncSet(new TreeSet<>(List.of(DB2, DB3))));
  }

  public Pictures and(Entry... entries) {
    record = Ledger.apply(record, List.of(entries));
    return this;
  }

  public Pictures missed(ServerId id, Observation.Kind kind, Duration since) {
    Moment last = NOW.plus(since.negated());
    views.replaceAll(v ->
        v.id().equals(id)
            ? new Snapshot.View(
                v.spec(),
                Optional.of(new Observation.Missed(kind, "no route", NOW)),
                v.seen().map(s -> new Observation.Seen(s.facts(), last, s.took())),
                Optional.of(last),
                12,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                0)
            : v);
    return this;
  }

  public Pictures showing(ServerId id, ServerFacts facts) {
    views.replaceAll(v -> v.id().equals(id) ? seen(id, facts) : v);
    return this;
  }

  public Pictures diagnosed(Diagnosis... found) {
    diagnoses.clear();
    diagnoses.addAll(List.of(found));
    return this;
  }

  public Pictures decided(Decision... found) {
    decisions.addAll(List.of(found));
    return this;
  }

  public Pictures notLossFree(String... reasons) {
    guarantee = new Guarantee(false, List.of(reasons));
    return this;
  }

  public Pictures routing(RoutingTable table) {
    routing = table;
    return this;
  }

  public Picture take() {
    return new Picture(
        new Snapshot(SPEC, NOW, record, views),
        diagnoses,
        decisions,
        guarantee,
        routing,
        record.plan());
  }

  public static RoutingTable routed(long epoch, ServerId primary, boolean held) {
    return new RoutingTable(epoch, Optional.of(primary), held, List.of(DB2, DB3));
  }

  /** A page of 80 columns without colours, read when the picture is fresh. */
  public static Page page() {
    return new Page(80, false, ZoneOffset.UTC, NOW.plus(Duration.ofMillis(100)));
  }

  static Snapshot.View seen(ServerId id, ServerFacts facts) {
    Observation.Seen seen = new Observation.Seen(facts, NOW, Duration.ofMillis(2));
    return new Snapshot.View(
        SPEC.server(id),
        Optional.of(seen),
        Optional.of(seen),
        Optional.empty(),
        0,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        0);
  }

  /** The line that the audit trail would keep. */
  public static Told told(Event event) {
    ObjectNode line = Json.object();
    line.put("time", Instant.ofEpochMilli(event.atMillis()).toString());
    line.put("name", event.getClass().getSimpleName());
    line.put("severity", event.severity().name());
    line.put("sentence", event.sentence());
    line.set("data", Json.tree(event));
    return Told.parse(Json.write(line)).orElseThrow();
  }

  public static ServerFacts primary(String position) {
    return facts(position, false, List.of());
  }

  public static ServerFacts replica(String applied, Channel... channels) {
    return facts(applied, true, List.of(channels));
  }

  public static Channel channel(String received, ThreadState io, boolean sql, long lag) {
    return new Channel(
        "",
        new Endpoint("127.0.0.1", 3306),
        1,
        io,
        sql,
        GtidPosition.parse(received),
        true,
        10,
        Duration.ofMillis(500),
        "binlog.000001",
        1000,
        "relay.000002",
        900,
        1000,
        OptionalLong.of(lag),
        Channel.Problem.NONE,
        Channel.Problem.NONE,
        Duration.ZERO,
        "");
  }

  private static ServerFacts facts(String applied, boolean replica, List<Channel> channels) {
    return new ServerFacts(
        1,
        "11.4.5-MariaDB-log",
        0,
        replica,
        new ServerFacts.BinaryLog(true, true, true, "ROW", "FULL"),
        GtidPosition.parse(applied),
        GtidState.parse(applied),
        GtidPosition.parse(applied),
        new ServerFacts.SemiSync(
            !replica, replica, ServerFacts.SemiSync.ENDLESS, "AFTER_SYNC", true),
        ServerFacts.Durability.FULL,
        false,
        0,
        channels,
        Optional.empty(),
        Optional.empty());
  }

  private static ClusterSpec.Server server(ServerId id, int port) {
    Endpoint address = new Endpoint("127.0.0.1", port);
    return new ClusterSpec.Server(
        id, address, address, ClusterSpec.Preference.NEUTRAL, 0, "", true);
  }
}
