package dev.regent.proxy.net;

import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.MalformedPacketException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a proxy says first on a connection, so that a server knows the client's address: the PROXY
 * protocol (haproxy.org, proxy-protocol.txt). Said in version 2, which MariaDB believes from {@code
 * proxy_protocol_networks} only; heard in both.
 */
final class ProxyHeader {
  private static final byte[] SIGNATURE = {
    0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
  };
  private static final byte[] TEXT_BEGINS = "PROXY ".getBytes(StandardCharsets.US_ASCII);
  private static final int HEAD = SIGNATURE.length + 4;
  private static final int VERSION = 0x20;
  private static final int LOCAL = 0;
  private static final int PROXY = 1;
  private static final byte VERSION_AND_PROXY = VERSION | PROXY;
  private static final byte NO_ADDRESS = 0;
  private static final byte TCP_4 = 0x11;
  private static final byte TCP_6 = 0x21;
  private static final byte UNIX = 0x31;
  private static final int LENGTH_4 = 4;
  private static final int LENGTH_6 = 16;

  /** So much the longest line of version 1 has. */
  private static final int TEXT_MAX = 107;

  /** Addresses, and what a proxy may tell of TLS; a client's certificate would be longer. */
  private static final int LENGTH_MAX = 4096;

  private static final Pattern TEXT =
      Pattern.compile(
          "PROXY (?:UNKNOWN(?: .*)?"
              + "|TCP4 (?<from4>[0-9.]{7,15}) [0-9.]{7,15} (?<port4>\\d{1,5}) \\d{1,5}"
              + "|TCP6 (?<from6>[0-9a-fA-F:.]{2,39}) [0-9a-fA-F:.]{2,39} (?<port6>\\d{1,5})"
              + " \\d{1,5})");

  private ProxyHeader() {}

  /**
   * What was heard.
   *
   * @param client empty: the proxy speaks for itself, or does not know
   * @param length how many bytes it was
   */
  record Heard(Optional<InetSocketAddress> client, int length) {}

  /**
   * @param client where it comes from
   * @param here where it went to
   */
  static byte[] of(InetSocketAddress client, InetSocketAddress here) {
    boolean four =
        client.getAddress() instanceof Inet4Address && here.getAddress() instanceof Inet4Address;
    byte[] from = address(client, four);
    byte[] to = address(here, four);
    int length = from.length + to.length + 2 * Short.BYTES;
    return ByteBuffer.allocate(HEAD + length)
        .put(SIGNATURE)
        .put(VERSION_AND_PROXY)
        .put(four ? TCP_4 : TCP_6)
        .putShort((short) length)
        .put(from)
        .put(to)
        .putShort((short) client.getPort())
        .putShort((short) here.getPort())
        .array();
  }

  /** Both are of one family: one of the older kind is mapped into the newer one if it must be. */
  private static byte[] address(InetSocketAddress of, boolean four) {
    byte[] bytes = of.getAddress().getAddress();
    if (four || bytes.length == LENGTH_6) {
      return bytes;
    }
    return ByteBuffer.allocate(LENGTH_6)
        .putShort(10, (short) 0xffff)
        .put(LENGTH_6 - LENGTH_4, bytes)
        .array();
  }

  /**
   * Empty if it is not whole yet.
   *
   * @throws MalformedPacketException it is no header, whatever follows
   */
  static Optional<Heard> read(Bytes in) throws MalformedPacketException {
    if (begins(in, SIGNATURE)) {
      return in.length() < HEAD ? Optional.empty() : binary(in);
    }
    if (begins(in, TEXT_BEGINS)) {
      return text(in);
    }
    throw new MalformedPacketException("no PROXY header where one is due");
  }

  /** As far as there are bytes yet. */
  private static boolean begins(Bytes in, byte[] with) {
    int length = Math.min(in.length(), with.length);
    return Arrays.equals(in.copy(0, length), Arrays.copyOf(with, length));
  }

  private static Optional<Heard> text(Bytes in) throws MalformedPacketException {
    String said =
        new String(in.copy(0, Math.min(in.length(), TEXT_MAX)), StandardCharsets.US_ASCII);
    int end = said.indexOf("\r\n");
    if (end < 0) {
      if (in.length() >= TEXT_MAX) {
        throw new MalformedPacketException("a PROXY header without an end");
      }
      return Optional.empty();
    }
    Matcher found = TEXT.matcher(said.substring(0, end));
    if (!found.matches()) {
      throw new MalformedPacketException("a PROXY header of version 1 that is none");
    }
    int length = end + 2;
    if (found.group("from4") != null) {
      return Optional.of(heard(found.group("from4"), found.group("port4"), LENGTH_4, length));
    }
    if (found.group("from6") != null) {
      return Optional.of(heard(found.group("from6"), found.group("port6"), LENGTH_6, length));
    }
    return Optional.of(new Heard(Optional.empty(), length));
  }

  private static Heard heard(String address, String port, int family, int length)
      throws MalformedPacketException {
    Optional<Networks.Network> parsed = Networks.Network.parse(address);
    int number = Integer.parseInt(port);
    boolean six = address.contains(":");
    if (parsed.isEmpty() || number > 0xffff || six != (family == LENGTH_6)) {
      throw new MalformedPacketException("a PROXY header with no address");
    }
    InetAddress found = parsed.get().address();
    return new Heard(Optional.of(new InetSocketAddress(found, number)), length);
  }

  private static Optional<Heard> binary(Bytes in) throws MalformedPacketException {
    int command = in.at(SIGNATURE.length);
    int family = in.at(SIGNATURE.length + 1);
    int length = HEAD + (in.at(HEAD - 2) << 8 | in.at(HEAD - 1));
    if ((command & 0xf0) != VERSION || length > LENGTH_MAX) {
      throw new MalformedPacketException("a PROXY header of version " + (command >> 4));
    }
    if (in.length() < length) {
      return Optional.empty();
    }
    return switch (command & 0x0f) {
      case LOCAL -> Optional.of(new Heard(Optional.empty(), length));
      case PROXY ->
          switch (family) {
            case TCP_4 -> Optional.of(heard(in, LENGTH_4, length));
            case TCP_6 -> Optional.of(heard(in, LENGTH_6, length));
            // Who came through a socket file has no address: the proxy's own counts.
            case NO_ADDRESS, UNIX -> Optional.of(new Heard(Optional.empty(), length));
            default -> throw new MalformedPacketException("a PROXY header of family " + family);
          };
      default -> throw new MalformedPacketException("a PROXY header with command " + command);
    };
  }

  private static Heard heard(Bytes in, int family, int length) throws MalformedPacketException {
    int port = HEAD + 2 * family;
    if (length < port + 2 * Short.BYTES) {
      throw new MalformedPacketException("a PROXY header that is too short for its addresses");
    }
    try {
      InetAddress client = InetAddress.getByAddress(in.copy(HEAD, HEAD + family));
      int number = in.at(port) << 8 | in.at(port + 1);
      return new Heard(Optional.of(new InetSocketAddress(client, number)), length);
    } catch (UnknownHostException e) {
      throw new MalformedPacketException("a PROXY header with no address");
    }
  }
}
