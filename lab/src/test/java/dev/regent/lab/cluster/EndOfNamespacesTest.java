package dev.regent.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regent.lab.machine.ServerProcess;
import dev.regent.lab.net.NeedsNamespaces;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Namespaces and mounts outlive processes by themselves; those of a lab must not. */
@Tag("real")
@ExtendWith(NeedsNamespaces.class)
class EndOfNamespacesTest {
  @TempDir private Path data;
  private HeldCluster held;
  private long other;
  private Path folder;

  @BeforeEach
  void start() throws IOException {
    held = HeldCluster.start(data, "in namespaces");
    other = Long.parseLong(held.said());
    folder = held.folder();
    // The router, two servers, the manager, the clients; and a disk for each server.
    assertThat(Leftovers.networkAndMountsOf(folder)).hasSize(5 + 2);
  }

  @AfterEach
  void end() {
    held.close();
  }

  @Test
  void killedProgramLeavesNothing() {
    held.kill();
    await().until(() -> Leftovers.filesIn(data).isEmpty());
    assertNothingLeft();
  }

  @Test
  void endedProgramLeavesNothing() {
    held.end();
    assertNothingLeft();
  }

  @Test
  void whatIsLeftWhenNobodyCleansUpIsRemovedByTheNext() {
    held.killReaper();
    held.kill();
    assertThat(Leftovers.networkAndMountsOf(folder)).hasSize(5 + 2);

    LabCluster.start(LabOptions.of(1)).close();

    assertNothingLeft();
  }

  private void assertNothingLeft() {
    assertThat(Leftovers.processesOf(folder)).isEmpty();
    assertThat(Leftovers.networkAndMountsOf(folder)).isEmpty();
    assertThat(ServerProcess.find(other).filter(ServerProcess::isAlive)).isEmpty();
    assertThat(folder).doesNotExist();
  }
}
