package dev.regent.proxy.session;

import dev.regent.proxy.session.Statement.Kind;
import dev.regent.proxy.session.Statement.Pin;
import dev.regent.proxy.wire.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One pass over a statement's text: words, calls and signs, without comments and quoted text. It
 * parses nothing, and fails safe: what it does not know is {@link Kind#OTHER}.
 */
final class Look {
  static final String TRACKING = "session_track_";

  private static final int WORD_MAX = 32;
  private static final String TRACKING_WORD = TRACKING.toUpperCase(Locale.ROOT);

  /** Functions that only compute; words that stand before a bracket and are none. */
  private static final Set<String> HARMLESS =
      new TreeSet<>(
          List.of(
              "ABS",
              "ALL",
              "AND",
              "ANY",
              "AS",
              "AVG",
              "BETWEEN",
              "BY",
              "CASE",
              "CAST",
              "CEIL",
              "CEILING",
              "CHAR",
              "CHAR_LENGTH",
              "COALESCE",
              "CONCAT",
              "CONCAT_WS",
              "CONVERT",
              "COUNT",
              "CURDATE",
              "CURRENT_TIMESTAMP",
              "DATABASE",
              "DATE",
              "DATE_ADD",
              "DATE_FORMAT",
              "DATE_SUB",
              "DISTINCT",
              "ELSE",
              "EXISTS",
              "FLOOR",
              "FROM",
              "GREATEST",
              "GROUP_CONCAT",
              "HAVING",
              "HEX",
              "IF",
              "IFNULL",
              "IN",
              "INTERVAL",
              "IS",
              "JOIN",
              "JSON_EXTRACT",
              "JSON_UNQUOTE",
              "JSON_VALUE",
              "LEAST",
              "LEFT",
              "LENGTH",
              "LIKE",
              "LOWER",
              "LPAD",
              "LTRIM",
              "MAX",
              "MD5",
              "MIN",
              "MOD",
              "MONTH",
              "NOT",
              "NOW",
              "NULLIF",
              "ON",
              "OR",
              "OVER",
              "RIGHT",
              "ROUND",
              "RPAD",
              "RTRIM",
              "SELECT",
              "SHA1",
              "SHA2",
              "SUBSTR",
              "SUBSTRING",
              "SUM",
              "THEN",
              "TRIM",
              "UNION",
              "UNIX_TIMESTAMP",
              "UPPER",
              "USING",
              "VALUES",
              "VERSION",
              "WHEN",
              "WHERE",
              "YEAR"));

  private final Bytes text;
  private final int end;
  private int at;

  private String first = "";
  private String second = "";
  private boolean several;
  private boolean hidden;
  private boolean userVariable;
  private boolean assigned;
  private boolean strangeCall;
  private boolean more;
  private boolean tracking;
  private boolean collates;
  private String collation = "";
  private final Set<Pin> pins = EnumSet.noneOf(Pin.class);

  private Look(Bytes text, int from, int end) {
    this.text = text;
    this.at = from;
    this.end = end;
  }

  static Statement at(Bytes text, int from, int to) {
    Look look = new Look(text, from, to);
    look.scan();
    return look.judge();
  }

  private void scan() {
    while (at < end) {
      int c = text.at(at);
      if (isWord(c)) {
        word();
      } else if (c == '\'' || c == '"' || c == '`') {
        quoted(c);
      } else if (c == '#' || (c == '-' && next(1) == '-')) {
        skipLine();
      } else if (c == '/' && next(1) == '*') {
        comment();
      } else {
        sign(c);
      }
    }
  }

  private Statement judge() {
    if (userVariable && (assigned || first.equals("SET") || first.equals("CALL"))) {
      pins.add(Pin.USER_VARIABLE);
    }
    switch (first) {
      case "LOCK" -> pins.add(Pin.TABLE_LOCK);
      case "PREPARE" -> pins.add(Pin.PREPARED);
      case "HANDLER" -> pins.add(Pin.HANDLER);
      case "XA" -> pins.add(Pin.XA);
      default -> {}
    }
    boolean setsNames = first.equals("SET") && second.equals("NAMES");
    Optional<String> names = setsNames ? Optional.of(collation) : Optional.empty();
    return new Statement(kind(), pins, names, tracking);
  }

  private Kind kind() {
    if (several || hidden || !pins.isEmpty()) {
      return Kind.OTHER;
    }
    return switch (first) {
      case "SELECT" -> more || userVariable || strangeCall ? Kind.CHANGE : Kind.READ;
      case "INSERT", "UPDATE", "DELETE", "REPLACE", "SAVEPOINT" -> Kind.CHANGE;
      case "SHOW", "DESC", "DESCRIBE" ->
          List.of("WARNINGS", "ERRORS", "COUNT").contains(second) ? Kind.CHANGE : Kind.READ;
      case "BEGIN" -> second.isEmpty() || second.equals("WORK") ? Kind.BEGIN : Kind.OTHER;
      case "START" -> second.equals("TRANSACTION") ? Kind.BEGIN : Kind.OTHER;
      // ROLLBACK TO leaves the transaction open, AND CHAIN begins one.
      case "ROLLBACK" -> second.isEmpty() ? Kind.ROLLBACK : Kind.CHANGE;
      case "UNLOCK" -> Kind.UNLOCK;
      default -> Kind.OTHER;
    };
  }

  private void word() {
    int from = at;
    while (at < end && isWord(text.at(at))) {
      at++;
    }
    int length = at - from;
    if (length > WORD_MAX) {
      strangeCall |= calls();
      return;
    }
    char[] letters = new char[length];
    for (int i = 0; i < length; i++) {
      int c = text.at(from + i);
      letters[i] = (char) (c >= 'a' && c <= 'z' ? c - 32 : c);
    }
    String word = new String(letters);
    if (several || first.isEmpty()) {
      several |= !first.isEmpty();
      first = word;
    } else if (second.isEmpty()) {
      second = word;
    }
    noted(word);
  }

  private void noted(String word) {
    if (collates) {
      collation = word.toLowerCase(Locale.ROOT);
    }
    collates = word.equals("COLLATE");
    switch (word) {
      case "INTO", "UPDATE", "SHARE", "LOCK", "NEXT", "PREVIOUS", "PROCEDURE" -> {
        more = true;
        assigned |= word.equals("INTO");
      }
      case "TEMPORARY" -> pins.add(Pin.TEMPORARY_TABLE);
      case "GET_LOCK" -> pins.add(Pin.NAMED_LOCK);
      default -> {
        tracking |= word.startsWith(TRACKING_WORD);
        if (!HARMLESS.contains(word)) {
          strangeCall |= calls();
        }
      }
    }
  }

  private boolean calls() {
    int i = at;
    while (i < end && text.at(i) <= ' ') {
      i++;
    }
    return i < end && text.at(i) == '(';
  }

  private void sign(int c) {
    at++;
    if (c == ';') {
      separator();
    } else if (c == '@') {
      if (next(0) == '@') {
        at++;
      } else {
        userVariable = true;
      }
    } else if (c == ':' && next(0) == '=') {
      assigned = true;
    }
  }

  /** A statement behind a separator makes them several; blanks do not. */
  private void separator() {
    for (int i = at; i < end; i++) {
      several |= text.at(i) > ' ';
    }
  }

  private void quoted(int quote) {
    int from = ++at;
    while (at < end) {
      int c = text.at(at++);
      if (c == '\\' && quote != '`') {
        at++;
      } else if (c == quote) {
        break;
      }
    }
    if (collates && at > from && at <= end) {
      collation = new String(text.copy(from, at - 1), StandardCharsets.ISO_8859_1);
      collates = false;
    }
  }

  private void skipLine() {
    while (at < end && text.at(at) != '\n') {
      at++;
    }
  }

  /** What stands in a comment that servers execute counts, and makes the whole doubtful. */
  private void comment() {
    if (next(2) == '!' || (next(2) == 'M' && next(3) == '!')) {
      hidden = true;
      at += 3;
      return;
    }
    at += 2;
    while (at < end && !(text.at(at) == '*' && next(1) == '/')) {
      at++;
    }
    at += 2;
  }

  private int next(int distance) {
    return at + distance < end ? text.at(at + distance) : -1;
  }

  private static boolean isWord(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '$'
        || c >= 0x80;
  }
}
