package dev.regent.lab.contract;

import dev.regent.lab.machine.Await;
import dev.regent.sim.contract.Operation;
import dev.regent.sim.contract.Outcome;
import dev.regent.sim.contract.SubjectSession;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A driver's connection; each statement waits for its answer on a thread of its own. */
final class RealSession implements SubjectSession {
  /** The connection was killed. */
  private static final int KILLED = 1927;

  private final Connection connection;
  private final Function<Operation, String> sql;
  private final long id;
  private CompletableFuture<Outcome> running = CompletableFuture.completedFuture(Outcome.OK);

  RealSession(Connection connection, Function<Operation, String> sql) throws SQLException {
    this.connection = connection;
    this.sql = sql;
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT CONNECTION_ID()")) {
      result.next();
      this.id = result.getLong(1);
    }
  }

  @Override
  public long id() {
    return id;
  }

  @Override
  public Answer send(Operation operation) {
    if (!running.isDone()) {
      throw new IllegalStateException("a statement is still running when told to " + operation);
    }
    String text = sql.apply(operation);
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    running = outcome;
    Thread.ofVirtual().name("session-" + id).start(() -> outcome.complete(execute(text)));
    return limit -> {
      Await.holdsWithin(limit, outcome::isDone);
      return outcome.getNow(new Outcome.Hanging());
    };
  }

  private Outcome execute(String text) {
    try (Statement statement = connection.createStatement()) {
      if (!statement.execute(text)) {
        return Outcome.OK;
      }
      try (ResultSet result = statement.getResultSet()) {
        return new Outcome.Ok(
            result.next() ? Objects.requireNonNullElse(result.getString(1), "NULL") : "");
      }
    } catch (SQLException e) {
      String state = Objects.requireNonNullElse(e.getSQLState(), "");
      return e.getErrorCode() == KILLED || state.startsWith("08")
          ? new Outcome.Lost()
          : new Outcome.Failed(e.getErrorCode());
    }
  }

  /** Whether a statement of this session has no answer yet. */
  boolean isRunning(Duration limit) {
    return !Await.holdsWithin(limit, running::isDone);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // It is gone already, which is what was asked.
    }
  }
}
