package dev.regent.server.publish;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One line of an answer on the command socket. The client uses it too, so it needs nothing but the
 * JDK's base.
 *
 * @param text without line ends: {@link #bytes()} replaces them by spaces
 */
public record Frame(Kind kind, String text) {

  public enum Kind {
    OUT,
    ERR,
    EXIT;

    private final String prefix = name().toLowerCase(Locale.ROOT) + ":";
  }

  /** Reads a line without its line end; throws {@link IllegalArgumentException} on others. */
  public static Frame parse(String line) {
    for (Kind kind : Kind.values()) {
      if (line.startsWith(kind.prefix)) {
        return new Frame(kind, line.substring(kind.prefix.length()));
      }
    }
    throw new IllegalArgumentException("not an answer of a regent daemon: '" + line + "'");
  }

  public byte[] bytes() {
    String line = kind.prefix + text.replace('\n', ' ').replace('\r', ' ') + "\n";
    return line.getBytes(StandardCharsets.UTF_8);
  }
}
