package dev.regent.proxy.net;

import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * What a proxy says first on a connection, so that a server knows the client's address: the PROXY
 * protocol, version 2 (haproxy.org, proxy-protocol.txt). MariaDB believes it from {@code
 * proxy_protocol_networks} only.
 */
final class ProxyHeader {
  private static final byte[] SIGNATURE = {
    0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
  };
  private static final byte VERSION_AND_PROXY = 0x21;
  private static final byte TCP_4 = 0x11;
  private static final byte TCP_6 = 0x21;

  private ProxyHeader() {}

  /**
   * @param client where it comes from
   * @param here where it went to, of the same family
   */
  static byte[] of(InetSocketAddress client, InetSocketAddress here) {
    byte[] from = client.getAddress().getAddress();
    byte[] to = here.getAddress().getAddress();
    int length = from.length + to.length + 2 * Short.BYTES;
    return ByteBuffer.allocate(SIGNATURE.length + 4 + length)
        .put(SIGNATURE)
        .put(VERSION_AND_PROXY)
        .put(client.getAddress() instanceof Inet4Address ? TCP_4 : TCP_6)
        .putShort((short) length)
        .put(from)
        .put(to)
        .putShort((short) client.getPort())
        .putShort((short) here.getPort())
        .array();
  }
}
