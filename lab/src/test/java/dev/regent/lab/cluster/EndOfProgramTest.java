package dev.regent.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever ends the program that owns a cluster, the cluster goes with it. */
@Tag("real")
class EndOfProgramTest {
  @TempDir private Path data;
  private HeldCluster held;

  @BeforeEach
  void start() throws IOException {
    held = HeldCluster.start(data);
  }

  @AfterEach
  void end() {
    held.close();
  }

  @Test
  void killedProgramTakesItsServersWithIt() throws IOException {
    Path folder = held.folder();
    held.kill();
    // The shell that watches us needs a moment, and nobody waits for it.
    await().until(() -> Leftovers.filesIn(data).isEmpty());
    assertThat(Leftovers.processesOf(folder)).isEmpty();
  }

  @Test
  void endedProgramIsGoneOnlyAfterItsServers() throws IOException {
    Path folder = held.folder();
    held.end();
    assertThat(Leftovers.processesOf(folder)).isEmpty();
    assertThat(folder).doesNotExist();
  }

  @Test
  void programEndedInTheMiddleOfAStartLeavesNothing() {
    await().until(() -> !Leftovers.processesOf(data).isEmpty());
    held.end();
    await().until(() -> Leftovers.filesIn(data).isEmpty());
    assertThat(Leftovers.processesOf(data)).isEmpty();
  }

  @Test
  void programKilledWithItsReaperIsCleanedUpAfterByTheNext() throws IOException {
    Path folder = held.folder();
    held.killReaper();
    held.kill();
    assertThat(Leftovers.processesOf(folder)).hasSize(2);

    LabCluster.start(LabOptions.of(1)).close();

    assertThat(Leftovers.processesOf(folder)).isEmpty();
    assertThat(folder).doesNotExist();
  }
}
