package dev.regent.proxy.auth;

import java.util.List;
import java.util.Locale;

/**
 * Where an account may come from, as MariaDB writes it: a name or an address, with {@code %} for
 * any characters and {@code _} for one, or {@code address/netmask}.
 */
public record HostPattern(String text) {
  /** What a pattern is compared with. */
  public record Peer(String address, String name) {
    /** A server calls its own machine so, whatever a name service says. */
    public static Peer at(String address) {
      boolean here = address.startsWith("127.") || address.equals("::1");
      return new Peer(address, here ? "localhost" : "");
    }

    /** As a server says it in its messages. */
    @Override
    public String toString() {
      return name.isEmpty() ? address : name;
    }
  }

  public boolean matches(Peer peer) {
    if (text.isEmpty()) {
      return true;
    }
    int slash = text.indexOf('/');
    if (slash > 0) {
      return inNet(text.substring(0, slash), text.substring(slash + 1), peer.address());
    }
    String pattern = text.toLowerCase(Locale.ROOT);
    return (!peer.name().isEmpty() && like(pattern, 0, peer.name().toLowerCase(Locale.ROOT), 0))
        || like(pattern, 0, peer.address().toLowerCase(Locale.ROOT), 0);
  }

  /**
   * How particular it is: of several that match, the highest counts. As in the server, the place of
   * the first wildcard decides.
   */
  int rank() {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '%' || text.charAt(i) == '_') {
        return Math.min(i + 1, 127);
      }
    }
    return text.isEmpty() ? 0 : 128;
  }

  private static boolean like(String pattern, int p, String text, int t) {
    int at = t;
    for (int i = p; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '%') {
        for (int rest = at; rest <= text.length(); rest++) {
          if (like(pattern, i + 1, text, rest)) {
            return true;
          }
        }
        return false;
      }
      if (c == '\\' && i + 1 < pattern.length()) {
        c = pattern.charAt(++i);
      } else if (c == '_' && at < text.length()) {
        at++;
        continue;
      }
      if (at == text.length() || text.charAt(at++) != c) {
        return false;
      }
    }
    return at == text.length();
  }

  private static boolean inNet(String net, String mask, String address) {
    List<Integer> nets = octets(net);
    List<Integer> masks = octets(mask);
    List<Integer> octets = octets(address);
    if (nets.size() != 4 || masks.size() != 4 || octets.size() != 4) {
      return false;
    }
    for (int i = 0; i < 4; i++) {
      if ((octets.get(i) & masks.get(i)) != nets.get(i)) {
        return false;
      }
    }
    return true;
  }

  private static List<Integer> octets(String text) {
    return text.matches("\\d{1,3}(\\.\\d{1,3}){3}")
        ? List.of(text.split("\\.", -1)).stream().map(Integer::valueOf).toList()
        : List.of();
  }
}
