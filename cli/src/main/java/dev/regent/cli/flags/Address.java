package dev.regent.cli.flags;

import dev.regent.core.model.Endpoint;
import java.util.Locale;
import java.util.Optional;

/** Reads {@code host}, {@code host:port}, {@code [address]:port} and bare IPv6 addresses. */
final class Address {
  private static final int PORT = 3306;

  private Address() {}

  /** Empty if it is none; a host without name or address is none either. */
  static Optional<Endpoint> parse(String text) {
    String host = text;
    String port = "";
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      if (end < 0 || !(text.length() == end + 1 || text.charAt(end + 1) == ':')) {
        return Optional.empty();
      }
      host = text.substring(1, end);
      port = text.substring(Math.min(text.length(), end + 2));
      if (port.isEmpty() && text.length() == end + 2) {
        return Optional.empty();
      }
    } else if (text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':')) {
      host = text.substring(0, text.indexOf(':'));
      port = text.substring(text.indexOf(':') + 1);
      if (port.isEmpty()) {
        return Optional.empty();
      }
    }
    if (!host.matches("[0-9A-Za-z._%:-]+") || !port.matches("\\d{0,5}")) {
      return Optional.empty();
    }
    int number = port.isEmpty() ? PORT : Integer.parseInt(port);
    return number > 0 && number < 65536
        ? Optional.of(new Endpoint(host.toLowerCase(Locale.ROOT), number))
        : Optional.empty();
  }
}
