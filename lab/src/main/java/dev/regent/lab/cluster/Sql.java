package dev.regent.lab.cluster;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Short forms for tests and the launcher. Values are text; NULL reads as the empty string. */
public final class Sql {
  private Sql() {}

  public static void execute(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Rows in order, each from column label to value, columns in order. */
  public static List<Map<String, String>> rows(Connection connection, String sql)
      throws SQLException {
    List<Map<String, String>> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      ResultSetMetaData columns = result.getMetaData();
      while (result.next()) {
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
          row.put(columns.getColumnLabel(i), Objects.requireNonNullElse(result.getString(i), ""));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  /** The first column of the first row; it is an error if there is none. */
  public static String value(Connection connection, String sql) throws SQLException {
    List<Map<String, String>> rows = rows(connection, sql);
    if (rows.isEmpty()) {
      throw new SQLException("no row from: " + sql);
    }
    return rows.getFirst().values().iterator().next();
  }
}
