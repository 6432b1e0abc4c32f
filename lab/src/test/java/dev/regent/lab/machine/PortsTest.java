package dev.regent.lab.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsTest {
  @TempDir private Path owner;

  @AfterEach
  void release() {
    Ports.release(owner);
  }

  @Test
  void noPortIsGivenTwice() {
    List<Integer> ports =
        Parallel.map(Stream.generate(() -> owner).limit(50).toList(), Ports::reserve);
    assertThat(new HashSet<>(ports)).hasSize(50);
    assertThat(ports).allMatch(port -> port >= 20_000 && port <= 32_767);
  }

  @Test
  void portInUseIsNotFree() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(Ports.isFree(socket.getLocalPort())).isFalse();
    }
  }
}
