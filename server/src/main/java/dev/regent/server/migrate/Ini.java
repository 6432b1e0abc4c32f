package dev.regent.server.migrate;

import dev.regent.server.config.Mistake;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The text of a {@code maxscale.cnf}: sections of {@code key=value}. A line that begins with a
 * blank goes on with the value above it; a hyphen in a key is an underscore; values may be quoted.
 */
final class Ini {

  record Value(int line, String text) {}

  /** A section, its keys in their order. */
  record Section(int line, String name, Map<String, Value> values) {
    Optional<Value> find(String key) {
      return Optional.ofNullable(values.get(key));
    }

    /** Empty if it is not there. */
    String text(String key) {
      return find(key).map(Value::text).orElse("");
    }

    int line(String key) {
      return find(key).map(Value::line).orElse(line);
    }
  }

  private final List<Section> sections = new ArrayList<>();
  private final List<Mistake> mistakes = new ArrayList<>();
  private String lastKey = "";

  Ini(String text) {
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      read(i + 1, lines.get(i));
    }
  }

  List<Section> sections() {
    return List.copyOf(sections);
  }

  List<Mistake> mistakes() {
    return List.copyOf(mistakes);
  }

  List<Section> ofType(String type) {
    return sections.stream().filter(s -> s.text("type").equalsIgnoreCase(type)).toList();
  }

  Optional<Section> named(String name) {
    return sections.stream().filter(s -> s.name().equalsIgnoreCase(name)).findFirst();
  }

  private void read(int number, String line) {
    String bare = line.strip();
    if (bare.isEmpty() || bare.startsWith("#") || bare.startsWith(";")) {
      return;
    }
    if (Character.isWhitespace(line.charAt(0)) && !lastKey.isEmpty()) {
      Map<String, Value> values = sections.getLast().values();
      values.computeIfPresent(lastKey, (_, v) -> new Value(v.line(), v.text() + bare));
    } else if (bare.startsWith("[") && bare.endsWith("]")) {
      open(number, bare.substring(1, bare.length() - 1).strip());
    } else {
      pair(number, bare);
    }
  }

  private void open(int number, String name) {
    named(name)
        .ifPresent(first ->
            mistakes.add(
                new Mistake(
                    number,
                    "section [" + name + "] is there since line " + first.line(),
                    "keep one of the two")));
    sections.add(new Section(number, name, new LinkedHashMap<>()));
    lastKey = "";
  }

  /** A line that is none is not shown: it may be a password. */
  private void pair(int number, String bare) {
    int equals = bare.indexOf('=');
    if (equals < 1 || sections.isEmpty()) {
      String what = equals < 1 ? "this is no key=value" : "a key stands above the first section";
      mistakes.add(new Mistake(number, what, "mend it there first; MaxScale refuses it, too"));
      return;
    }
    String key = bare.substring(0, equals).strip().toLowerCase(Locale.ROOT).replace('-', '_');
    Section section = sections.getLast();
    if (section.values().containsKey(key)) {
      mistakes.add(
          new Mistake(
              number,
              "[" + section.name() + "] " + key + " is given twice",
              "keep one of the two"));
    }
    section.values().put(key, new Value(number, unquoted(bare.substring(equals + 1).strip())));
    lastKey = key;
  }

  private static String unquoted(String text) {
    boolean quoted =
        text.length() >= 2
            && (text.charAt(0) == '"' || text.charAt(0) == '\'')
            && text.charAt(0) == text.charAt(text.length() - 1);
    return quoted ? text.substring(1, text.length() - 1) : text;
  }
}
