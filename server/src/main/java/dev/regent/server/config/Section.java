package dev.regent.server.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * One table of the file. Every reading method notes its key as known, adds a mistake if the value
 * is not what it must be, and always returns something to go on with, so that one pass finds all
 * mistakes.
 */
final class Section {
  private static final int SHOWN_MAX = 40;

  private final String name;
  private final TomlTable table;
  private final int line;
  private final Mistakes mistakes;
  private final Known known;

  /** {@code name} as people write it, with its brackets; {@code line} where it begins. */
  Section(String name, TomlTable table, int line, Mistakes mistakes, Known known) {
    this.name = name;
    this.table = table;
    this.line = line;
    this.mistakes = mistakes;
    this.known = known;
  }

  String name() {
    return name;
  }

  boolean has(String key) {
    return table.contains(List.of(key));
  }

  /** The key's line; the section's if it is not there. */
  int line(String key) {
    TomlPosition position = table.inputPositionOf(List.of(key));
    return position == null ? line : position.line();
  }

  /** For a mistake that only the caller can see. */
  void mistake(String key, String what, String mend) {
    mistakes.add(line(key), name + " " + key + " " + what, mend);
  }

  /** Checks the keys that nobody asked for. */
  void checkUnknown() {
    for (String key : table.keySet()) {
      if (!known.has(name, key)) {
        mistakes.add(line(key), name + " has no key " + key, known.suggest(name, key));
      }
    }
  }

  Optional<String> text(String key) {
    Object value = value(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof String text && !text.isBlank()) {
      return Optional.of(text);
    }
    mistake(key, "must be a text, not " + shown(value), "write " + key + " = \"...\"");
    return Optional.empty();
  }

  /** An absolute path; a relative one starts at the folder of {@code origin}. */
  Optional<Path> path(String key, Path origin) {
    try {
      return text(key).map(t -> origin.toAbsolutePath().resolveSibling(t).normalize());
    } catch (InvalidPathException e) {
      mistake(key, "is no path: " + e.getReason(), "write the path of a file");
      return Optional.empty();
    }
  }

  /** Empty only together with a mistake. */
  Optional<String> required(String key, String example) {
    if (!has(key)) {
      known.add(name, key);
      mistakes.addMissing(line, name + " " + key + " is missing", "add " + key + " = " + example);
      return Optional.empty();
    }
    return text(key);
  }

  /** A value that no message may show. */
  Optional<String> hidden(String key) {
    Object value = value(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof String text && !text.isEmpty()) {
      return Optional.of(text);
    }
    mistake(key, "must be a text that is not empty", "write " + key + " = \"...\"");
    return Optional.empty();
  }

  boolean flag(String key, boolean fallback) {
    Object value = value(key);
    if (value == null || value instanceof Boolean) {
      return value == null ? fallback : (Boolean) value;
    }
    mistake(
        key,
        "must be true or false, not " + shown(value),
        "write " + key + " = " + fallback + " or " + !fallback);
    return fallback;
  }

  long whole(String key, long fallback, long min, long max) {
    Object value = value(key);
    if (value == null) {
      return fallback;
    }
    if (value instanceof Long number && number >= min && number <= max) {
      return number;
    }
    mistake(
        key,
        "must be a whole number from " + min + " to " + max + ", not " + shown(value),
        "write for example " + key + " = " + fallback);
    return fallback;
  }

  Duration duration(String key, Duration fallback, Duration min, Duration max) {
    Object value = value(key);
    if (value == null) {
      return fallback;
    }
    Optional<Duration> read =
        value instanceof String text ? Spelling.duration(text) : Optional.empty();
    if (read.isEmpty()) {
      String right = Spelling.almost(String.valueOf(value), fallback);
      mistake(
          key,
          "must be a whole number with a unit (ms, s, m, h, d) in quotes, not " + shown(value),
          "write " + key + " = \"" + right + "\"");
      return fallback;
    }
    if (read.get().compareTo(min) < 0 || read.get().compareTo(max) > 0) {
      mistake(
          key,
          "is " + Spelling.of(read.get()),
          "write a duration from " + Spelling.of(min) + " to " + Spelling.of(max));
      return fallback;
    }
    return read.get();
  }

  /** A duration that the server counts in seconds. */
  long seconds(String key, long fallback, long min, long max) {
    Duration read =
        duration(
            key, Duration.ofSeconds(fallback), Duration.ofSeconds(min), Duration.ofSeconds(max));
    if (read.toMillis() % 1000 != 0) {
      mistake(
          key,
          "is " + Spelling.of(read) + " but must be whole seconds",
          "write " + key + " = \"" + (read.toSeconds() + 1) + "s\"");
    }
    return read.toSeconds();
  }

  /** One of the enum's names, in lower case. */
  <E extends Enum<E>> E choice(String key, E fallback) {
    Object value = value(key);
    if (value == null) {
      return fallback;
    }
    E[] choices = fallback.getDeclaringClass().getEnumConstants();
    for (E choice : choices) {
      if (word(choice).equals(value)) {
        return choice;
      }
    }
    String all = Arrays.stream(choices).map(c -> quoted(word(c))).collect(Collectors.joining(", "));
    mistake(
        key,
        "must be one of " + all + ", not " + shown(value),
        "write " + key + " = " + quoted(nearest(value, choices, fallback)));
    return fallback;
  }

  private static <E extends Enum<E>> String nearest(Object value, E[] choices, E fallback) {
    List<String> words = Arrays.stream(choices).map(Section::word).toList();
    return Spelling.nearest(String.valueOf(value), words).orElse(word(fallback));
  }

  private static String word(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }

  /** Whether the value is a list, where a text would do as well. */
  boolean isList(String key) {
    return table.get(List.of(key)) instanceof TomlArray;
  }

  /** A list of texts; empty if it is not there, or together with a mistake. */
  List<String> texts(String key, String example) {
    Object value = value(key);
    if (value == null) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    boolean right = value instanceof TomlArray;
    if (value instanceof TomlArray array) {
      for (Object item : array.toList()) {
        right &= item instanceof String text && texts.add(text);
      }
    }
    if (!right || texts.isEmpty()) {
      String not = texts.isEmpty() && right ? "an empty list" : shown(value);
      mistake(key, "must be a list of texts, not " + not, "write " + key + " = " + example);
      return List.of();
    }
    return texts;
  }

  private @Nullable Object value(String key) {
    known.add(name, key);
    return table.get(List.of(key));
  }

  private static String shown(Object value) {
    String text =
        switch (value) {
          case String s -> quoted(s);
          case TomlArray array -> array.toToml();
          case TomlTable other -> "a table";
          default -> value.toString();
        };
    return text.length() <= SHOWN_MAX ? text : text.substring(0, SHOWN_MAX) + "...";
  }

  static String quoted(String text) {
    return "\"" + text + "\"";
  }
}
