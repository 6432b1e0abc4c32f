package dev.regent.core.story;

import static dev.regent.core.toy.ToyCluster.MANAGER;
import static dev.regent.core.toy.World.DB1;
import static dev.regent.core.toy.World.DB2;
import static dev.regent.core.toy.World.DB3;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerFacts.SemiSync;
import dev.regent.core.model.ServerId;
import dev.regent.core.toy.Specs;
import dev.regent.core.toy.World;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The manager dies at every act of the plans that leave the role where it is: adoption, rejoin, the
 * sync set, the test of a primary, the repairs. What {@link InterruptionTest} demands holds here
 * too, and some sync sets must survive the death of the primary in the same moment.
 */
class InterruptedRepairTest {
  private static final ServerId DB4 = new ServerId("db4");
  private static final Consumer<World> NOTHING = world -> {};
  private static final Duration SLOW = Duration.ofSeconds(30);

  /** DB3 may not acknowledge. */
  private static final ClusterSpec SAFE_OF_FOUR =
      Specs.asynchronous(Specs.of(Profile.SAFE, 4), DB3);

  private static SemiSync semiSync(boolean replica) {
    return new SemiSync(false, replica, 10_000, "AFTER_SYNC", true);
  }

  // --- adoption

  private static World notAdopted(Profile profile) {
    World world = new World(Specs.of(profile, 3), ClusterRecord.blank());
    world.cluster().replicateFrom(DB1);
    return world.run(Duration.ofSeconds(1));
  }

  static Stream<Scenario> adoptions() {
    Consumer<World> start = world -> world.manager().start();
    return Stream.of(
        new Scenario("adoption, async", () -> notAdopted(Profile.ASYNC), start, NOTHING),
        new Scenario("adoption, available", () -> notAdopted(Profile.AVAILABLE), start, NOTHING),
        new Scenario(
            "adoption, safe, nothing set up",
            () -> notAdopted(Profile.SAFE),
            start,
            world -> world.until("all listed", () -> world.record().syncSet().size() == 2)),
        new Scenario(
            "adoption, safe, all set up",
            () -> {
              World world = notAdopted(Profile.SAFE);
              world.cluster().semiSync(DB1, -1, true);
              return world.run(Duration.ofSeconds(1));
            },
            start,
            world -> world.until("all listed", () -> world.record().syncSet().size() == 2)));
  }

  // --- rejoin

  private static World replaced(Profile profile) {
    World world = World.of(profile);
    world.cluster().kill(DB1);
    return world.settle().run(Duration.ofSeconds(2));
  }

  private static void heldOut(World world, ServerId server) {
    world.until("held out", () -> world.record().quarantine().containsKey(server));
    world.run(Duration.ofSeconds(3));
    assertThat(world.server(server).readOnly()).isTrue();
    assertThat(world.server(server).facts().channels()).noneMatch(c -> c.running());
  }

  private static Scenario errantReturns(Profile profile) {
    return new Scenario(
        "rejoin of an errant former primary, " + profile,
        () -> {
          World world = replaced(profile);
          world.server(DB1).writeErrant(0);
          return world;
        },
        world -> world.cluster().boot(DB1),
        world -> {
          heldOut(world, DB1);
          assertThat(world.record().quarantine().get(DB1))
              .satisfies(q -> assertThat(q.file()).isEqualTo("errant-db1.sql"));
        });
  }

  static Stream<Scenario> rejoins() {
    return Stream.of(
        errantReturns(Profile.ASYNC),
        errantReturns(Profile.AVAILABLE),
        errantReturns(Profile.SAFE),
        new Scenario(
            "errant replica, safe",
            () -> World.of(Specs.of(Profile.SAFE, 4)),
            world -> world.server(DB3).writeErrant(0),
            world -> {
              heldOut(world, DB3);
              world.until("left", () -> !world.record().syncSet().contains(DB3));
            }),
        new Scenario(
            "rejoined server that skips, available",
            () -> {
              World world = replaced(Profile.AVAILABLE);
              world.server(DB1).loseLast(2);
              world.server(DB1).skipsOwnEvents();
              return world;
            },
            world -> world.cluster().boot(DB1),
            world -> heldOut(world, DB1)),
        new Scenario(
            "truncated former primary, safe",
            () -> {
              World world = replaced(Profile.SAFE);
              world.server(DB1).loseLast(3);
              return world;
            },
            world -> world.cluster().boot(DB1),
            NOTHING),
        new Scenario(
            "rebuilt server, safe",
            () -> {
              World world = replaced(Profile.SAFE);
              world.server(DB1).writeErrant(0);
              world.cluster().boot(DB1);
              world.until("held out", () -> world.record().quarantine().containsKey(DB1));
              world.settle().cluster().kill(DB1);
              world.run(Duration.ofSeconds(1));
              world.server(DB1).rebuildFrom(world.server(DB3));
              return world;
            },
            world -> world.cluster().boot(DB1),
            world -> world.until("a member", () -> world.record().syncSet().contains(DB1))));
  }

  // --- the sync set

  static Stream<Scenario> syncSets() {
    return Stream.of(
        new Scenario(
            "member switched off",
            () -> World.of(Profile.SAFE),
            world -> world.server(DB2).semiSync(semiSync(false)),
            NOTHING),
        new Scenario(
            "member joins",
            () -> {
              World world = new World(Specs.of(Profile.SAFE, 3), ClusterRecord.blank());
              world.cluster().replicateFrom(DB1);
              world.cluster().semiSync(DB1, -1, true);
              world.cluster().kill(DB3);
              world.server(DB3).forgetSource();
              world.cluster().boot(DB3);
              world.cluster().follow(DB3, DB1);
              world.manager().start();
              world.until("adopted", () -> world.record().epoch() == 1 && world.quiet());
              return world;
            },
            NOTHING,
            world -> world.until("listed", () -> world.record().syncSet().contains(DB3))),
        new Scenario(
            "stranger is listed and leaves",
            () -> World.of(SAFE_OF_FOUR),
            world -> {
              world.server(DB3).semiSync(semiSync(true));
              world.server(DB3).startReplication();
            },
            NOTHING),
        new Scenario(
            "stranger that alone acknowledged leaves",
            () -> World.of(SAFE_OF_FOUR),
            world -> {
              world.server(DB3).semiSync(semiSync(true));
              world.server(DB3).stop(true, false);
              world.server(DB3).startReplication();
              world.run(Duration.ofMillis(50)).cluster().cut(DB1, DB2);
              world.cluster().cut(DB1, DB4);
            },
            world -> world.run(Duration.ofSeconds(5)).cluster().heal()));
  }

  static Stream<Scenario> protections() {
    return Stream.of(
        new Scenario(
            "semi-sync set right, safe",
            () -> World.of(Profile.SAFE),
            world ->
                world.server(DB1).semiSync(new SemiSync(true, false, 10_000, "AFTER_SYNC", true)),
            NOTHING),
        new Scenario(
            "semi-sync set right, available",
            () -> World.of(Profile.AVAILABLE),
            world ->
                world.server(DB1).semiSync(new SemiSync(true, false, -1, "AFTER_COMMIT", true)),
            world ->
                world.until("right", () -> world.server(DB1).semiSync().timeoutMillis() == 1000)));
  }

  // --- the test of a primary through a witness

  private static World slowHeartbeats(Profile profile) {
    World world = World.of(profile).writing(0);
    world.server(DB2).heartbeat(SLOW);
    world.server(DB3).heartbeat(SLOW);
    return world.run(Duration.ofSeconds(5));
  }

  private static Scenario hidden(Profile profile) {
    return new Scenario(
        "test of a hidden primary, " + profile,
        () -> slowHeartbeats(profile),
        world -> {
          world.cluster().cut(MANAGER, DB1);
          world.run(Duration.ofSeconds(8));
        },
        world -> {
          world.until("hidden", () -> world.shows(Diagnosis.PrimaryHidden.class));
          assertThat(world.record().epoch()).isEqualTo(1);
          world.cluster().heal();
        });
  }

  private static Scenario frozen() {
    return new Scenario(
        "test of a frozen primary",
        () -> slowHeartbeats(Profile.SAFE).severalWriters(),
        world -> world.cluster().freeze(DB1),
        world -> {
          world.until("a new primary", () -> world.record().epoch() == 2);
          world.settle().cluster().thaw(DB1);
          world.run(Duration.ofSeconds(5));
        });
  }

  static Stream<Scenario> tests() {
    return Stream.of(hidden(Profile.ASYNC), hidden(Profile.SAFE), frozen());
  }

  // --- repairs

  private static World belowARelay(ClusterSpec spec) {
    World world = World.of(spec);
    world.cluster().follow(DB3, DB2);
    return world.run(Duration.ofSeconds(2));
  }

  private static Scenario relayDies(ClusterSpec spec) {
    return new Scenario(
        "relay dies, " + spec.policy().profile(),
        () -> belowARelay(spec),
        world -> world.cluster().kill(DB2),
        world ->
            world.until(
                "repointed",
                () ->
                    world
                        .server(DB3)
                        .channel()
                        .facts(0)
                        .source()
                        .equals(new Endpoint("db1", 3306))));
  }

  /** A manager died with DB2 relaxed, and the primary is back at once. */
  private static World leftRelaxed() {
    World world = World.of(Profile.SAFE).writing(1);
    world.server(DB2).applyMillis = 10;
    world.server(DB3).applyMillis = 10;
    world.run(Duration.ofSeconds(3)).cluster().kill(DB1);
    world.until("relaxed", () -> !world.server(DB2).durability().full());
    world.manager().die();
    world.writing(20).cluster().boot(DB1);
    return world.run(Duration.ofSeconds(2));
  }

  static Stream<Scenario> repairs() {
    Consumer<World> start = world -> world.manager().start();
    Consumer<World> durable =
        world -> world.until("durable", () -> world.server(DB2).durability().full());
    return Stream.of(
        relayDies(Specs.of(Profile.ASYNC, 4)),
        relayDies(SAFE_OF_FOUR),
        new Scenario("left relaxed, safe", InterruptedRepairTest::leftRelaxed, start, durable),
        new Scenario(
            "replica restarts, safe",
            () -> {
              World world = World.of(Profile.SAFE);
              world.cluster().kill(DB2);
              return world.run(Duration.ofSeconds(2));
            },
            world -> world.cluster().boot(DB2),
            NOTHING),
        new Scenario(
            "replica takes writes",
            () -> World.of(Profile.ASYNC).severalWriters().writing(0),
            world -> world.server(DB2).readOnly(false),
            NOTHING),
        new Scenario(
            "primary follows somebody",
            () -> World.of(Profile.ASYNC),
            world -> world.server(DB1).follow("", new Endpoint("db3", 3306)),
            NOTHING),
        new Scenario(
            "acknowledgements got lost",
            () -> World.of(Profile.SAFE).writing(0),
            world -> world.cluster().loseAcknowledgements(DB1),
            world ->
                world.until(
                    "passed on",
                    () -> world.server(DB1).facts().semiSyncStatus().get().waiting() == 0)),
        new Scenario(
            "replica waits for its retry",
            () -> World.of(Profile.SAFE),
            world -> world.server(DB2).loseConnection(Duration.ofMinutes(10)),
            NOTHING));
  }

  @ParameterizedTest
  @MethodSource({"adoptions", "rejoins", "syncSets", "protections", "tests", "repairs"})
  void finishedOrUndone(Scenario scenario) {
    assertNone(scenario.interruptions());
  }

  @ParameterizedTest
  @MethodSource({"syncSets", "protections"})
  void nothingIsLostWhenThePrimaryDiesWithTheManager(Scenario scenario) {
    assertNone(scenario.interruptionsWithACrash());
  }

  private static void assertNone(List<String> failures) {
    assertThat(failures).as(String.join("\n", failures)).isEmpty();
  }
}
