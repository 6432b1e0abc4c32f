package dev.regent.lab.managed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.lab.cluster.LabServer;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("real")
class StoppingTest {
  /** A stopping daemon waits for nobody for long. */
  private static final Duration END_WITHIN = Duration.ofSeconds(10);

  @Test
  void daemonStopsWhileItsServersAreFrozen() {
    try (Managed managed = Managed.start(2, "async")) {
      managed.follows(2, 1);
      managed.cluster().servers().forEach(LabServer::freeze);
      managed.diagnosed("ClusterDown");
      long began = System.nanoTime();
      assertThat(managed.daemon().stop()).isZero();
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(END_WITHIN);
      managed.cluster().servers().forEach(LabServer::thaw);
      assertThat(managed.writableServers()).containsExactly(1);
    }
  }
}
