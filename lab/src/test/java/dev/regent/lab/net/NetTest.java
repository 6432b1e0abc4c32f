package dev.regent.lab.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.regent.lab.machine.LabFolders;
import dev.regent.lab.machine.Tools;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each verb does what it says, to its ways alone, and its opposite takes it back. */
@Tag("real")
@ExtendWith(NeedsNamespaces.class)
class NetTest {
  private static final int PATIENCE_MILLIS = 5_000;
  private static final int SILENCE_MILLIS = 200;

  private static final String LAB = LabFolders.uniqueName("net");
  private static Net net;
  private static Host a;
  private static Host b;
  private static Host c;
  private static Echo echo;

  @BeforeAll
  static void start() throws IOException {
    net = Net.create(LAB, List.of("a", "b", "c"));
    a = net.host("a");
    b = net.host("b");
    c = net.host("c");
    echo = new Echo(b);
  }

  @AfterEach
  void heal() {
    net.heal();
  }

  @AfterAll
  static void end() throws IOException {
    echo.close();
    net.close();
    assertThat(Namespaces.exist(LAB)).isFalse();
  }

  @Test
  void droppedBytesArriveAfterwardsAndNewConnectionsTimeOut() throws IOException {
    try (Socket old = echo.from(a, PATIENCE_MILLIS);
        Socket other = echo.from(c, PATIENCE_MILLIS)) {
      assertThat(Echo.answer(old, 1)).isEqualTo(1);
      net.drop(Way.between(a, b));
      old.getOutputStream().write(2);
      assertSilent(old);
      assertThatThrownBy(() -> echo.from(a, SILENCE_MILLIS))
          .isInstanceOf(SocketTimeoutException.class);
      assertThat(Echo.answer(other, 3)).isEqualTo(3);

      net.heal(Way.between(a, b));

      assertThat(old.getInputStream().read()).isEqualTo(2);
      assertReaches(a);
    }
  }

  @Test
  void oneWayDropLetsTheOtherWayThrough() throws IOException {
    try (Socket old = echo.from(a, PATIENCE_MILLIS)) {
      assertThat(Echo.answer(old, 1)).isEqualTo(1);
      long before = echo.received();
      net.drop(List.of(new Way(b, a)));
      old.getOutputStream().write(2);
      await().until(() -> echo.received() == before + 1);
      assertSilent(old);

      net.heal(List.of(new Way(b, a)));

      assertThat(old.getInputStream().read()).isEqualTo(2);
    }
  }

  @Test
  void isolatedHostReachesNobodyUntilItRejoins() throws IOException {
    net.isolate(b);
    for (Host host : List.of(a, c)) {
      assertThatThrownBy(() -> echo.from(host, SILENCE_MILLIS))
          .isInstanceOf(SocketTimeoutException.class);
    }
    net.rejoin(b, a);
    assertReaches(a);
    assertThatThrownBy(() -> echo.from(c, SILENCE_MILLIS))
        .isInstanceOf(SocketTimeoutException.class);
    net.rejoin(b);
    assertReaches(c);
  }

  @Test
  void rejectedConnectionFailsAtOnce() throws IOException {
    net.reject(List.of(new Way(a, b)));
    assertThatThrownBy(() -> echo.from(a, PATIENCE_MILLIS))
        .isInstanceOf(NoRouteToHostException.class);
    assertReaches(c);
    net.heal();
    assertReaches(a);
  }

  @Test
  void refusedConnectionIsAnsweredWithAReset() throws IOException {
    try (Socket old = echo.from(a, PATIENCE_MILLIS)) {
      assertThat(Echo.answer(old, 1)).isEqualTo(1);
      net.refuse(List.of(new Way(a, b)));
      assertThatThrownBy(() -> echo.from(a, PATIENCE_MILLIS))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("refused");
      assertThatThrownBy(() -> Echo.answer(old, 2))
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("reset");
      assertReaches(c);
      net.heal();
      assertReaches(a);
    }
  }

  @Test
  void newestCutOfAWayCounts() throws IOException {
    net.refuse(List.of(new Way(a, b)));
    net.drop(List.of(new Way(a, b)));
    assertThatThrownBy(() -> echo.from(a, SILENCE_MILLIS))
        .isInstanceOf(SocketTimeoutException.class);
    net.heal(List.of(new Way(a, b)));
    assertReaches(a);
  }

  @Test
  void resetEndsIdleConnectionsAndNothingElse() throws IOException {
    try (Socket old = echo.from(a, PATIENCE_MILLIS);
        Socket other = echo.from(c, PATIENCE_MILLIS)) {
      assertThat(Echo.answer(old, 1)).isEqualTo(1);
      assertThat(Echo.answer(other, 1)).isEqualTo(1);

      net.reset(List.of(new Way(a, b)));

      assertThatThrownBy(() -> old.getInputStream().read())
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("reset");
      assertThat(Echo.answer(other, 2)).isEqualTo(2);
      assertReaches(a);
    }
  }

  @Test
  void shareOfThePacketsIsLost() throws IOException {
    assertThat(received(2_000)).isEqualTo(2_000);
    net.lose(List.of(new Way(a, b)), 0.3);
    assertThat(received(2_000)).isBetween(1_300, 1_500);
    net.lose(List.of(new Way(a, b)), 1);
    assertThat(received(100)).isZero();
    assertReaches(c);
    net.heal();
    assertThat(received(2_000)).isEqualTo(2_000);
  }

  @Test
  void limitedWayIsSlowAndTheOthersAreNot() throws IOException {
    net.limit(List.of(new Way(a, b)), 1_000_000);
    int bytes = 100_000;
    assertThat(millisFor(bytes, a)).isBetween(700L, 3_000L);
    assertThat(millisFor(bytes, c)).isLessThan(400);
    net.limit(List.of(new Way(a, b)), 100_000_000);
    assertThat(millisFor(bytes, a)).isLessThan(400);
    net.limit(List.of(new Way(a, b)), 1_000_000);
    net.heal();
    assertThat(millisFor(bytes, a)).isLessThan(400);
  }

  @Test
  void unpluggedHostIsUnreachableUntilItIsPluggedIn() throws IOException {
    net.unplug(b);
    assertThatThrownBy(() -> echo.from(a, 10_000)).isInstanceOf(NoRouteToHostException.class);
    assertThatThrownBy(
            () -> {
              try (Socket socket = b.socket()) {
                socket.connect(new InetSocketAddress(a.address(), Echo.PORT), PATIENCE_MILLIS);
              }
            })
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("unreachable");
    net.plug(b);
    await().untilAsserted(() -> assertReaches(a));
  }

  @Test
  void anotherLabHasTheSameAddressesAndIsNotAffected() throws IOException {
    try (Net second = Net.create(LabFolders.uniqueName("net"), List.of("a", "b"));
        Echo there = new Echo(second.host("b"))) {
      net.isolate(b);
      try (Socket socket = there.from(second.host("a"), PATIENCE_MILLIS)) {
        assertThat(socket.getInetAddress().getHostAddress()).isEqualTo(b.address());
        assertThat(Echo.answer(socket, 1)).isEqualTo(1);
      }
    }
  }

  @Test
  void cleaningUpAfterALabLeavesOthersAlone() {
    String gone = LabFolders.uniqueName("net");
    String other = gone + "0";
    try (Net net = Net.create(gone, List.of("a"));
        Net otherNet = Net.create(other, List.of("a"))) {
      Namespaces.remove(gone);
      assertThat(Namespaces.exist(gone)).isFalse();
      assertThat(Namespaces.exist(other)).isTrue();
      assertThat(net.hosts()).isNotEqualTo(otherNet.hosts());
    }
  }

  @Test
  void machineKeepsItsOwnNetwork() {
    String here = Tools.run(List.of("ip", "-o", "addr")) + Tools.run(List.of("ip", "rule"));
    assertThat(here).doesNotContain(Host.BLOCK).doesNotContain(Router.GATEWAY);
    assertThat(Tools.run(List.of("ip", "route", "show", "table", "all")))
        .doesNotContain(Host.BLOCK);
  }

  private static void assertReaches(Host from) throws IOException {
    try (Socket socket = echo.from(from, PATIENCE_MILLIS)) {
      assertThat(Echo.answer(socket, 7)).isEqualTo(7);
    }
  }

  private static void assertSilent(Socket client) throws IOException {
    client.setSoTimeout(SILENCE_MILLIS);
    assertThatThrownBy(() -> client.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    client.setSoTimeout(PATIENCE_MILLIS);
  }

  private static long millisFor(int bytes, Host from) throws IOException {
    try (Socket socket = echo.from(from, PATIENCE_MILLIS)) {
      long start = System.nanoTime();
      Thread.ofVirtual().name("sender").start(() -> send(socket, bytes));
      assertThat(socket.getInputStream().readNBytes(bytes)).hasSize(bytes);
      return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }
  }

  private static void send(Socket socket, int bytes) {
    try {
      socket.getOutputStream().write(new byte[bytes]);
    } catch (IOException e) {
      // Then too few come back.
    }
  }

  /** How many of this many datagrams from a arrive at b. */
  private static int received(int count) throws IOException {
    InetSocketAddress target = new InetSocketAddress(InetAddress.getByName(b.address()), 5_000);
    try (DatagramSocket sender = Sockets.inside(a.file(), DatagramSocket::new);
        DatagramSocket receiver = Sockets.inside(b.file(), () -> new DatagramSocket(5_000))) {
      receiver.setSoTimeout(20);
      int received = 0;
      for (int sent = 1; sent <= count; sent++) {
        sender.send(new DatagramPacket(new byte[1], 1, target));
        // Before the receiver's buffer is full.
        if (sent % 100 == 0 || sent == count) {
          received += waiting(receiver);
        }
      }
      return received;
    }
  }

  private static int waiting(DatagramSocket receiver) throws IOException {
    int received = 0;
    while (true) {
      try {
        receiver.receive(new DatagramPacket(new byte[1], 1));
        received++;
      } catch (SocketTimeoutException e) {
        return received;
      }
    }
  }
}
