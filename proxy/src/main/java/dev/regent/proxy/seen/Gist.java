package dev.regent.proxy.seen;

import dev.regent.proxy.wire.Bytes;
import java.nio.charset.StandardCharsets;

/** A statement's text without what was written into it: each literal is a question mark. */
public final class Gist {
  /** Enough to know a statement by. */
  private static final int LENGTH_MAX = 500;

  private final Bytes text;
  private final StringBuilder out = new StringBuilder();
  private int at;

  private Gist(Bytes text, int from) {
    this.text = text;
    this.at = from;
  }

  /** Fails safe: of what is not closed, nothing is told. */
  public static String of(Bytes text, int from) {
    Gist gist = new Gist(text, from);
    while (gist.at < text.length() && gist.out.length() < LENGTH_MAX) {
      gist.next();
    }
    String said = gist.out.toString().strip();
    return gist.at < text.length() ? said + " ..." : said;
  }

  private void next() {
    int c = text.at(at);
    if (c <= ' ') {
      at++;
      space();
    } else if (c == '\'' || c == '"') {
      quoted(c);
      literal();
    } else if (c == '`') {
      int from = at;
      quoted(c);
      copy(from, Math.min(at, text.length()));
    } else if (c == '#' || (c == '-' && peek(1) == '-')) {
      while (at < text.length() && text.at(at) != '\n') {
        at++;
      }
      space();
    } else if (c == '/' && peek(1) == '*') {
      at += 2;
      while (at < text.length() && !(text.at(at) == '*' && peek(1) == '/')) {
        at++;
      }
      at += 2;
      space();
    } else if (isWord(c)) {
      word(c);
    } else {
      out.append((char) c);
      at++;
    }
  }

  /** A number, the mark before a text (x, N, _utf8mb4), or a name. */
  private void word(int first) {
    int from = at;
    boolean number = first >= '0' && first <= '9';
    while (at < text.length() && (isWord(text.at(at)) || (number && text.at(at) == '.'))) {
      at++;
    }
    if (number) {
      literal();
    } else {
      copy(from, at);
    }
  }

  private void literal() {
    out.append('?');
  }

  private void quoted(int quote) {
    at++;
    while (at < text.length()) {
      int c = text.at(at++);
      if (c == '\\' && quote != '`') {
        at++;
      } else if (c == quote) {
        return;
      }
    }
  }

  private void copy(int from, int to) {
    out.append(new String(text.copy(from, to), StandardCharsets.UTF_8));
  }

  private void space() {
    if (!out.isEmpty() && out.charAt(out.length() - 1) != ' ') {
      out.append(' ');
    }
  }

  private int peek(int distance) {
    return at + distance < text.length() ? text.at(at + distance) : -1;
  }

  private static boolean isWord(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '$'
        || c == '@'
        || c >= 0x80;
  }
}
