package dev.regent.sim.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.analyze.Loss;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerId;
import dev.regent.sim.kernel.Trace;
import dev.regent.sim.world.Settled;
import dev.regent.sim.world.Setup;
import dev.regent.sim.world.Specs;
import dev.regent.sim.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KilledPrimaryTest {
  private static final int SEEDS = 40;
  private static final ServerId DB1 = new ServerId("db1");

  @ParameterizedTest
  @EnumSource(Profile.class)
  void isReplacedUnderClientsAndComesBackAsAReplica(Profile profile) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      World world = killed(profile, seed, Trace.silent());
      assertThat(world.promises().promotions()).as("seed %d", seed).isEqualTo(1);
      assertThat(world.writes().acknowledged().size()).as("seed %d", seed).isGreaterThan(300);
      assertThat(world.accounts().stated().getLast().proven()).isEqualTo(Loss.Proof.EXACT);
    }
  }

  /** In profile safe the promise would have stopped the world; here somebody must have lost. */
  @ParameterizedTest
  @EnumSource(value = Profile.class, names = "ASYNC")
  void losesAcknowledgedWritesWhereThatIsPossible(Profile profile) {
    int lost = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      World world = killed(profile, seed, Trace.silent());
      lost += world.promises().missing(world.server(world.routes().target().orElseThrow())).size();
    }
    assertThat(lost).isPositive();
  }

  @ParameterizedTest
  @EnumSource(Profile.class)
  void happensTheSameWayEveryTime(Profile profile) {
    List<String> once = new ArrayList<>();
    List<String> again = new ArrayList<>();
    long hash = killed(profile, 7, Trace.to(once::add)).trace().hash();
    assertThat(killed(profile, 7, Trace.to(again::add)).trace().hash()).isEqualTo(hash);
    assertThat(again).isEqualTo(once);
    assertThat(killed(profile, 7, Trace.silent()).trace().hash()).isEqualTo(hash);
    assertThat(killed(profile, 8, Trace.silent()).trace().hash()).isNotEqualTo(hash);
  }

  private static World killed(Profile profile, long seed, Trace trace) {
    World world = new World(Setup.of(seed, Specs.of(profile, 3)), trace).begin();
    world.run(Duration.ofMillis(world.dice().of("story").below(1000)));
    world.fate(DB1).kill(0);
    world.until(
        "another primary",
        Duration.ofSeconds(5),
        () -> world.routes().target().filter(s -> !s.equals(DB1)).isPresent());
    world.run(Duration.ofSeconds(1));
    world.fate(DB1).start();
    world.until(
        "back as a replica",
        Duration.ofSeconds(20),
        () -> world.server(DB1).listening() && Settled.is(world));
    return world;
  }
}
