package dev.regent.server.relay;

import java.net.Inet6Address;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The same host under another spelling, which the resolver takes and a comparison does not. */
final class Spelling {
  private static final Pattern IPV4 =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");

  private Spelling() {}

  /**
   * {@code 127.0.0.1} → {@code 2130706433} (inet_aton(3)), {@code ::1} → {@code 0:0:0:0:0:0:0:1},
   * {@code db1} → {@code db1.} (RFC 1034 3.1).
   */
  static String other(String host) {
    Matcher ipv4 = IPV4.matcher(host);
    if (ipv4.matches()) {
      long number = 0;
      for (int i = 1; i <= ipv4.groupCount(); i++) {
        number = number * 256 + Long.parseLong(ipv4.group(i));
      }
      return Long.toString(number);
    }
    if (host.contains(":")) {
      return otherIpv6(host);
    }
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host + ".";
  }

  private static String otherIpv6(String host) {
    byte[] address = Inet6Address.ofLiteral(host).getAddress();
    StringJoiner brief = new StringJoiner(":");
    StringJoiner padded = new StringJoiner(":");
    for (int i = 0; i < address.length; i += 2) {
      int group = ((address[i] & 0xff) << 8) | (address[i + 1] & 0xff);
      brief.add(Integer.toHexString(group));
      padded.add(String.format(Locale.ROOT, "%04x", group));
    }
    return brief.toString().equalsIgnoreCase(host) ? padded.toString() : brief.toString();
  }
}
