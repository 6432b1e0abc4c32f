package dev.regent.proxy.text;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * How a session's server reads a text.
 *
 * @param ansiQuotes what stands in {@code "} is a name
 * @param backslashes in a quoted text they take the next character's meaning away
 */
public record Dialect(boolean ansiQuotes, boolean backslashes, Letters letters) {
  public static final Dialect USUAL = new Dialect(false, true, Letters.UTF8);

  /** What a byte from 0x80 on may be. */
  enum Letters {
    /** A part of a letter, and never the end of one together with an ASCII byte. */
    UTF8,
    /** A letter, but 0xa0 is a blank. */
    LATIN1,
    /** Who knows: in some sets a quote, or a backslash, is the second half of a character. */
    OTHER
  }

  /**
   * @param mode a server's {@code sql_mode}, as it tells it
   */
  public Dialect withMode(String mode) {
    List<String> all = List.of(mode.toUpperCase(Locale.ROOT).split(","));
    return new Dialect(all.contains("ANSI_QUOTES"), !all.contains("NO_BACKSLASH_ESCAPES"), letters);
  }

  /**
   * @param name of the client's character set, as a server tells it
   */
  public Dialect withCharset(String name) {
    return new Dialect(
        ansiQuotes,
        backslashes,
        switch (name.toLowerCase(Locale.ROOT)) {
          case "utf8", "utf8mb3", "utf8mb4" -> Letters.UTF8;
          case "latin1" -> Letters.LATIN1;
          default -> Letters.OTHER;
        });
  }

  /**
   * @param number of a collation, as in a login
   */
  public Dialect withCollation(int number) {
    return new Dialect(
        ansiQuotes,
        backslashes,
        switch (number) {
          case 33, 45, 46, 76, 83 -> Letters.UTF8;
          case 5, 8, 15, 31, 47, 48, 49, 94 -> Letters.LATIN1;
          // All of utf8mb3's and utf8mb4's languages.
          default ->
              (number >= 192 && number <= 215) || (number >= 224 && number <= 247)
                  ? Letters.UTF8
                  : Letters.OTHER;
        });
  }

  /** What a text in this dialect tells. */
  public Statement look(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Look.at(bytes, 0, bytes.length, this);
  }

  /** Whether the words in these bytes may be others than they seem to be. */
  boolean deceives(byte[] text, int from, int to) {
    if (letters == Letters.UTF8) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (letters == Letters.LATIN1 ? text[i] == (byte) 0xa0 : text[i] < 0) {
        return true;
      }
    }
    return false;
  }
}
