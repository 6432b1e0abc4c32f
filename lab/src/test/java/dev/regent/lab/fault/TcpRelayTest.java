package dev.regent.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpRelayTest {
  private static final int PATIENCE_MILLIS = 5_000;
  private static final int SILENCE_MILLIS = 150;

  private ServerSocket echo;
  private TcpRelay relay;
  private final AtomicInteger received = new AtomicInteger();

  @BeforeEach
  void start() throws IOException {
    echo = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("echo").start(this::serve);
    relay = TcpRelay.to(echo.getLocalPort());
  }

  @AfterEach
  void end() throws IOException {
    relay.close();
    echo.close();
  }

  @Test
  void passesBothWaysAndTellsTheEnd() throws IOException {
    try (Socket client = connect()) {
      assertThat(answer(client, 'a')).isEqualTo('a');
      client.shutdownOutput();
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void droppedBytesArriveAfterwards() throws IOException {
    try (Socket client = connect()) {
      assertThat(answer(client, 'a')).isEqualTo('a');
      relay.drop();
      client.getOutputStream().write('b');
      assertSilent(client);
      relay.pass();
      assertThat(client.getInputStream().read()).isEqualTo('b');
    }
  }

  @Test
  void newConnectionInADropIsSilentAndLivesOn() throws IOException {
    relay.drop();
    try (Socket client = connect()) {
      client.getOutputStream().write('a');
      assertSilent(client);
      relay.pass();
      assertThat(client.getInputStream().read()).isEqualTo('a');
    }
  }

  @Test
  void stalledAnswersAreHeldBackAndRequestsAreNot() throws IOException {
    relay.stallAnswers();
    try (Socket client = connect()) {
      client.getOutputStream().write('a');
      await().until(() -> received.get() == 1);
      assertSilent(client);
      relay.pass();
      assertThat(client.getInputStream().read()).isEqualTo('a');
    }
  }

  @Test
  void stalledRequestsAreHeldBackAndAnswersAreNot() throws IOException {
    try (Socket client = connect()) {
      relay.delay(Duration.ofMillis(SILENCE_MILLIS));
      client.getOutputStream().write('a');
      await().until(() -> received.get() == 1);
      // The answer is on its way back.
      relay.stallRequests();
      assertThat(client.getInputStream().read()).isEqualTo('a');
      client.getOutputStream().write('b');
      assertSilent(client);
      assertThat(received.get()).isEqualTo(1);
      relay.pass();
      assertThat(client.getInputStream().read()).isEqualTo('b');
    }
  }

  @Test
  void endOfTheServerIsNotToldInADrop() throws IOException {
    try (Socket client = connect()) {
      assertThat(answer(client, 'a')).isEqualTo('a');
      relay.drop();
      client.getOutputStream().write('q');
      assertSilent(client);
      relay.pass();
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void resetEndsOldAndNewConnections() throws IOException {
    try (Socket client = connect()) {
      assertThat(answer(client, 'a')).isEqualTo('a');
      relay.reset();
      assertThatThrownBy(() -> client.getInputStream().read())
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("reset");
    }
    assertThatThrownBy(
            () -> {
              try (Socket client = connect()) {
                client.getInputStream().read();
              }
            })
        .isInstanceOf(SocketException.class);
    relay.pass();
    try (Socket client = connect()) {
      assertThat(answer(client, 'c')).isEqualTo('c');
    }
  }

  @Test
  void delayIsPaidEachWay() throws IOException {
    relay.delay(Duration.ofMillis(40));
    try (Socket client = connect()) {
      long start = System.nanoTime();
      assertThat(answer(client, 'a')).isEqualTo('a');
      assertThat(Duration.ofNanos(System.nanoTime() - start).toMillis()).isGreaterThanOrEqualTo(80);
    }
  }

  @Test
  void closedRelayRefuses() throws IOException {
    relay.close();
    assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
  }

  /**
   * A port that is bound and not listened on refuses, and nobody else gets it meanwhile. One that
   * was closed would not do: until the thread that accepts has left, the kernel still listens, and
   * that thread takes one more connection.
   */
  @Test
  void serverThatIsNotThereResetsTheClient() throws IOException {
    relay.close();
    try (Socket nobody = new Socket()) {
      nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      relay = TcpRelay.to(nobody.getLocalPort());
      assertThatThrownBy(
              () -> {
                try (Socket client = connect()) {
                  client.getInputStream().read();
                }
              })
          .isInstanceOf(SocketException.class);
    }
  }

  @Test
  void connectionOfASocketToItselfIsNone() throws IOException {
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      InetSocketAddress itself = (InetSocketAddress) socket.getLocalSocketAddress();
      assertThatThrownBy(() -> TcpRelay.connect(socket, itself))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("nobody listens on");
      assertThat(socket.isClosed()).isTrue();
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), relay.port());
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  private static int answer(Socket client, int value) throws IOException {
    client.getOutputStream().write(value);
    return client.getInputStream().read();
  }

  private static void assertSilent(Socket client) throws IOException {
    client.setSoTimeout(SILENCE_MILLIS);
    assertThatThrownBy(() -> client.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    client.setSoTimeout(PATIENCE_MILLIS);
  }

  private void serve() {
    while (!echo.isClosed()) {
      try {
        Socket socket = echo.accept();
        Thread.ofVirtual().name("echo-connection").start(() -> echo(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  /** Sends back what comes; a 'q' ends the connection from this side. */
  private void echo(Socket socket) {
    try (socket) {
      InputStream in = socket.getInputStream();
      for (int value = in.read(); value >= 0 && value != 'q'; value = in.read()) {
        received.incrementAndGet();
        socket.getOutputStream().write(value);
      }
    } catch (IOException e) {
      // The test has ended the connection.
    }
  }
}
