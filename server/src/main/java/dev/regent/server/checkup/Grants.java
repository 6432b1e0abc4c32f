package dev.regent.server.checkup;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What {@code SHOW GRANTS} says, understood. */
final class Grants {
  private static final Pattern LINE =
      Pattern.compile("GRANT (.+) ON (?:TABLE )?(\\*\\.\\*|(`(?:[^`]|``)+`|\\w+)\\.\\*) TO .*");

  /** Columns of a table, e.g. {@code SELECT (a, b)}: less than the privilege. */
  private static final Pattern COLUMNS = Pattern.compile("\\w+ ?\\([^)]*\\)");

  private static final String ALL = "ALL PRIVILEGES";

  /** Other spellings of one privilege; a server shows one and takes all it knows. */
  private static final Map<String, String> ALIASES =
      Map.of(
          "REPLICATION CLIENT", "BINLOG MONITOR",
          "REPLICATION REPLICA ADMIN", "REPLICATION SLAVE ADMIN",
          "REPLICATION REPLICA", "REPLICATION SLAVE",
          "REPLICA MONITOR", "SLAVE MONITOR",
          "READ ONLY ADMIN", "READ_ONLY ADMIN");

  /** What is granted on {@code *.*} (database empty) or on databases that match a pattern. */
  private record Granted(Optional<Pattern> database, TreeSet<String> privileges) {}

  private final List<Granted> all = new ArrayList<>();

  Grants(List<String> lines) {
    lines.forEach(this::read);
  }

  private void read(String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      return;
    }
    TreeSet<String> privileges = new TreeSet<>();
    for (String word : COLUMNS.matcher(matcher.group(1)).replaceAll("").split(",")) {
      privileges.add(canonical(word.strip()));
    }
    Optional<Pattern> database = Optional.ofNullable(matcher.group(3)).map(Grants::like);
    all.add(new Granted(database, privileges));
  }

  static String canonical(String privilege) {
    String upper = privilege.toUpperCase(Locale.ROOT);
    return ALIASES.getOrDefault(upper, upper);
  }

  /** Database names in grants are patterns, with a backslash before what is meant as it stands. */
  private static Pattern like(String quoted) {
    String name =
        quoted.startsWith("`")
            ? quoted.substring(1, quoted.length() - 1).replace("``", "`")
            : quoted;
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '\\' && i + 1 < name.length()) {
        i++;
        regex.append(Pattern.quote(name.substring(i, i + 1)));
      } else {
        regex.append(c == '%' ? ".*" : c == '_' ? "." : Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE);
  }

  /** {@code database} empty: everywhere. */
  boolean has(String privilege, String database) {
    String wanted = canonical(privilege);
    return all.stream()
        .filter(g ->
            g.database().isEmpty()
                || (!database.isEmpty() && g.database().get().matcher(database).matches()))
        .anyMatch(g -> g.privileges().contains(ALL) || g.privileges().contains(wanted));
  }

  /** For a message: what is granted everywhere. */
  String words() {
    return all.stream()
        .filter(g -> g.database().isEmpty())
        .flatMap(g -> g.privileges().stream())
        .distinct()
        .collect(Collectors.joining(", "));
  }
}
