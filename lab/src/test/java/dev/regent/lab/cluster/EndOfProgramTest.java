package dev.regent.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever ends the program that owns a cluster, the cluster goes with it. */
@Tag("real")
class EndOfProgramTest {
  @TempDir private Path data;
  private Process holder;

  @AfterEach
  void end() {
    holder.destroyForcibly();
  }

  @Test
  void killedProgramTakesItsServersWithIt() throws IOException {
    Path folder = awaitCluster();
    holder.destroyForcibly();
    // The shell that watches us needs a moment, and nobody waits for it.
    await().until(() -> Leftovers.filesIn(data).isEmpty());
    assertThat(Leftovers.processesOf(folder)).isEmpty();
  }

  @Test
  void endedProgramIsGoneOnlyAfterItsServers() throws Exception {
    Path folder = awaitCluster();
    holder.destroy();
    holder.waitFor();
    assertThat(Leftovers.processesOf(folder)).isEmpty();
    assertThat(folder).doesNotExist();
  }

  @Test
  void programEndedInTheMiddleOfAStartLeavesNothing() throws Exception {
    await().until(() -> !Leftovers.processesOf(data).isEmpty());
    holder.destroy();
    holder.waitFor();
    await().until(() -> Leftovers.filesIn(data).isEmpty());
    assertThat(Leftovers.processesOf(data)).isEmpty();
  }

  private Path awaitCluster() throws IOException {
    BufferedReader said =
        new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8));
    Path folder = Path.of(String.valueOf(said.readLine()));
    assertThat(Leftovers.processesOf(folder)).hasSize(2);
    return folder;
  }

  @BeforeEach
  void start() throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "-Dregent.lab.data=" + data,
            ClusterHolder.class.getName());
    holder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
