package dev.regent.bench.proxied;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One client that works in its own way, one piece of work after the other, until it is stopped. */
final class MixedClient implements Runnable {
  /** What is said of a transaction that was lost before its end: it may be begun again. */
  private static final String ROLLED_BACK = "40001";

  /** While it rests, in nanoseconds. */
  private static final long LOOK_EVERY = 2_000_000;

  private final int number;
  private final Kind kind;
  private final String url;
  private final Properties login;
  private final AtomicLong rows;
  private final BooleanSupplier stopped;
  private final BooleanSupplier resting;
  private final List<Piece> pieces = new ArrayList<>();
  private @Nullable Connection connection;
  private long first;
  private boolean ending;
  private final List<Pauses.Call> calls = new ArrayList<>();

  /** A way of working. */
  enum Kind {
    AUTOCOMMIT,
    TRANSACTION,
    PREPARED
  }

  /** How a piece of work ended. */
  enum End {
    DONE,
    /** An error that says that nothing happened. */
    ROLLED_BACK,
    /** An error, and what was written may be there. */
    UNKNOWN,
    /** Any other error. */
    FAILED
  }

  /**
   * One piece of work.
   *
   * @param row the first of the rows that it wrote
   * @param count how many it wrote
   */
  record Piece(Kind kind, long began, long ended, End end, String error, long row, int count) {}

  /** What a driver is asked for, and waits for. */
  private interface Work {
    void ask() throws SQLException;
  }

  MixedClient(
      int number,
      Kind kind,
      String url,
      Properties login,
      AtomicLong rows,
      BooleanSupplier stopped,
      BooleanSupplier resting) {
    this.number = number;
    this.kind = kind;
    this.url = url;
    this.login = login;
    this.rows = rows;
    this.stopped = stopped;
    this.resting = resting;
  }

  /** To be asked for when it has ended. */
  List<Piece> pieces() {
    return pieces;
  }

  /** All that it waited for; to be asked for when it has ended. */
  List<Pauses.Call> calls() {
    return calls;
  }

  @Override
  public void run() {
    while (!stopped.getAsBoolean()) {
      if (resting.getAsBoolean()) {
        LockSupport.parkNanos(LOOK_EVERY);
      } else {
        pieces.add(piece());
      }
    }
    close();
  }

  private Piece piece() {
    int count = kind == Kind.TRANSACTION ? 2 : 1;
    first = rows.getAndAdd(count);
    ending = kind != Kind.TRANSACTION;
    long began = System.nanoTime();
    try {
      if (connection == null) {
        call("connect", false, this::connect);
      }
      work(Objects.requireNonNull(connection));
      return new Piece(kind, began, System.nanoTime(), End.DONE, "", first, count);
    } catch (SQLException e) {
      long ended = System.nanoTime();
      String error = e.getErrorCode() + "/" + e.getSQLState() + " " + brief(e.getMessage());
      End end = end(e);
      if (end != End.ROLLED_BACK) {
        close();
      }
      return new Piece(kind, began, ended, end, error, first, count);
    }
  }

  private void call(String what, boolean writes, Work work) throws SQLException {
    long began = System.nanoTime();
    boolean well = false;
    try {
      work.ask();
      well = true;
    } finally {
      calls.add(new Pauses.Call(number, what, began, System.nanoTime(), well && writes));
    }
  }

  private End end(SQLException e) {
    if (ROLLED_BACK.equals(e.getSQLState())) {
      return End.ROLLED_BACK;
    }
    boolean lost = e.getSQLState() != null && e.getSQLState().startsWith("08");
    return lost && ending ? End.UNKNOWN : End.FAILED;
  }

  private static String brief(@Nullable String message) {
    String plain =
        message == null
            ? ""
            : message.replaceAll("\\(conn=-?\\d+\\) ?", "").replaceAll("\\d+", "N");
    return plain.length() <= 60 ? plain : plain.substring(0, 60);
  }

  private void connect() throws SQLException {
    String prepares = kind == Kind.PREPARED ? "?useServerPrepStmts=true" : "";
    connection = DriverManager.getConnection(url + prepares, login);
  }

  private void work(Connection on) throws SQLException {
    switch (kind) {
      case AUTOCOMMIT -> {
        try (Statement statement = on.createStatement()) {
          call("write", true, () -> statement.execute(insert(first)));
          call("read", false, () -> read(statement, first));
        }
      }
      case TRANSACTION -> {
        try (Statement statement = on.createStatement()) {
          call("BEGIN", false, () -> statement.execute("BEGIN"));
          call("write in a transaction", false, () -> statement.execute(insert(first)));
          call("write in a transaction", false, () -> statement.execute(insert(first + 1)));
          ending = true;
          call("COMMIT", true, () -> statement.execute("COMMIT"));
        }
      }
      case PREPARED -> {
        try (PreparedStatement insert =
            on.prepareStatement("INSERT INTO orders VALUES (?, ?, 0, 'mixed')")) {
          insert.setLong(1, first);
          insert.setInt(2, number);
          call("prepared write", true, insert::execute);
        }
      }
    }
  }

  private String insert(long row) {
    return "INSERT INTO orders VALUES (" + row + ", " + number + ", 0, 'mixed')";
  }

  /** What was acknowledged to this client it finds again at once. */
  private static void read(Statement statement, long row) throws SQLException {
    try (ResultSet result = statement.executeQuery("SELECT id FROM orders WHERE id=" + row)) {
      if (!result.next()) {
        throw new SQLException("row " + row + " was acknowledged, and is not read", "HY000", 1);
      }
    }
  }

  private void close() {
    Connection held = connection;
    connection = null;
    if (held != null) {
      try {
        held.close();
      } catch (SQLException e) {
        // It was lost before.
        ending = false;
      }
    }
  }
}
