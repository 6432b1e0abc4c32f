package dev.regent.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.regent.lab.machine.LabFolders;
import dev.regent.lab.net.Echo;
import dev.regent.lab.net.Host;
import dev.regent.lab.net.NeedsNamespaces;
import dev.regent.lab.net.Net;
import dev.regent.lab.net.Way;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A relay in the way between two hosts, of which neither knows. */
@Tag("real")
@ExtendWith(NeedsNamespaces.class)
class NetRelayTest {
  private static final int PATIENCE_MILLIS = 5_000;
  private static final int SILENCE_MILLIS = 200;

  private Net net;
  private Host a;
  private Host c;
  private Echo echo;
  private TcpRelay relay;

  @BeforeEach
  void start() throws IOException {
    net = Net.create(LabFolders.uniqueName("relay"), List.of("a", "b", "c"));
    a = net.host("a");
    c = net.host("c");
    echo = new Echo(net.host("b"));
    relay = TcpRelay.in(net, List.of(new Way(a, net.host("b"))), Echo.PORT);
  }

  @AfterEach
  void end() throws IOException {
    relay.close();
    echo.close();
    net.close();
  }

  @Test
  void delayIsForOneWayAloneAndEndsWithTheRelay() throws IOException {
    relay.delay(Duration.ofMillis(150));
    assertThat(roundTripMillis(a)).isGreaterThanOrEqualTo(300);
    assertThat(roundTripMillis(c)).isLessThan(150);
    relay.close();
    assertThat(roundTripMillis(a)).isLessThan(150);
  }

  @Test
  void connectionThatWasThereBeforeIsReset() throws IOException {
    try (Socket old = echo.from(c, PATIENCE_MILLIS)) {
      assertThat(Echo.answer(old, 1)).isEqualTo(1);
      relay.close();
      relay = TcpRelay.in(net, List.of(new Way(c, net.host("b"))), Echo.PORT);
      assertThatThrownBy(() -> Echo.answer(old, 2))
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("reset");
      try (Socket again = echo.from(c, PATIENCE_MILLIS)) {
        assertThat(Echo.answer(again, 3)).isEqualTo(3);
      }
    }
  }

  @Test
  void stalledAnswersComeLaterAndRequestsArriveAllTheSame() throws IOException {
    relay.stallAnswers();
    try (Socket socket = echo.from(a, PATIENCE_MILLIS)) {
      socket.getOutputStream().write(1);
      await().until(() -> echo.received() == 1);
      assertSilent(socket);
      relay.pass();
      assertThat(socket.getInputStream().read()).isEqualTo(1);
    }
  }

  private static void assertSilent(Socket socket) throws IOException {
    socket.setSoTimeout(SILENCE_MILLIS);
    assertThatThrownBy(() -> socket.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    socket.setSoTimeout(PATIENCE_MILLIS);
  }

  private long roundTripMillis(Host from) throws IOException {
    try (Socket socket = echo.from(from, PATIENCE_MILLIS)) {
      long start = System.nanoTime();
      assertThat(Echo.answer(socket, 1)).isEqualTo(1);
      return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }
  }
}
