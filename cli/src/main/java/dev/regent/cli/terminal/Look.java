package dev.regent.cli.terminal;

import dev.regent.server.render.Page.Tone;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/**
 * What the terminal can show. Without colour, weight and inversion remain, and every state is a
 * word anyway.
 *
 * @param unicode whether more than ASCII arrives
 */
public record Look(boolean color, boolean unicode, ZoneId zone) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  public AttributedStyle style(Tone tone) {
    AttributedStyle plain = AttributedStyle.DEFAULT;
    return switch (tone) {
      case PLAIN -> plain;
      case STRONG -> plain.bold();
      case GOOD -> color ? plain.foreground(AttributedStyle.GREEN) : plain;
      case WARNING -> color ? plain.foreground(AttributedStyle.YELLOW) : plain.bold();
      case BAD -> color ? plain.foreground(AttributedStyle.RED).bold() : plain.bold();
      case FAINT ->
          color ? plain.foreground(AttributedStyle.BRIGHT | AttributedStyle.BLACK) : plain;
    };
  }

  public AttributedString text(Tone tone, String text) {
    return new AttributedString(clean(text), style(tone));
  }

  /** A line from edge to edge, inverted: left and right part, the left one cut if need be. */
  public AttributedString bar(String left, String right, int columns) {
    int room = Math.max(0, columns - right.length());
    String start = fit(left, room);
    String line = start + " ".repeat(Math.max(0, room - start.length())) + right;
    return new AttributedString(fit(line, columns), AttributedStyle.DEFAULT.inverse());
  }

  /** A rule with a heading. */
  public AttributedString rule(String heading, int columns) {
    String start = "-- " + heading + " ";
    return new AttributedStringBuilder()
        .styled(style(Tone.STRONG), fit(start, columns))
        .styled(style(Tone.FAINT), "-".repeat(Math.max(0, columns - start.length())))
        .toAttributedString();
  }

  /** Cut, with a mark that something is missing. */
  public String fit(String text, int columns) {
    String clean = clean(text);
    if (clean.length() <= columns) {
      return clean;
    }
    String mark = unicode ? "\u2026" : "~";
    return columns < 1 ? "" : clean.substring(0, columns - 1) + mark;
  }

  public AttributedString fit(AttributedString line, int columns) {
    return line.columnLength() <= columns ? line : line.columnSubSequence(0, columns);
  }

  /** Broken at blanks; what follows the first line is indented. */
  public List<String> wrap(String text, int columns, int indent) {
    List<String> lines = new ArrayList<>();
    String rest = clean(text);
    int room = columns;
    while (rest.length() > room) {
      int blank = rest.lastIndexOf(' ', room);
      int end = blank > 0 ? blank : room;
      lines.add((lines.isEmpty() ? "" : " ".repeat(indent)) + rest.substring(0, end));
      rest = rest.substring(blank > 0 ? end + 1 : end);
      room = Math.max(1, columns - indent);
    }
    lines.add((lines.isEmpty() ? "" : " ".repeat(indent)) + rest);
    return lines;
  }

  public String time(long millis) {
    return TIME.format(Instant.ofEpochMilli(millis).atZone(zone));
  }

  /** Words of a server or a daemon must not move the cursor. */
  private String clean(String text) {
    String visible = text.replaceAll("\\p{Cntrl}", " ");
    return unicode ? visible : visible.replaceAll("[^\\x20-\\x7e]", "?");
  }
}
