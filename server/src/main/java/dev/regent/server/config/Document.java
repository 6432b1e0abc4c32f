package dev.regent.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** The text of a configuration as sections. */
final class Document {
  private static final Pattern PASSWORD = Pattern.compile("password", Pattern.CASE_INSENSITIVE);

  private static final Pattern ANYTHING = Pattern.compile("");

  private final TomlParseResult toml;
  private final Mistakes mistakes;
  private final Known known = new Known();
  private final List<Section> opened = new ArrayList<>();

  Document(String text, Mistakes mistakes) {
    this(text, mistakes, PASSWORD);
  }

  private Document(String text, Mistakes mistakes, Pattern secret) {
    this.toml = Toml.parse(text);
    this.mistakes = mistakes;
    List<String> lines = text.lines().toList();
    toml.errors().forEach(error -> addUnreadable(error, lines, secret));
  }

  /** Whatever line cannot be read, nothing of it is shown. */
  static Document ofSecrets(String text, Mistakes mistakes) {
    return new Document(text, mistakes, ANYTHING);
  }

  private void addUnreadable(TomlParseError error, List<String> lines, Pattern secret) {
    int number = error.position().line();
    String line = number <= lines.size() ? lines.get(number - 1) : "";
    // The parser quotes what it stumbles over, and that may be a password.
    boolean hidden = secret.matcher(line).find();
    String what = hidden ? "this is not TOML" : String.valueOf(error.getMessage());
    String mend =
        hidden
            ? "a password is a text in quotes, with \\\\ for a backslash and \\\" for a quote"
            : mend(what);
    mistakes.addUnreadable(number, lower(what), mend);
  }

  private static String mend(String what) {
    return what.contains("previously defined")
        ? "keep one of the two"
        : "write key = value, with texts and durations in quotes";
  }

  private static String lower(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }

  Known known() {
    return known;
  }

  /** The line where this name begins; 0 if it is not there. */
  int line(String name) {
    TomlPosition position = toml.inputPositionOf(List.of(name));
    return position == null ? 0 : position.line();
  }

  /** The table of this name; an empty one if it is not there. */
  Section section(String name) {
    String shown = "[" + name + "]";
    Object found = toml.get(List.of(name));
    if (found instanceof TomlTable table) {
      return open(shown, table, line(name));
    }
    if (found != null) {
      mistakes.add(
          line(name), name + " must be a section", "write " + shown + " once, above its keys");
    }
    return open(shown, Toml.parse(""), line(name));
  }

  /** All tables of this name, in their order. */
  List<Section> sections(String name) {
    String shown = "[[" + name + "]]";
    Object found = toml.get(List.of(name));
    List<Section> sections = new ArrayList<>();
    if (found instanceof TomlArray array) {
      for (int i = 0; i < array.size(); i++) {
        if (array.get(i) instanceof TomlTable table) {
          sections.add(open(shown, table, array.inputPositionOf(i).line()));
        }
      }
    } else if (found != null) {
      mistakes.add(
          line(name), name + " must be a list of sections", "write " + shown + " above each");
    }
    return sections;
  }

  /** A section that is not in the file, to learn its keys from who reads it; mistakes are lost. */
  Section blank(String shown) {
    return new Section(shown, Toml.parse(""), 0, new Mistakes(), known);
  }

  /** Whether there is nothing of this name, or an empty list. */
  boolean lacks(String name) {
    Object found = toml.get(List.of(name));
    return found == null || (found instanceof TomlArray array && array.isEmpty());
  }

  private Section open(String shown, TomlTable table, int line) {
    Section section = new Section(shown, table, line, mistakes, known);
    opened.add(section);
    return section;
  }

  /** Once everything is read: what is in the file and was not asked for. */
  void checkUnknown() {
    for (String key : toml.keySet()) {
      boolean asked = known.sections().stream().anyMatch(s -> bare(s).equals(key));
      if (!asked) {
        mistakes.add(line(key), "there is no section [" + key + "]", suggest(key));
      }
    }
    opened.forEach(Section::checkUnknown);
  }

  private String suggest(String key) {
    List<String> names = known.sections();
    Optional<String> near = Spelling.nearest(key, names.stream().map(Document::bare).toList());
    return near.flatMap(n -> names.stream().filter(s -> bare(s).equals(n)).findFirst())
        .map(n -> "did you mean " + n + "?")
        .orElse("there are " + String.join(", ", names));
  }

  private static String bare(String name) {
    return name.replace("[", "").replace("]", "");
  }
}
