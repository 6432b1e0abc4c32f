package dev.regent.server.render;

import dev.regent.core.analyze.Diagnosis.Severity;
import dev.regent.core.model.Moment;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The reader's side of a page.
 *
 * @param now when it is read; a picture may be older
 */
public record Page(int columns, boolean color, ZoneId zone, Moment now) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);
  private static final DateTimeFormatter DATE_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT);

  /** What a piece of text says by its colour, besides its words. */
  public enum Tone {
    PLAIN(""),
    STRONG("1"),
    GOOD("32"),
    WARNING("33"),
    BAD("1;31"),
    FAINT("2");

    private final String code;

    Tone(String code) {
      this.code = code;
    }

    public static Tone of(Severity severity) {
      return switch (severity) {
        case OK -> GOOD;
        case NOTICE -> PLAIN;
        case WARNING -> WARNING;
        case CRITICAL -> BAD;
      };
    }
  }

  /** {@code critical}, {@code replica}: an enum's name as a word. */
  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public String paint(Tone tone, String text) {
    return color && tone != Tone.PLAIN && !text.isEmpty()
        ? "\u001b[" + tone.code + "m" + text + "\u001b[0m"
        : text;
  }

  /** The time of day. */
  public String time(long millis) {
    return TIME.format(Instant.ofEpochMilli(millis).atZone(zone));
  }

  public String dateTime(long millis) {
    return DATE_TIME.format(Instant.ofEpochMilli(millis).atZone(zone));
  }

  /** Breaks a text at spaces so that it fits between an indent and the page's right edge. */
  public List<String> wrap(String text, int indent) {
    int width = Math.max(20, columns - indent);
    List<String> lines = new ArrayList<>();
    String rest = text;
    while (rest.length() > width) {
      int space = rest.lastIndexOf(' ', width);
      int end = space > 0 ? space : width;
      lines.add(rest.substring(0, end));
      rest = rest.substring(space > 0 ? end + 1 : end);
    }
    lines.add(rest);
    return lines;
  }

  /** A label, and beside it a text that is wrapped under its own beginning. */
  List<String> labelled(String label, int indent, Tone tone, String text) {
    List<String> lines = new ArrayList<>();
    String start = paint(tone, label) + " ".repeat(Math.max(0, indent - label.length()));
    for (String line : wrap(text, indent)) {
      lines.add(start + line);
      start = " ".repeat(indent);
    }
    return lines;
  }

  /** A span of time as people say it: {@code 0.3 s}, {@code 42 s}, {@code 5 min}, {@code 3 d}. */
  static String span(Duration span) {
    long seconds = Math.max(0, span.toSeconds());
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.1f s", Math.max(0, span.toMillis()) / 1000.0);
    }
    if (seconds < 120) {
      return seconds + " s";
    }
    if (seconds < 7200) {
      return seconds / 60 + " min";
    }
    return seconds < 172_800 ? seconds / 3600 + " h" : seconds / 86_400 + " d";
  }
}
