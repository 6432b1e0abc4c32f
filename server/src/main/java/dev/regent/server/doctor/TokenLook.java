package dev.regent.server.doctor;

import dev.regent.server.checkup.TokenTable;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Link;
import dev.regent.server.connect.LinkException;
import dev.regent.server.connect.Quoted;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** How a server has one of the tables that decide lost commits; nothing of its rows is read. */
record TokenLook(Link link, Deadline deadline, String database, String table) {

  static TokenLook of(Link link, Deadline deadline, String name) {
    int dot = name.indexOf('.');
    return new TokenLook(link, deadline, name.substring(0, dot), name.substring(dot + 1));
  }

  private record Kind(String engine, boolean transactional) {}

  /** Empty if there is none, or our account may not see it. */
  Optional<TokenTable> read() throws LinkException {
    String sql =
        "SELECT IFNULL(t.ENGINE, ''), IFNULL(e.TRANSACTIONS, 'NO') FROM information_schema.TABLES t"
            + " LEFT JOIN information_schema.ENGINES e ON e.ENGINE=t.ENGINE WHERE "
            + itself("t.");
    Optional<Kind> kind =
        link.read(
            sql,
            deadline,
            r ->
                r.next()
                    ? Optional.of(new Kind(r.getString(1), r.getString(2).equals("YES")))
                    : Optional.empty());
    return kind.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new TokenTable(
                kind.get().engine(), kind.get().transactional(), columns(), demanding(), keyed()));
  }

  private String itself(String of) {
    return of
        + "TABLE_SCHEMA="
        + Quoted.text(database)
        + " AND "
        + of
        + "TABLE_NAME="
        + Quoted.text(table);
  }

  private SortedMap<String, String> columns() throws LinkException {
    String sql =
        "SELECT LOWER(COLUMN_NAME), LOWER(COLUMN_TYPE) FROM information_schema.COLUMNS WHERE "
            + itself("");
    return link.read(
        sql,
        deadline,
        r -> {
          SortedMap<String, String> columns = new TreeMap<>();
          while (r.next()) {
            columns.put(r.getString(1), r.getString(2));
          }
          return columns;
        });
  }

  /** The server gives a first TIMESTAMP a value of its own, and says so here as a default. */
  private List<String> demanding() throws LinkException {
    return link
        .column(
            "SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE "
                + itself("")
                + " AND IS_NULLABLE='NO' AND COLUMN_DEFAULT IS NULL AND EXTRA=''",
            deadline)
        .stream()
        .map(c -> c.toLowerCase(Locale.ROOT))
        .toList();
  }

  private boolean keyed() throws LinkException {
    String sql =
        "SELECT INDEX_NAME FROM information_schema.STATISTICS WHERE "
            + itself("")
            + " AND NON_UNIQUE=0 GROUP BY INDEX_NAME"
            + " HAVING COUNT(*)=1 AND MAX(LOWER(COLUMN_NAME))='session' AND MAX(SUB_PART) IS NULL";
    return link.value(sql, deadline).isPresent();
  }
}
