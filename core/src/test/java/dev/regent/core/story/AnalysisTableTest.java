package dev.regent.core.story;

import static dev.regent.core.toy.ToyCluster.MANAGER;
import static dev.regent.core.toy.World.DB1;
import static dev.regent.core.toy.World.DB2;
import static dev.regent.core.toy.World.DB3;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.control.Command;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.Observation.Kind;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerFacts.SemiSync;
import dev.regent.core.model.ServerId;
import dev.regent.core.toy.Specs;
import dev.regent.core.toy.World;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is observed, and what it is called: the situations that orchestrator's analysis tells apart
 * (reference: its integration fixtures), in our words and with our answers. db2 and db3 follow
 * primary db1, and db4 and db5 follow relay db2.
 *
 * <p>Left out, because they have no meaning here:
 *
 * <ul>
 *   <li>binlog servers and group replication: MariaDB has neither
 *   <li>pseudo-GTID and clusters without any: Regent points replicas by GTID, nothing else
 *   <li>two primaries that follow each other: one reign has one primary, see {@code PrimaryFollows}
 *   <li>tags, pools, search, heuristic lag of a cluster: views of theirs, no diagnoses
 *   <li>a primary that nobody follows: a cluster of one server is a row, others are never adopted
 * </ul>
 */
class AnalysisTableTest {
  private static final ServerId DB4 = new ServerId("db4");
  private static final ServerId DB5 = new ServerId("db5");
  private static final List<ServerId> REPLICAS = List.of(DB2, DB3, DB4, DB5);
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);

  /** Whether the role moves. */
  enum Role {
    MOVES,
    STAYS
  }

  /**
   * @param gives what must be diagnosed within ten seconds; {@code PrimaryDead} exactly where the
   *     role moves
   */
  record Row(
      String name,
      ClusterSpec spec,
      Consumer<World> observed,
      Role role,
      List<Class<? extends Diagnosis>> gives) {
    @Override
    public String toString() {
      return name;
    }

    Row of(ClusterSpec other) {
      return new Row(name, other, observed, role, gives);
    }
  }

  @SafeVarargs
  @SuppressWarnings("varargs") // List.of copies them
  private static Row row(
      String name, Role role, Consumer<World> observed, Class<? extends Diagnosis>... gives) {
    return new Row(name, Specs.of(Profile.ASYNC, 5), observed, role, List.of(gives));
  }

  private static Consumer<World> each(List<ServerId> servers, WithServer act) {
    return world -> servers.forEach(s -> act.on(world, s));
  }

  /** Something that happens to one server. */
  private interface WithServer {
    void on(World world, ServerId server);
  }

  private static void kill(World world, ServerId server) {
    world.cluster().kill(server);
  }

  private static void cutOff(World world, ServerId server) {
    world.cluster().cut(MANAGER, server);
  }

  private static void stop(World world, ServerId server) {
    world.server(server).stop(true, true);
  }

  private static void stopApplying(World world, ServerId server) {
    world.server(server).stop(false, true);
  }

  private static void applySlowly(World world, ServerId server) {
    world.server(server).applyMillis = 1000;
  }

  private static void loseConnection(World world, ServerId server) {
    world.server(server).loseConnection(Duration.ofHours(1));
  }

  // --- the primary does not answer

  static Stream<Row> deadPrimary() {
    return Stream.of(
        row("nothing is wrong", Role.STAYS, w -> {}, Diagnosis.PrimaryWell.class),
        row(
            "primary gone, and every replica lost it",
            Role.MOVES,
            w -> kill(w, DB1),
            Diagnosis.PrimaryDead.class),
        row(
            "primary gone, and one replica is gone too",
            Role.MOVES,
            each(List.of(DB3, DB1), AnalysisTableTest::kill),
            Diagnosis.PrimaryDead.class,
            Diagnosis.ReplicaUnreachable.class),
        row(
            "primary gone, and one replica is out of our reach",
            Role.MOVES,
            w -> {
              cutOff(w, DB3);
              kill(w, DB1);
            },
            Diagnosis.PrimaryDead.class,
            Diagnosis.ReplicaUnreachable.class),
        row(
            "primary gone, with all that followed it",
            Role.STAYS,
            each(List.of(DB1, DB2, DB3), AnalysisTableTest::kill),
            Diagnosis.PrimaryUnwitnessed.class,
            Diagnosis.RelayDead.class),
        row(
            "primary gone, with everybody",
            Role.STAYS,
            each(List.of(DB1, DB2, DB3, DB4, DB5), AnalysisTableTest::kill),
            Diagnosis.ClusterDown.class),
        row("lonely primary gone", Role.STAYS, w -> kill(w, DB1), Diagnosis.ClusterDown.class)
            .of(Specs.of(Profile.ASYNC, 1)),
        row(
            "primary gone after somebody stopped all replicas",
            Role.STAYS,
            w -> {
              REPLICAS.forEach(s -> stop(w, s));
              w.run(Duration.ofSeconds(1));
              kill(w, DB1);
            },
            Diagnosis.PrimaryUnwitnessed.class,
            Diagnosis.ReplicaStopped.class));
  }

  // --- the primary answers somebody

  static Stream<Row> livingPrimary() {
    return Stream.of(
        row("only we lost it", Role.STAYS, w -> cutOff(w, DB1), Diagnosis.PrimaryHidden.class),
        row(
            "only we are refused",
            Role.STAYS,
            w -> w.server(DB1).refuse(Kind.REFUSED),
            Diagnosis.PrimaryHidden.class),
        row(
            "only we lost it, and all replicas lag",
            Role.STAYS,
            each(REPLICAS, AnalysisTableTest::applySlowly)
                .andThen(w -> w.run(Duration.ofSeconds(15)))
                .andThen(w -> cutOff(w, DB1)),
            Diagnosis.PrimaryHidden.class,
            Diagnosis.ReplicaLate.class),
        row(
            "only we lost it, and all replicas are delayed on purpose",
            Role.STAYS,
            each(REPLICAS, (w, s) -> w.server(s).delay(Duration.ofMinutes(5)))
                .andThen(w -> w.run(Duration.ofSeconds(15)))
                .andThen(w -> cutOff(w, DB1)),
            Diagnosis.PrimaryHidden.class,
            Diagnosis.Unfit.class),
        row(
            "only we lost it, one replica lags and one is delayed",
            Role.STAYS,
            w -> {
              applySlowly(w, DB2);
              w.server(DB3).delay(Duration.ofMinutes(5));
              w.run(Duration.ofSeconds(15));
              cutOff(w, DB1);
            },
            Diagnosis.PrimaryHidden.class,
            Diagnosis.ReplicaLate.class),
        row(
            "only we lost it, and no replica applies",
            Role.STAYS,
            each(REPLICAS, AnalysisTableTest::stopApplying)
                .andThen(w -> w.run(Duration.ofSeconds(1)))
                .andThen(w -> cutOff(w, DB1)),
            Diagnosis.PrimaryHidden.class,
            Diagnosis.ReplicaStopped.class),
        row(
            "only we lost it, and one replica is broken",
            Role.STAYS,
            w -> {
              w.server(DB2).breakApplying(1062, "duplicate key");
              cutOff(w, DB1);
            },
            Diagnosis.PrimaryHidden.class,
            Diagnosis.ReplicaBroken.class));
  }

  static Stream<Row> halfPrimary() {
    return Stream.of(
        row(
            "it answers only in part",
            Role.STAYS,
            w -> w.server(DB1).refuse(Kind.PROTOCOL),
            Diagnosis.PrimaryLockedOut.class),
        row(
            "it answers only in part, and no replica replicates",
            Role.STAYS,
            each(REPLICAS, AnalysisTableTest::stop)
                .andThen(w -> w.run(Duration.ofSeconds(1)))
                .andThen(w -> w.server(DB1).refuse(Kind.PROTOCOL)),
            Diagnosis.PrimaryLockedOut.class),
        row(
            "it answers only in part, and one replica is broken",
            Role.STAYS,
            w -> {
              w.server(DB2).breakApplying(1062, "duplicate key");
              w.server(DB1).refuse(Kind.TOO_MANY_CONNECTIONS);
            },
            Diagnosis.PrimaryLockedOut.class,
            Diagnosis.ReplicaBroken.class),
        row(
            "it is well and takes no writes",
            Role.STAYS,
            w -> w.server(DB1).readOnly(true),
            Diagnosis.PrimaryReadOnly.class),
        row(
            "it is well and follows a replica",
            Role.STAYS,
            w -> w.server(DB1).follow("", new Endpoint("db3", 3306)),
            Diagnosis.PrimaryFollows.class));
  }

  // --- the replicas

  static Stream<Row> replicas() {
    return Stream.of(
        row(
            "no replica replicates",
            Role.STAYS,
            each(REPLICAS, AnalysisTableTest::stop),
            Diagnosis.PrimaryWell.class,
            Diagnosis.ReplicaStopped.class),
        row(
            "no replica replicates, and one is gone",
            Role.STAYS,
            w -> {
              stop(w, DB2);
              kill(w, DB3);
            },
            Diagnosis.PrimaryWell.class,
            Diagnosis.ReplicaStopped.class,
            Diagnosis.ReplicaUnreachable.class),
        row(
                "the only replica does not replicate",
                Role.STAYS,
                w -> stop(w, DB2),
                Diagnosis.PrimaryWell.class,
                Diagnosis.ReplicaStopped.class)
            .of(Specs.of(Profile.ASYNC, 2)),
        row(
                "the only replica is gone",
                Role.STAYS,
                w -> kill(w, DB2),
                Diagnosis.PrimaryWell.class,
                Diagnosis.ReplicaUnreachable.class)
            .of(Specs.of(Profile.ASYNC, 2)),
        row(
            "one replica cannot connect",
            Role.STAYS,
            w -> loseConnection(w, DB3),
            Diagnosis.PrimaryWell.class,
            Diagnosis.ReplicaConnecting.class),
        row(
            "a replica has transactions of its own",
            Role.STAYS,
            w -> w.server(DB3).writeErrant(0),
            Diagnosis.PrimaryWell.class,
            Diagnosis.Errant.class),
        row(
            "a replica in maintenance has transactions of its own",
            Role.STAYS,
            w -> {
              w.order(new Command.BeginMaintenance("ann", DB3, "repair"));
              w.server(DB3).writeErrant(0);
            },
            Diagnosis.PrimaryWell.class,
            Diagnosis.Errant.class),
        row(
            "replicas of an older release",
            Role.STAYS,
            w -> w.server(DB3).version = "10.6.3-MariaDB",
            Diagnosis.Unfit.class),
        row(
            "replicas that log statements",
            Role.STAYS,
            w -> w.server(DB3).format = "STATEMENT",
            Diagnosis.Unfit.class),
        row(
            "replicas that log nothing of what they receive",
            Role.STAYS,
            each(REPLICAS, (w, s) -> w.server(s).logsUpdates = false),
            Diagnosis.Unfit.class));
  }

  // --- relays

  static Stream<Row> relays() {
    return Stream.of(
        row("relay gone", Role.STAYS, w -> kill(w, DB2), Diagnosis.RelayDead.class),
        row(
            "relay of one replica gone",
            Role.STAYS,
            w -> {
              w.cluster().follow(DB5, DB1);
              w.run(Duration.ofSeconds(1));
              kill(w, DB2);
            },
            Diagnosis.RelayDead.class),
        row(
            "relay gone, and one of its replicas",
            Role.STAYS,
            each(List.of(DB2, DB4), AnalysisTableTest::kill),
            Diagnosis.RelayDead.class,
            Diagnosis.ReplicaUnreachable.class),
        row(
            "relay gone, with all its replicas",
            Role.STAYS,
            each(List.of(DB2, DB4, DB5), AnalysisTableTest::kill),
            Diagnosis.PrimaryWell.class,
            Diagnosis.ReplicaUnreachable.class),
        row(
            "only we lost the relay",
            Role.STAYS,
            w -> cutOff(w, DB2),
            Diagnosis.PrimaryWell.class,
            Diagnosis.ReplicaUnreachable.class),
        row(
            "only we lost the relay, and its replicas lag",
            Role.STAYS,
            each(List.of(DB4, DB5), AnalysisTableTest::applySlowly)
                .andThen(w -> w.run(Duration.ofSeconds(15)))
                .andThen(w -> cutOff(w, DB2)),
            Diagnosis.ReplicaUnreachable.class,
            Diagnosis.ReplicaLate.class),
        row(
            "no replica of the relay replicates",
            Role.STAYS,
            each(List.of(DB4, DB5), AnalysisTableTest::stop),
            Diagnosis.PrimaryWell.class,
            Diagnosis.ReplicaStopped.class),
        row(
            "no replica of the relay can connect",
            Role.STAYS,
            each(List.of(DB4, DB5), AnalysisTableTest::loseConnection),
            Diagnosis.PrimaryWell.class,
            Diagnosis.ReplicaConnecting.class));
  }

  // --- semi-sync

  private static Row safe(
      String name, Consumer<World> observed, List<Class<? extends Diagnosis>> gives) {
    return new Row(name, Specs.of(Profile.SAFE, 3), observed, Role.STAYS, gives);
  }

  static Stream<Row> semiSync() {
    return Stream.of(
        safe("commits are acknowledged", w -> {}, List.of(Diagnosis.PrimaryWell.class)),
        safe(
            "commits wait, and nobody is there",
            each(List.of(DB2, DB3), AnalysisTableTest::kill),
            List.of(Diagnosis.SemiSyncBlocked.class, Diagnosis.SyncMemberSilent.class)),
        safe(
            "one of two members is gone",
            w -> kill(w, DB3),
            List.of(Diagnosis.PrimaryWell.class, Diagnosis.SyncMemberSilent.class)),
        safe(
            "a member does not acknowledge",
            w -> w.server(DB3).semiSync(new SemiSync(false, false, 10_000, "AFTER_SYNC", true)),
            List.of(Diagnosis.PrimaryWell.class, Diagnosis.SyncMemberSilent.class)),
        safe(
            "the primary went back to plain replication",
            w -> w.server(DB1).semiSync(new SemiSync(true, false, 10_000, "AFTER_SYNC", true)),
            List.of(Diagnosis.PrimaryWell.class, Diagnosis.SemiSyncUnprotected.class)),
        safe(
                "more servers acknowledge than are listed",
                w -> w.server(DB3).semiSync(new SemiSync(false, true, 10_000, "AFTER_SYNC", true)),
                List.of(Diagnosis.PrimaryWell.class, Diagnosis.SyncStranger.class))
            .of(Specs.asynchronous(Specs.of(Profile.SAFE, 4), DB3)));
  }

  @ParameterizedTest
  @MethodSource({"deadPrimary", "livingPrimary", "halfPrimary", "replicas", "relays", "semiSync"})
  void isCalledByItsName(Row row) {
    World world = World.of(row.spec());
    if (row.spec().servers().size() == 5) {
      world.cluster().follow(DB4, DB2);
      world.cluster().follow(DB5, DB2);
      world.run(Duration.ofSeconds(2));
    }
    SortedSet<String> before = names(world);
    row.observed().accept(world);
    SortedSet<String> seen = seen(world);
    assertThat(before).isSubsetOf("PrimaryWell", "SyncStranger");
    assertThat(seen).containsAll(row.gives().stream().map(Class::getSimpleName).toList());
    assertThat(seen.contains("PrimaryDead")).isEqualTo(row.role() == Role.MOVES);
    assertThat(world.record().epoch()).isEqualTo(row.role() == Role.MOVES ? 2 : 1);
    if (!row.gives().contains(Diagnosis.RelayDead.class)) {
      assertThat(seen).doesNotContain("RelayDead");
    }
    if (!row.gives().contains(Diagnosis.SemiSyncBlocked.class)) {
      assertThat(seen).doesNotContain("SemiSyncBlocked");
    }
  }

  private static SortedSet<String> names(World world) {
    SortedSet<String> names = new TreeSet<>();
    world.diagnoses().forEach(d -> names.add(d.name()));
    return names;
  }

  private static SortedSet<String> seen(World world) {
    SortedSet<String> seen = new TreeSet<>();
    for (int i = 0; i < LONG_ENOUGH.toMillis(); i++) {
      world.run(Duration.ofMillis(1));
      seen.addAll(names(world));
    }
    return seen;
  }
}
