package dev.regent.lab.managed;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.regent.lab.cluster.Accounts.Account;
import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.TlsFiles;
import dev.regent.proxy.net.Networks;
import dev.regent.proxy.net.Networks.Network;
import dev.regent.server.connect.Tls;
import dev.regent.server.front.FrontSettings.Listener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Servers that know where the clients of the proxy come from. */
@Tag("real")
class AnnouncedProxyTest {
  private static final String V2 = "0d0a0d0a000d0a515549540a";
  private static final Account TIED = new Account("tied", "right");

  @Test
  void accountsAreTiedToTheClientsAddress() throws Exception {
    LabOptions options = LabOptions.of(1).withTls().withConfig("proxy_protocol_networks=127.0.0.1");
    Listener listener = SingleFront.PLAIN.announcing();
    try (LabCluster cluster = LabCluster.start(options)) {
      TlsFiles files = cluster.primary().tls().orElseThrow();
      Tls tls = new Tls(Tls.Mode.VERIFY, Optional.of(files.authority()), Optional.empty());
      cluster.primary().execute("CREATE USER tied@'127.0.0.9' IDENTIFIED BY 'right'");
      try (SingleFront front = SingleFront.over(cluster, listener, tls);
          RawClient there = new RawClient("127.0.0.9", front.port(), TIED);
          RawClient elsewhere = new RawClient("127.0.0.1", front.port(), TIED)) {
        assertThat(there.welcome()).isEmpty();
        assertThat(there.query("SELECT CURRENT_USER()")).isEqualTo("tied@127.0.0.9");
        assertThat(there.query("SELECT USER()")).isEqualTo("tied@127.0.0.9");
        assertThat(elsewhere.welcome())
            .startsWith("1045 28000 Access denied for user 'tied'@'127.0.0.1'");
      }
    }
  }

  /** A load balancer, the proxy and the server: the account is tied to who is before them all. */
  @Test
  void addressThatALoadBalancerTellsGoesAllTheWay() throws Exception {
    Listener listener =
        SingleFront.PLAIN
            .announcing()
            .believing(new Networks(List.of(Network.parse("127.0.0.8/32").orElseThrow())));
    LabOptions options = LabOptions.of(1).withConfig("proxy_protocol_networks=127.0.0.1");
    byte[] text = "PROXY TCP4 10.11.12.13 10.0.0.1 5000 3307\r\n".getBytes(US_ASCII);
    byte[] binary = HexFormat.of().parseHex(V2 + "2111000c" + "0a0b0c0d" + "0a000001" + "13880ceb");
    byte[] local = HexFormat.of().parseHex(V2 + "20000000");
    try (LabCluster cluster = LabCluster.start(options)) {
      cluster.primary().execute("CREATE USER tied@'10.11.12.13' IDENTIFIED BY 'right'");
      try (SingleFront front = SingleFront.over(cluster, listener, Tls.OFF)) {
        for (byte[] header : List.of(text, binary)) {
          try (RawClient client = new RawClient("127.0.0.8", front.port(), TIED, header)) {
            assertThat(client.welcome()).isEmpty();
            assertThat(client.query("SELECT USER()")).isEqualTo("tied@10.11.12.13");
            assertThat(front.seen()).containsExactly("10.11.12.13:5000");
          }
        }
        try (RawClient balancer = new RawClient("127.0.0.8", front.port(), TIED, local)) {
          assertThat(balancer.welcome()).startsWith("1045 28000 ");
        }
        // A server says the same, and hangs up so that it is often lost.
        assertThat(new String(heard("127.0.0.9", front.port(), text), ISO_8859_1))
            .endsWith("Proxy header is not accepted from 127.0.0.9");
        assertThat(heard("127.0.0.8", front.port(), "GET / HTTP/1.1\r\n".getBytes(US_ASCII)))
            .isEmpty();
        try (RawClient next = new RawClient("127.0.0.8", front.port(), TIED, binary)) {
          assertThat(next.welcome()).isEmpty();
        }
        assertThat(front.refusals())
            .containsOnly(entry("access denied", 1.0), entry("proxy header", 2.0));
      }
    }
  }

  private static byte[] heard(String from, int port, byte[] said) throws IOException {
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(from, 0));
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      socket.getOutputStream().write(said);
      return socket.getInputStream().readAllBytes();
    }
  }
}
