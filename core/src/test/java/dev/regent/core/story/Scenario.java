package dev.regent.core.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerId;
import dev.regent.core.toy.ToyServer;
import dev.regent.core.toy.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A plan of the core at work, to be interrupted at every act.
 *
 * @param begin the world before it
 * @param then what sets it off
 * @param end what must come to hold, whenever the manager died
 */
record Scenario(String name, Supplier<World> begin, Consumer<World> then, Consumer<World> end) {
  private static final Duration SETTLING = Duration.ofSeconds(30);

  /** What happens in the moment in which the manager dies, if anything. */
  private enum Beside {
    NOTHING,
    PRIMARY_CRASHES
  }

  @Override
  public String toString() {
    return name;
  }

  /** The manager dies at each act, its steps in flight landing or not; what went wrong. */
  List<String> interruptions() {
    return interruptions(Beside.NOTHING);
  }

  /** The same, and the primary dies with the manager. */
  List<String> interruptionsWithACrash() {
    return interruptions(Beside.PRIMARY_CRASHES);
  }

  private List<String> interruptions(Beside beside) {
    List<String> failures = new ArrayList<>();
    int acts = play(Integer.MAX_VALUE / 2, true, Beside.NOTHING, failures);
    for (int act = 1; act <= acts; act++) {
      play(act, true, beside, failures);
      play(act, false, beside, failures);
    }
    if (acts < 3 && failures.isEmpty()) {
      failures.add("only " + acts + " acts: there was no plan to interrupt");
    }
    return failures;
  }

  private int play(int act, boolean land, Beside beside, List<String> failures) {
    World world = begin.get();
    int before = world.manager().deaths().acts();
    try {
      world.manager().deaths().at(act, land);
      then.accept(world);
      if (beside == Beside.PRIMARY_CRASHES) {
        crashBesideIt(world);
      } else {
        world.run(Duration.ofSeconds(1));
        end.accept(world);
        world.settle(SETTLING);
      }
      int acts = world.manager().deaths().acts() - before;
      everybodyBack(world);
      if (world.cluster().spec().policy().profile() == Profile.SAFE) {
        assertThat(world.lost()).isEmpty();
      }
      return acts;
    } catch (AssertionError | RuntimeException e) {
      failures.add("died at act " + act + (land ? ", steps landed: " : ", steps lost: ") + e);
      return 0;
    }
  }

  private static void crashBesideIt(World world) {
    ServerId primary = world.primary();
    world.until("dead", () -> !world.manager().alive());
    world.cluster().kill(primary);
    world.run(Duration.ofSeconds(5)).cluster().heal();
    world.run(Duration.ofSeconds(5));
  }

  private static void everybodyBack(World world) {
    world.cluster().heal();
    world.cluster().servers().stream()
        .filter(s -> s.process() == ToyServer.Life.DOWN)
        .forEach(s -> world.cluster().boot(s.id()));
    world.settle(SETTLING);
  }
}
