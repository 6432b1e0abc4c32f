package dev.regent.lab.command;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts lines of input into statements at {@code ;} and {@code \G}, wherever these do not stand in
 * quotes or comments. A line {@code DELIMITER //} changes the end mark, for statements that have
 * semicolons inside.
 */
final class StatementReader {
  /** One statement, and whether it is to be shown one value per line. */
  record Parsed(String sql, boolean vertical) {}

  private static final char NOTHING = 0;
  private static final char COMMENT = '*';
  private static final String VERTICAL = "\\G";

  private static final Pattern DELIMITER = Pattern.compile("(?i)\\s*delimiter\\s+(\\S+)\\s*");

  private final StringBuilder pending = new StringBuilder();

  /** What we are inside of: a quote character, a block comment, or nothing. */
  private char inside = NOTHING;

  private String delimiter = ";";

  /** Takes the next line; returns the statements that it completes. */
  List<Parsed> line(String line) {
    List<Parsed> done = new ArrayList<>();
    Matcher change = DELIMITER.matcher(line);
    if (inside == NOTHING && pending.toString().isBlank() && change.matches()) {
      delimiter = change.group(1);
      return done;
    }
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      char next = i + 1 < line.length() ? line.charAt(i + 1) : NOTHING;
      if (inside == NOTHING && isLineComment(c, next, line, i)) {
        break;
      }
      String mark = inside == NOTHING ? endMark(line, i) : "";
      if (!mark.isEmpty()) {
        finish(mark.equals(VERTICAL), done);
        i += mark.length() - 1;
        continue;
      }
      pending.append(c);
      if (isPair(c, next)) {
        pending.append(next);
        i++;
      }
      inside = inside(c, next);
    }
    pending.append('\n');
    return done;
  }

  /** The input is over: what is left is a statement too. */
  List<Parsed> end() {
    List<Parsed> done = new ArrayList<>();
    finish(false, done);
    return done;
  }

  /** The end mark that stands here, or nothing. */
  private String endMark(String line, int at) {
    if (line.startsWith(delimiter, at)) {
      return delimiter;
    }
    return line.startsWith(VERTICAL, at) ? VERTICAL : "";
  }

  private void finish(boolean vertical, List<Parsed> done) {
    String sql = pending.toString().strip();
    pending.setLength(0);
    if (!sql.isEmpty()) {
      done.add(new Parsed(sql, vertical));
    }
  }

  private static boolean isLineComment(char c, char next, String line, int at) {
    boolean dashes =
        c == '-' && next == '-' && (at + 2 == line.length() || line.charAt(at + 2) <= ' ');
    return c == '#' || dashes;
  }

  /** Two characters that belong together, so that the second is not looked at by itself. */
  private boolean isPair(char c, char next) {
    return switch (inside) {
      case NOTHING -> c == '/' && next == '*';
      case COMMENT -> c == '*' && next == '/';
      case '`' -> false;
      default -> c == '\\' && next != NOTHING;
    };
  }

  private char inside(char c, char next) {
    return switch (inside) {
      case NOTHING -> {
        if (c == '/' && next == '*') {
          yield COMMENT;
        }
        yield c == '\'' || c == '"' || c == '`' ? c : NOTHING;
      }
      case COMMENT -> c == '*' && next == '/' ? NOTHING : COMMENT;
      default -> c == inside ? NOTHING : inside;
    };
  }
}
