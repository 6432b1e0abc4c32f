package dev.regent.server.migrate;

import dev.regent.core.model.Endpoint;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How others write names, addresses and passwords. */
final class Names {
  static final int MARIADB_PORT = 3306;

  private static final int NAME_MAX = 64;
  private static final int PORT_MAX = 65535;
  private static final Pattern ADDRESS =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.%]+)]|([^:\\s\\[\\]/,]+))(?::(\\d{1,5}))?");

  /** What maxpasswd makes: a block of AES or more, in hexadecimal digits. */
  private static final Pattern MAXSCALE = Pattern.compile("(?:[0-9A-Fa-f]{32}){1,64}");

  private static final Pattern VERSION_6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:.*");

  private Names() {}

  /** Letters, digits, {@code . _ -}, as Regent's names are. */
  static String name(String text) {
    String plain = text.strip().replaceAll("[^A-Za-z0-9_.-]", "-");
    String first = plain.matches("[A-Za-z0-9].*") ? plain : "s" + plain;
    return first.substring(0, Math.min(NAME_MAX, first.length()));
  }

  /** {@code host}, {@code host:port}, {@code [address]:port}. */
  static Optional<Endpoint> endpoint(String text) {
    Matcher matcher = ADDRESS.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    return port(matcher.group(3) == null ? "" : matcher.group(3)).map(p -> new Endpoint(host, p));
  }

  /** A host alone, with the port beside it; empty is the usual one. */
  static Optional<Endpoint> endpoint(String host, String port) {
    String bare = host.strip().replaceAll("[\\[\\]]", "");
    boolean right = bare.matches("[^:\\s/,]+") || VERSION_6.matcher(bare).matches();
    return right ? port(port).map(p -> new Endpoint(bare, p)) : Optional.empty();
  }

  private static Optional<Integer> port(String text) {
    if (text.isEmpty()) {
      return Optional.of(MARIADB_PORT);
    }
    boolean number = text.matches("\\d{1,5}");
    return number && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= PORT_MAX
        ? Optional.of(Integer.parseInt(text))
        : Optional.empty();
  }

  /** Empty: it is neither. */
  static Optional<Boolean> flag(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on", "1" -> Optional.of(true);
      case "false", "no", "off", "0" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  static boolean looksEncrypted(String password) {
    return MAXSCALE.matcher(password).matches();
  }
}
