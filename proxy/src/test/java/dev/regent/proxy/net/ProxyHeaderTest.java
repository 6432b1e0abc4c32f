package dev.regent.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

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

  private static String header(String client, int from, String here, int to) {
    return HexFormat.of()
        .formatHex(
            ProxyHeader.of(new InetSocketAddress(client, from), new InetSocketAddress(here, to)));
  }
}
