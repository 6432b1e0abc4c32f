package dev.regent.server.observe;

import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Link;
import dev.regent.server.connect.LinkException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads a fixed list of global variables in one statement. Versions differ in what they have, and
 * one unknown name would fail the whole statement: so each link first asks which ones exist.
 */
final class Variables {
  private final String sql;
  private final Map<String, Integer> positions;

  private Variables(List<String> names) {
    Map<String, Integer> found = new HashMap<>();
    for (String name : names) {
      found.put(name, found.size() + 1);
    }
    this.positions = Map.copyOf(found);
    this.sql =
        names.stream().map(n -> "@@global." + n).collect(Collectors.joining(", ", "SELECT ", ""));
  }

  /** Those of the names that this server has. */
  static Variables known(List<String> names, Link link, Deadline deadline) throws LinkException {
    String list = names.stream().map(n -> "'" + n + "'").collect(Collectors.joining(",", "(", ")"));
    List<String> found =
        new ArrayList<>(
            link.column("SHOW GLOBAL VARIABLES WHERE Variable_name IN " + list, deadline));
    found.retainAll(names);
    return new Variables(found);
  }

  String sql() {
    return sql;
  }

  /** Empty for NULL and for a variable that this version does not have. */
  String text(ResultSet row, String name) throws SQLException {
    int position = positions.getOrDefault(name, 0);
    return position == 0 ? "" : Optional.ofNullable(row.getString(position)).orElse("");
  }

  long number(ResultSet row, String name) throws SQLException {
    String text = text(row, name);
    return text.isEmpty() ? 0 : Long.parseUnsignedLong(text);
  }

  boolean on(ResultSet row, String name) throws SQLException {
    String text = text(row, name);
    return text.equals("1") || text.equalsIgnoreCase("ON");
  }
}
