package dev.regent.server.checkup;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A table that decides lost commits, as a server has it.
 *
 * @param engine empty for what is no table, as a view
 * @param transactional whether what the engine takes is taken back with its transaction
 * @param columns by name, in lower case: their types, as the server writes them
 * @param demanding columns that an insert must name
 * @param keyed whether {@code session} alone is a unique key
 */
public record TokenTable(
    String engine,
    boolean transactional,
    SortedMap<String, String> columns,
    List<String> demanding,
    boolean keyed) {
  public TokenTable {
    columns = Collections.unmodifiableSortedMap(new TreeMap<>(columns));
    demanding = List.copyOf(demanding);
  }

  String type(String column) {
    return columns.getOrDefault(column, "");
  }
}
