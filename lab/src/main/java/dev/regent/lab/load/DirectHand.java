package dev.regent.lab.load;

import dev.regent.lab.load.Write.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;

/** One insert by itself, on a connection that it leaves after every failure. */
final class DirectHand implements Hand {
  private final LedgerOptions options;
  private Optional<Link> link = Optional.empty();

  private record Link(Endpoint endpoint, Connection connection) {}

  DirectHand(LedgerOptions options) {
    this.options = options;
  }

  @Override
  public Write write(Endpoint endpoint, long id, int client, int number) {
    long started = System.nanoTime();
    boolean sent = false;
    try {
      Connection connection = connectionTo(endpoint);
      sent = true;
      insert(connection, id, client, number);
      return new Write(
          id, client, number, started, System.nanoTime(), Outcome.OK, endpoint.toString(), "");
    } catch (SQLException e) {
      leave();
      Outcome outcome = sent && leavesOpen(e) ? Outcome.UNKNOWN : Outcome.FAIL;
      String error = e.getErrorCode() + " " + e.getMessage();
      return new Write(
          id, client, number, started, System.nanoTime(), outcome, endpoint.toString(), error);
    }
  }

  /** An error that the server sent settles it, but for a few; a lost connection never does. */
  private boolean leavesOpen(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    int code = e.getErrorCode();
    // From 2000 to 2999 lie the client library's codes; a proxy sends them for its own lost server.
    boolean fromServer = code > 0 && !state.startsWith("08") && (code < 2000 || code > 2999);
    return !fromServer || options.unknownErrors().contains(code);
  }

  private static void insert(Connection connection, long id, int client, int number)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(Order.insert(id, client, number));
    }
  }

  private Connection connectionTo(Endpoint endpoint) throws SQLException {
    if (link.isPresent() && link.get().endpoint().equals(endpoint)) {
      return link.get().connection();
    }
    leave();
    Connection connection =
        options.connect(endpoint, options.connectTimeout(), options.answerTimeout());
    link = Optional.of(new Link(endpoint, connection));
    return connection;
  }

  @Override
  public Duration retryPause() {
    return options.retryPause();
  }

  @Override
  public void leave() {
    link.ifPresent(l -> LedgerOptions.abort(l.connection()));
    link = Optional.empty();
  }
}
