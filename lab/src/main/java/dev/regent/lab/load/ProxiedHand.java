package dev.regent.lab.load;

import dev.regent.lab.load.Write.Outcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;

/**
 * An application behind the proxy: it keeps its connection for as long as that lives, and writes by
 * turns with a plain statement, with a prepared one, in a transaction, and reading its row again.
 * What it is told it takes at its word: a row whose commit was never sent must not be there.
 */
final class ProxiedHand implements Hand {
  /** A proxy that starts anew is not to be stormed. */
  private static final Duration RETRY = Duration.ofMillis(50);

  private static final int WAYS = 4;

  private final LedgerOptions options;
  private Optional<Connection> connection = Optional.empty();
  private Optional<PreparedStatement> prepared = Optional.empty();

  /** What is sent now decides whether the row is there. */
  private boolean decisive;

  ProxiedHand(LedgerOptions options) {
    this.options = options;
  }

  @Override
  public Write write(Endpoint endpoint, long id, int client, int number) {
    long started = System.nanoTime();
    decisive = false;
    try {
      Connection over = connectionTo(endpoint);
      perform(over, id, client, number);
    } catch (SQLException e) {
      Duration waited = Duration.ofNanos(System.nanoTime() - started);
      Told told = Told.by(e, waited);
      boolean open = decisive && leavesOpen(told, e);
      clearUp(told);
      return answer(
          endpoint,
          id,
          client,
          number,
          started,
          open ? Outcome.UNKNOWN : Outcome.FAIL,
          told.because(words(e)));
    }
    Write done = answer(endpoint, id, client, number, started, Outcome.OK, "");
    return number % WAYS == 3 ? readAgain(done) : done;
  }

  private static Write answer(
      Endpoint endpoint,
      long id,
      int client,
      int number,
      long started,
      Outcome outcome,
      String error) {
    return new Write(
        id, client, number, started, System.nanoTime(), outcome, endpoint.toString(), error);
  }

  private static String words(SQLException e) {
    return e.getErrorCode() + " " + e.getSQLState() + " " + e.getMessage();
  }

  private boolean leavesOpen(Told told, SQLException e) {
    return switch (told) {
      case DONE, ROLLED_BACK, REFUSED -> false;
      case UNKNOWN, NO_PROXY, SILENCE, UNREAD -> true;
      // A server's own error.
      case WRONG -> options.unknownErrors().contains(e.getErrorCode());
    };
  }

  private void perform(Connection over, long id, int client, int number) throws SQLException {
    switch (number % WAYS) {
      case 1 -> {
        PreparedStatement insert = prepared(over);
        insert.setLong(1, id);
        insert.setInt(2, client);
        insert.setInt(3, number);
        insert.setString(4, "order " + number);
        decisive = true;
        insert.executeUpdate();
      }
      case 2 -> {
        execute(over, "START TRANSACTION");
        execute(over, Order.insert(id, client, number));
        count(over, id);
        decisive = true;
        execute(over, "COMMIT");
      }
      default -> {
        decisive = true;
        execute(over, Order.insert(id, client, number));
      }
    }
  }

  private PreparedStatement prepared(Connection over) throws SQLException {
    if (prepared.isEmpty()) {
      prepared =
          Optional.of(
              over.prepareStatement(
                  "INSERT INTO shop.orders (id, client, seq, payload) VALUES (?, ?, ?, ?)"));
    }
    return prepared.get();
  }

  private static void execute(Connection over, String sql) throws SQLException {
    try (Statement statement = over.createStatement()) {
      statement.execute(sql);
    }
  }

  private static int count(Connection over, long id) throws SQLException {
    try (Statement statement = over.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT COUNT(*) FROM shop.orders WHERE id = " + id)) {
      return rows.next() ? rows.getInt(1) : 0;
    }
  }

  /** The write ended when it was acknowledged; what comes of the read is told with it. */
  private Write readAgain(Write done) {
    Optional<Connection> over = connection;
    long started = System.nanoTime();
    try {
      return over.isEmpty() || count(over.get(), done.id()) == 1
          ? done
          : done.withError(Told.UNREAD.because("its own client does not find it"));
    } catch (SQLException e) {
      Told told = Told.by(e, Duration.ofNanos(System.nanoTime() - started));
      clearUp(told);
      return done.withError(told.because("when it was read again: " + words(e)));
    }
  }

  /** A connection that lives is kept, as it is told; a transaction that broke off is not. */
  private void clearUp(Told told) {
    boolean lives = told == Told.ROLLED_BACK || told == Told.WRONG || told == Told.REFUSED;
    Optional<Connection> over = connection;
    try {
      if (lives && over.isPresent() && !over.get().isClosed()) {
        execute(over.get(), "ROLLBACK");
        return;
      }
    } catch (SQLException e) {
      // Then it is left.
    }
    leave();
  }

  private Connection connectionTo(Endpoint endpoint) throws SQLException {
    if (connection.isEmpty()) {
      // A login waits for a primary, as a statement does.
      connection = Optional.of(options.connect(endpoint, Told.PATIENCE, Told.PATIENCE));
    }
    return connection.get();
  }

  @Override
  public Duration retryPause() {
    return RETRY;
  }

  @Override
  public void leave() {
    prepared = Optional.empty();
    connection.ifPresent(LedgerOptions::abort);
    connection = Optional.empty();
  }
}
