package dev.regent.lab.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Reads statements, runs them one after the other, prints what they answer. */
final class SqlShell {
  /** What a person can look at; more than that is a slip that would fill the memory. */
  private static final int ROWS_MAX = 10_000;

  private final Connection connection;
  private final PrintWriter out;
  private final PrintWriter err;
  private String prompt = "";

  SqlShell(Connection connection, PrintWriter out, PrintWriter err) {
    this.connection = connection;
    this.out = out;
    this.err = err;
  }

  /** Shows this before each line: somebody is typing. */
  void prompt(String text) {
    prompt = text;
  }

  /** Runs everything in the input. False if a statement failed; typed input goes on after that. */
  boolean run(Reader input) throws IOException {
    BufferedReader lines = new BufferedReader(input);
    StatementReader statements = new StatementReader();
    boolean good = true;
    showPrompt();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      good &= runAll(statements.line(line));
      if (!good && prompt.isEmpty()) {
        return false;
      }
      showPrompt();
    }
    return runAll(statements.end()) && good;
  }

  private void showPrompt() {
    out.print(prompt);
    out.flush();
  }

  private boolean runAll(List<StatementReader.Parsed> statements) {
    for (StatementReader.Parsed statement : statements) {
      try {
        run(statement);
      } catch (SQLException e) {
        err.printf(
            "ERROR %d (%s): %s%n",
            e.getErrorCode(), Objects.requireNonNullElse(e.getSQLState(), "-"), e.getMessage());
        err.flush();
        return false;
      }
    }
    return true;
  }

  private void run(StatementReader.Parsed parsed) throws SQLException {
    long start = System.nanoTime();
    try (Statement statement = connection.createStatement()) {
      statement.setMaxRows(ROWS_MAX);
      boolean isResult = statement.execute(parsed.sql());
      while (isResult || statement.getUpdateCount() >= 0) {
        if (isResult) {
          print(statement.getResultSet(), parsed.vertical(), start);
        } else {
          out.printf("OK, rows affected: %d%s%n%n", statement.getUpdateCount(), seconds(start));
        }
        isResult = statement.getMoreResults();
      }
    }
    out.flush();
  }

  private void print(ResultSet result, boolean vertical, long start) throws SQLException {
    ResultSetMetaData columns = result.getMetaData();
    List<String> titles = new ArrayList<>();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      titles.add(columns.getColumnLabel(i));
    }
    List<List<String>> rows = new ArrayList<>();
    while (result.next()) {
      List<String> row = new ArrayList<>();
      for (int i = 1; i <= titles.size(); i++) {
        row.add(Objects.requireNonNullElse(result.getString(i), "NULL"));
      }
      rows.add(row);
    }
    if (!rows.isEmpty()) {
      out.print(vertical ? TextTable.vertical(titles, rows) : TextTable.framed(titles, rows));
    }
    out.printf("%s%s%n%n", count(rows.size()), seconds(start));
  }

  private static String count(int rows) {
    return switch (rows) {
      case 0 -> "Empty set";
      case 1 -> "1 row in set";
      case ROWS_MAX -> ROWS_MAX + " rows shown, there may be more";
      default -> rows + " rows in set";
    };
  }

  private static String seconds(long start) {
    double seconds = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1000.0;
    return String.format(Locale.ROOT, " (%.3f sec)", seconds);
  }
}
