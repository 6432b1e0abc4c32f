package dev.regent.core.story;

import static dev.regent.core.toy.World.DB1;
import static dev.regent.core.toy.World.DB2;
import static dev.regent.core.toy.World.DB3;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.control.Command;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.toy.Specs;
import dev.regent.core.toy.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The manager dies at every act of every plan, with the steps in flight taking effect or not, and a
 * new one starts on what it stored. Whatever the moment: the plan is finished or undone, nobody
 * writes beside the primary, no step lacks its stored intent, routing epochs never go back, and in
 * profile safe no acknowledged write is lost. The toy world checks these all the time.
 */
class InterruptionTest {
  /** A plan of the core at work: a world, and what sets the plan off. */
  record Scenario(String name, ClusterSpec spec, Consumer<World> before, Consumer<World> then) {
    World begin() {
      World world = World.of(spec);
      before.accept(world);
      return world;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static final Consumer<World> NOTHING = world -> {};

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
    return Stream.of(
        new Scenario("failover, async", Specs.of(Profile.ASYNC, 3), NOTHING, crash),
        new Scenario("failover, available", Specs.of(Profile.AVAILABLE, 3), NOTHING, crash),
        new Scenario("failover, safe", Specs.of(Profile.SAFE, 3), NOTHING, crash),
        new Scenario("failover, safe, four servers", Specs.of(Profile.SAFE, 4), NOTHING, crash),
        new Scenario("failover, safe, lagging", Specs.of(Profile.SAFE, 3), lag, crash),
        new Scenario("switchover, async", Specs.of(Profile.ASYNC, 3), NOTHING, switchover),
        new Scenario("switchover, available", Specs.of(Profile.AVAILABLE, 3), NOTHING, switchover),
        new Scenario("switchover, safe", Specs.of(Profile.SAFE, 3), NOTHING, switchover),
        new Scenario(
            "switchover, safe, two servers", Specs.of(Profile.SAFE, 2), NOTHING, switchover),
        new Scenario(
            "rejoin, safe",
            Specs.of(Profile.SAFE, 3),
            replaced,
            world -> world.cluster().boot(DB1)),
        new Scenario(
            "cold start, safe",
            Specs.of(Profile.SAFE, 3),
            outage,
            world -> List.of(DB1, DB2, DB3).forEach(s -> world.cluster().boot(s))),
        new Scenario(
            "cold start, async",
            Specs.of(Profile.ASYNC, 3),
            outage,
            world -> List.of(DB1, DB2, DB3).forEach(s -> world.cluster().boot(s))));
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void finishedOrUndone(Scenario scenario) {
    List<String> failures = new ArrayList<>();
    int acts = play(scenario, Integer.MAX_VALUE / 2, true, failures);
    for (int act = 1; act <= acts; act++) {
      play(scenario, act, true, failures);
      play(scenario, act, false, failures);
    }
    assertThat(acts).isGreaterThan(5);
    assertThat(failures).as(String.join("\n", failures)).isEmpty();
  }

  private static int play(Scenario scenario, int act, boolean land, List<String> failures) {
    World world = scenario.begin();
    int before = world.manager().deaths().acts();
    try {
      world.manager().deaths().at(act, land);
      scenario.then().accept(world);
      world.run(Duration.ofSeconds(1)).settle(Duration.ofSeconds(30));
      int acts = world.manager().deaths().acts() - before;
      everybodyBack(world);
      if (scenario.spec().policy().profile() == Profile.SAFE) {
        assertThat(world.lost()).isEmpty();
      }
      return acts;
    } catch (AssertionError | RuntimeException e) {
      failures.add("died at act " + act + (land ? ", steps landed: " : ", steps lost: ") + e);
      return 0;
    }
  }

  private static void everybodyBack(World world) {
    world.cluster().servers().stream()
        .filter(s -> !s.up())
        .forEach(s -> world.cluster().boot(s.id()));
    world.settle(Duration.ofSeconds(30));
  }
}
