package dev.regent.sim.seeds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.control.Controller;
import dev.regent.proxy.session.Session;
import dev.regent.sim.swarm.Swarm;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A seed tells the same story every time, in any JVM, or it could not be told again. */
class DeterminismTest {
  private static final List<Long> SEEDS = LongStream.rangeClosed(1, 6).boxed().toList();

  @Test
  void sameSeedTwiceInOneJvm() {
    for (long seed : SEEDS) {
      assertThat(Hashes.line(seed)).isEqualTo(Hashes.line(seed));
    }
    assertThat(SEEDS.stream().map(Hashes::hash)).doesNotHaveDuplicates();
  }

  /**
   * The other JVM has another collector and compiler, other identity hash codes, another language,
   * another time zone, and its own salt for the order of immutable sets.
   */
  @Test
  void sameSeedsInAnotherJvm() throws Exception {
    List<String> here = SEEDS.stream().map(Hashes::line).toList();
    List<String> there =
        elsewhere(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UnlockExperimentalVMOptions",
            "-XX:hashCode=2",
            "-Duser.language=tr",
            "-Duser.timezone=Asia/Kathmandu");
    assertThat(there).isEqualTo(here);
  }

  private static List<String> elsewhere(String... options) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Stream<String> program = Stream.of("-cp", classPath(), Hashes.class.getName());
    List<String> command =
        Stream.of(
                Stream.of(java),
                Stream.of(options),
                program,
                SEEDS.stream().map(s -> Long.toString(s)))
            .flatMap(s -> s)
            .toList();
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (var lines = process.inputReader()) {
      List<String> told = lines.lines().toList();
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).isZero();
      return told;
    } finally {
      process.destroyForcibly();
    }
  }

  private static String classPath() throws URISyntaxException, IOException {
    return Stream.of(
            Controller.class,
            Session.class,
            Swarm.class,
            Hashes.class,
            org.jspecify.annotations.NullMarked.class)
        .map(DeterminismTest::place)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String place(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
