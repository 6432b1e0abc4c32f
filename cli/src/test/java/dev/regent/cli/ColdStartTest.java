package dev.regent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.server.publish.RunFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client command loads: the operator waits for every class. */
final class ColdStartTest {
  @TempDir private Path temp;

  @Test
  void statusLoadsNoneOfTheDaemonsLibraries() throws Exception {
    try (TestingDaemon daemon = new TestingDaemon(new RunFolder(temp.resolve("run")), "shop")) {
      List<String> loaded = loadedBy("status", "--socket", daemon.path().toString());
      assertThat(loaded).anyMatch(c -> c.startsWith("picocli."));
      assertThat(loaded)
          .noneMatch(c ->
              c.startsWith("org.mariadb.")
                  || c.startsWith("tools.jackson.")
                  || c.startsWith("com.fasterxml.")
                  || c.startsWith("org.tomlj.")
                  || c.startsWith("org.antlr.")
                  || c.startsWith("org.slf4j.")
                  || c.startsWith("java.sql.Driver")
                  || c.startsWith("java.net.http."));
      assertThat(loaded.stream().filter(c -> c.startsWith("dev.regent.")))
          .hasSizeLessThan(25)
          .noneMatch(c -> c.startsWith("dev.regent.core."));
    }
  }

  @Test
  void versionMakesNoCommand() throws Exception {
    assertThat(loadedBy("--version")).noneMatch(c -> c.startsWith("dev.regent.cli.commands."));
  }

  /** The names of all classes that a JVM loads for a command that succeeds. */
  private List<String> loadedBy(String... words) throws IOException, InterruptedException {
    Path log = temp.resolve("classes.log");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xlog:class+load:file=" + log + ":none",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName());
    builder.command().addAll(List.of(words));
    builder.redirectErrorStream(true);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    return Files.readAllLines(log).stream().map(line -> line.split(" ", 2)[0]).toList();
  }
}
