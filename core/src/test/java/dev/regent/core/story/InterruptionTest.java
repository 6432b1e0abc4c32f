package dev.regent.core.story;

import static dev.regent.core.toy.World.DB1;
import static dev.regent.core.toy.World.DB2;
import static dev.regent.core.toy.World.DB3;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.control.Command;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Promoting;
import dev.regent.core.toy.Specs;
import dev.regent.core.toy.World;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The manager dies at every act of every change of the role, with the steps in flight taking effect
 * or not, and a new one starts on what it stored. Whatever the moment: the plan is finished or
 * undone, nobody writes beside the primary, no step lacks its stored intent, routing epochs never
 * go back, and in profile safe no acknowledged write is lost. The toy world checks these all the
 * time. {@link InterruptedRepairTest} does the same to the lesser plans.
 */
class InterruptionTest {
  private static final Consumer<World> NOTHING = world -> {};

  private static Scenario scenario(
      String name, ClusterSpec spec, Consumer<World> before, Consumer<World> then) {
    return new Scenario(
        name,
        () -> {
          World world = World.of(spec);
          before.accept(world);
          return world;
        },
        then,
        NOTHING);
  }

  static Stream<Scenario> scenarios() {
    Consumer<World> crash = world -> world.cluster().kill(DB1);
    Consumer<World> lag =
        world -> {
          world.writing(1);
          world.server(DB2).applyMillis = 10;
          world.server(DB3).applyMillis = 10;
          world.run(Duration.ofSeconds(2));
        };
    Consumer<World> switchover =
        world ->
            world.manager().order(new Command.SwitchOver("ann", Optional.empty(), false, false));
    Consumer<World> replaced =
        world -> {
          world.cluster().kill(DB1);
          world.settle();
        };
    Consumer<World> outage = world -> List.of(DB1, DB2, DB3).forEach(s -> world.cluster().kill(s));
    Consumer<World> over = world -> List.of(DB1, DB2, DB3).forEach(s -> world.cluster().boot(s));
    return Stream.of(
        scenario("failover, async", Specs.of(Profile.ASYNC, 3), NOTHING, crash),
        scenario("failover, available", Specs.of(Profile.AVAILABLE, 3), NOTHING, crash),
        scenario("failover, safe", Specs.of(Profile.SAFE, 3), NOTHING, crash),
        scenario("failover, safe, four servers", Specs.of(Profile.SAFE, 4), NOTHING, crash),
        scenario("failover, safe, lagging", Specs.of(Profile.SAFE, 3), lag, crash),
        scenario("switchover, async", Specs.of(Profile.ASYNC, 3), NOTHING, switchover),
        scenario("switchover, available", Specs.of(Profile.AVAILABLE, 3), NOTHING, switchover),
        scenario("switchover, safe", Specs.of(Profile.SAFE, 3), NOTHING, switchover),
        scenario("switchover, safe, two servers", Specs.of(Profile.SAFE, 2), NOTHING, switchover),
        scenario(
            "rejoin, safe",
            Specs.of(Profile.SAFE, 3),
            replaced,
            world -> world.cluster().boot(DB1)),
        scenario("cold start, safe", Specs.of(Profile.SAFE, 3), outage, over),
        scenario("cold start, async", Specs.of(Profile.ASYNC, 3), outage, over));
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void finishedOrUndone(Scenario scenario) {
    List<String> failures = scenario.interruptions();
    assertThat(failures).as(String.join("\n", failures)).isEmpty();
  }

  static Stream<Arguments> roleChanges() {
    Command failover = new Command.FailOver("ann", Optional.of(DB2), true, false);
    Command switchover = new Command.SwitchOver("ann", Optional.of(DB2), false, false);
    ClusterSpec safe = Specs.asynchronous(Specs.of(Profile.SAFE, 4), DB3);
    return Stream.of(Specs.of(Profile.ASYNC, 3), safe)
        .flatMap(s -> Stream.of(failover, switchover).map(c -> Arguments.of(s, c)));
  }

  /**
   * To follow takes several statements, and the manager died before the last one. The next one may
   * be paused, or end with this plan, as {@code mariadb-repmgr} does: then no repair comes after
   * it. Sync members are looked for wherever they are pointed; this one is none.
   */
  @ParameterizedTest
  @MethodSource("roleChanges")
  void replicaThatWasPointedAndNotStartedIsStartedByThePlanItself(
      ClusterSpec spec, Command command) {
    World world = World.of(spec);
    world.order(new Command.PauseCluster("ann", "one act at a time"));
    if (command instanceof Command.FailOver) {
      world.cluster().kill(DB1);
    }
    world.manager().order(command);
    world.until("opened", () -> world.manager().executed(Promoting.OpenForWrites.class));
    world.manager().die();
    assertThat(world.quiet()).as("the plan is open").isFalse();
    world.cluster().follow(DB3, DB2);
    world.server(DB3).stop(true, true);
    world.manager().start();
    world.until("the plan is closed", world::quiet);
    assertThat(world.primary()).isEqualTo(DB2);
    world.until("it replicates", Duration.ofSeconds(5), () -> replicates(world, DB3));
    assertThat(world.server(DB3).channel().facts(0).source()).isEqualTo(new Endpoint("db2", 3306));
  }

  private static boolean replicates(World world, ServerId server) {
    return world.server(server).channel().facts(0).running();
  }
}
