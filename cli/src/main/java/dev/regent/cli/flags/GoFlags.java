package dev.regent.cli.flags;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads words by the rules of Go's {@code flag} package: one or two dashes, {@code -x=v} or {@code
 * -x v}, a boolean's value only after {@code =}, the last one counts, and all ends at the first
 * word that is no flag, or behind {@code --}.
 *
 * @param given what was given, by name
 * @param rest the words after the flags
 */
public record GoFlags(Map<String, String> given, List<String> rest) {
  private static final List<String> TRUE = List.of("1", "t", "T", "true", "TRUE", "True");
  private static final List<String> FALSE = List.of("0", "f", "F", "false", "FALSE", "False");

  public GoFlags {
    given = Map.copyOf(given);
    rest = List.copyOf(rest);
  }

  /** A word that cannot be understood; the message says which and why. */
  public static final class Mistake extends Exception {
    private static final long serialVersionUID = 1L;

    public Mistake(String message) {
      super(message);
    }
  }

  /** Somebody asked for the help page. */
  public static final class HelpWanted extends Exception {
    private static final long serialVersionUID = 1L;
  }

  public static GoFlags parse(List<String> words) throws Mistake, HelpWanted {
    Map<String, String> given = new LinkedHashMap<>();
    int next = 0;
    while (next < words.size()) {
      String word = words.get(next);
      if (word.length() < 2 || !word.startsWith("-")) {
        break;
      }
      next++;
      if (word.equals("--")) {
        break;
      }
      String body = word.substring(word.startsWith("--") ? 2 : 1);
      if (body.startsWith("-") || body.startsWith("=")) {
        throw new Mistake("bad flag syntax: " + word);
      }
      int equals = body.indexOf('=');
      String name = equals < 0 ? body : body.substring(0, equals);
      Optional<String> value =
          equals < 0 ? Optional.empty() : Optional.of(body.substring(equals + 1));
      Flag flag = find(name);
      if (value.isEmpty() && flag.kind() != Flag.Kind.BOOL) {
        if (next == words.size()) {
          throw new Mistake("flag needs an argument: -" + name);
        }
        value = Optional.of(swallowed(flag, words.get(next)));
        next++;
      }
      given.put(name, value.isPresent() ? checked(flag, value.get()) : "true");
    }
    return new GoFlags(given, words.subList(next, words.size()));
  }

  private static Flag find(String name) throws Mistake, HelpWanted {
    Optional<Flag> flag = Flag.find(name);
    if (flag.isEmpty() && (name.equals("h") || name.equals("help"))) {
      throw new HelpWanted();
    }
    if (flag.isEmpty()) {
      throw new Mistake("flag provided but not defined: -" + name);
    }
    return flag.get();
  }

  /**
   * Go takes any word as the value. A known flag there means that a script's variable was empty,
   * and the rest would be misunderstood.
   */
  private static String swallowed(Flag flag, String value) throws Mistake {
    String name = value.replaceFirst("^--?", "").replaceFirst("=.*", "");
    if (value.startsWith("-") && Flag.find(name).isPresent()) {
      throw new Mistake("flag -" + flag.name() + " has no value: the next word is -" + name);
    }
    return value;
  }

  private static String checked(Flag flag, String value) throws Mistake {
    return switch (flag.kind()) {
      case TEXT -> value;
      case BOOL -> {
        if (!TRUE.contains(value) && !FALSE.contains(value)) {
          throw new Mistake(
              "invalid boolean value \"" + value + "\" for -" + flag.name() + ": parse error");
        }
        yield Boolean.toString(TRUE.contains(value));
      }
      case NUMBER -> {
        if (!value.matches("\\d{1,9}")) {
          throw new Mistake(
              "invalid value \"" + value + "\" for flag -" + flag.name() + ": a number is wanted");
        }
        yield value;
      }
    };
  }

  boolean has(String name) {
    return given.containsKey(name);
  }

  String text(String name) {
    return given.getOrDefault(name, Flag.find(name).orElseThrow().standard());
  }

  public boolean on(String name) {
    return text(name).equals("true");
  }

  long number(String name) {
    return Long.parseLong(text(name));
  }

  /** Parts between commas, without empty ones. */
  List<String> list(String name) {
    List<String> parts = new ArrayList<>();
    for (String part : text(name).split(",", -1)) {
      if (!part.isBlank()) {
        parts.add(part.strip());
      }
    }
    return parts;
  }
}
