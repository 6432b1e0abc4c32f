package dev.regent.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.regent.proxy.net.Networks.Network;
import dev.regent.proxy.net.ProxyHeader.Heard;
import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.MalformedPacketException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {
  private static final String BEGINS = "0d0a0d0a000d0a515549540a21";

  @Test
  void bothFamiliesAreTold() {
    assertThat(header("10.1.2.3", 40000, "10.1.2.4", 3307))
        .isEqualTo(BEGINS + "11000c" + "0a010203" + "0a010204" + "9c40" + "0ceb");
    assertThat(header("2001:db8::1", 40000, "2001:db8::2", 3307))
        .isEqualTo(
            BEGINS
                + "210024"
                + "20010db8000000000000000000000001"
                + "20010db8000000000000000000000002"
                + "9c40"
                + "0ceb");
  }

  @Test
  void familiesThatDifferAreToldAsTheNewerOne() {
    assertThat(header("2001:db8::1", 40000, "10.1.2.4", 3307))
        .isEqualTo(
            BEGINS
                + "210024"
                + "20010db8000000000000000000000001"
                + "00000000000000000000ffff0a010204"
                + "9c40"
                + "0ceb");
  }

  @Test
  void whatIsSaidIsHeard() throws MalformedPacketException {
    InetSocketAddress here = new InetSocketAddress("10.1.2.4", 3307);
    for (String address : List.of("10.1.2.3", "2001:db8::1")) {
      InetSocketAddress client = new InetSocketAddress(address, 40000);
      byte[] said = ProxyHeader.of(client, here);

      assertThat(ProxyHeader.read(Bytes.of(said)))
          .contains(new Heard(Optional.of(client), said.length));
      for (int i = 0; i < said.length; i++) {
        assertThat(ProxyHeader.read(Bytes.of(said).part(0, i))).as(i + " bytes").isEmpty();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PROXY TCP4 10.1.2.3 10.1.2.4 40000 3307, 10.1.2.3, 40000",
    "PROXY TCP6 2001:db8::1 2001:db8::2 40000 3307, 2001:db8::1, 40000",
    "PROXY TCP6 ::ffff:10.1.2.3 ::1 1 2, 10.1.2.3, 1",
  })
  void linesAreHeard(String line, String address, int port) throws MalformedPacketException {
    byte[] said = (line + "\r\nmore").getBytes(StandardCharsets.US_ASCII);

    assertThat(ProxyHeader.read(Bytes.of(said)))
        .contains(new Heard(Optional.of(new InetSocketAddress(address, port)), line.length() + 2));
    assertThat(ProxyHeader.read(Bytes.of(said).part(0, line.length() + 1))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PROXY UNKNOWN",
        "PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535",
      })
  void proxyThatDoesNotKnowSpeaksForItself(String line) throws MalformedPacketException {
    byte[] said = (line + "\r\n").getBytes(StandardCharsets.US_ASCII);
    assertThat(ProxyHeader.read(Bytes.of(said))).contains(new Heard(Optional.empty(), said.length));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "20000000", // LOCAL
        "20110000", // LOCAL, whatever else it says
        "21000003010203", // PROXY for an unknown family, with bytes to skip
      })
  void proxyForItselfSpeaksForItself(String rest) throws MalformedPacketException {
    byte[] said = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a" + rest);
    assertThat(ProxyHeader.read(Bytes.of(said))).contains(new Heard(Optional.empty(), said.length));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PROXY TCP4 10.1.2.3 10.1.2.4 40000\r\n",
        "PROXY TCP4 10.1.2.300 10.1.2.4 40000 3307\r\n",
        "PROXY TCP4 10.1.2.3 10.1.2.4 70000 3307\r\n",
        "PROXY TCP4 localhost 10.1.2.4 40000 3307\r\n",
        "PROXY TCP6 10.1.2.3 ::1 40000 3307\r\n",
        "PROXY  TCP4 10.1.2.3 10.1.2.4 40000 3307\r\n",
        "PROXY TCP5 10.1.2.3 10.1.2.4 40000 3307\r\n",
        "PROXZ",
        "GET / HTTP/1.1\r\n",
        "\u0001"
      })
  void whatIsNoHeaderIsRefused(String text) {
    assertMalformed(text.getBytes(StandardCharsets.US_ASCII));
    assertMalformed(("PROXY TCP4 " + "1".repeat(200)).getBytes(StandardCharsets.US_ASCII));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "11110c00", // version 1
        "22110000", // no such command
        "21120000", // UDP
        "2111000b0a0102030a0102049c400c", // too short
        "2121000c0a0102030a0102049c400ceb", // too short for its family
        "2111ffff" // too long
      })
  void whatIsNoHeaderInBytesIsRefused(String rest) {
    assertMalformed(HexFormat.of().parseHex("0d0a0d0a000d0a515549540a" + rest));
  }

  /** Whatever comes is a header, not yet one, or none. */
  @Test
  void mutatedHeadersDoNothingElse() {
    Random chance = new Random(5);
    InetSocketAddress here = new InetSocketAddress("10.1.2.4", 3307);
    List<byte[]> good =
        List.of(
            ProxyHeader.of(new InetSocketAddress("10.1.2.3", 40000), here),
            ProxyHeader.of(new InetSocketAddress("2001:db8::1", 40000), here),
            "PROXY TCP4 10.1.2.3 10.1.2.4 40000 3307\r\n".getBytes(StandardCharsets.US_ASCII),
            "PROXY TCP6 ::1 2001:db8::2 4 3307\r\n".getBytes(StandardCharsets.US_ASCII),
            "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII));
    int[] came = new int[3];
    for (int i = 0; i < 100_000; i++) {
      byte[] bytes = good.get(chance.nextInt(good.size())).clone();
      for (int n = chance.nextInt(4); n > 0; n--) {
        bytes[chance.nextInt(bytes.length)] = (byte) chance.nextInt(256);
      }
      int length = chance.nextInt(4) == 0 ? chance.nextInt(bytes.length + 1) : bytes.length;
      came[outcome(Bytes.of(bytes).part(0, length))]++;
    }
    assertThat(came[0]).isGreaterThan(10_000);
    assertThat(came[1]).isGreaterThan(1_000);
    assertThat(came[2]).isGreaterThan(10_000);
  }

  private static int outcome(Bytes bytes) {
    try {
      Optional<Heard> heard = ProxyHeader.read(bytes);
      heard.ifPresent(h -> assertThat(h.length()).isBetween(1, bytes.length()));
      return heard.isPresent() ? 0 : 1;
    } catch (MalformedPacketException e) {
      return 2;
    }
  }

  @Test
  void networksHoldTheirAddresses() throws UnknownHostException {
    Networks networks = networks("10.0.0.0/8", "192.168.1.128/25", "2001:db8::/33", "10.1.2.3");
    for (String in : List.of("10.255.1.1", "192.168.1.200", "2001:db8:7fff::1")) {
      assertThat(networks.has(InetAddress.getByName(in))).as(in).isTrue();
    }
    for (String out : List.of("11.0.0.1", "192.168.1.127", "2001:db8:8000::1", "::1")) {
      assertThat(networks.has(InetAddress.getByName(out))).as(out).isFalse();
    }
    assertThat(networks("0.0.0.0/0").has(InetAddress.getByName("1.2.3.4"))).isTrue();
    assertThat(Networks.NONE.has(InetAddress.getByName("1.2.3.4"))).isFalse();
    for (String none : List.of("10.0.0.0/33", "10.0/8", "host/8", "10.0.0.0/", "::/129", "")) {
      assertThat(Network.parse(none)).as(none).isEmpty();
    }
  }

  private static Networks networks(String... texts) {
    return new Networks(Stream.of(texts).map(t -> Network.parse(t).orElseThrow()).toList());
  }

  private static void assertMalformed(byte[] bytes) {
    assertThatThrownBy(() -> ProxyHeader.read(Bytes.of(bytes)))
        .isInstanceOf(MalformedPacketException.class);
  }

  private static String header(String client, int from, String here, int to) {
    return HexFormat.of()
        .formatHex(
            ProxyHeader.of(new InetSocketAddress(client, from), new InetSocketAddress(here, to)));
  }
}
