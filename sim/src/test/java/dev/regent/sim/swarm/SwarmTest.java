package dev.regent.sim.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.model.Policy.Profile;
import dev.regent.sim.kernel.Trace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The long form is {@code regent sim --minutes M}. */
class SwarmTest {
  private static final int SEEDS = 60;

  @ParameterizedTest
  @EnumSource(Profile.class)
  void everyPromiseIsKeptOnManyBadDays(Profile profile) {
    List<String> broken = new ArrayList<>();
    long promotions = 0;
    long acknowledged = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      Options options = Swarm.options(seed, profile);
      Script script = Swarm.script(options);
      Verdict verdict = Swarm.run(options, script, Trace.silent());
      if (!verdict.good()) {
        broken.add("seed " + seed + ": " + verdict + ", " + options.words() + ", " + script);
      }
      promotions += verdict.figures().promotions();
      acknowledged += verdict.figures().acknowledged();
    }
    assertThat(broken).isEmpty();
    // Days on which nothing happens prove nothing.
    assertThat(promotions).isGreaterThan(SEEDS / 4);
    assertThat(acknowledged).isGreaterThan(1_000L * SEEDS);
  }

  @Test
  void oneSeedIsOneStoryInAnyProcess() throws IOException, InterruptedException {
    Options options = Swarm.options(3);
    Verdict here = Swarm.run(options, Swarm.script(options), Trace.silent());
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.regent.sim.Main",
                "--seed",
                "3")
            .redirectErrorStream(true)
            .start();
    String said;
    try (InputStream out = other.getInputStream()) {
      said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertThat(other.waitFor()).as(said).isZero();
    assertThat(said).contains("hash=" + here.figures().hash());
  }
}
