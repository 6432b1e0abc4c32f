package dev.regent.server.connect;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.mariadb.jdbc.Connection;

/**
 * One open connection to a server. It never reconnects: once lost it stays lost.
 *
 * <p>One thread at a time uses it; {@link #cut} may come from anywhere. Every statement has a
 * deadline, after which the socket is closed, whatever the server is doing.
 */
public final class Link implements AutoCloseable {
  /** The farewell is a courtesy to the server's log; a frozen server does not hear it. */
  private static final Duration FAREWELL = Duration.ofMillis(100);

  private static final int ROWS_AT_A_TIME = 100;

  /** It must be told that we know checksums and MariaDB's GTIDs, or it leaves them out. */
  private static final String CAPABLE =
      "SET @master_binlog_checksum=@@GLOBAL.binlog_checksum, @mariadb_slave_capability=4";

  private final String server;
  private final Account account;
  private final Connection connection;
  private final Statement statement;
  private final Socket socket;
  private final long id;
  private final Runnable onEnd;
  private volatile boolean usable = true;

  Link(String server, Account account, Connection connection, Socket socket, OpenLinks open)
      throws SQLException {
    this.server = server;
    this.account = account;
    this.connection = connection;
    this.statement = connection.createStatement();
    this.socket = socket;
    this.id = connection.getThreadId();
    open.add(id);
    this.onEnd = () -> open.remove(id);
  }

  /** The server's number of this connection. */
  public long id() {
    return id;
  }

  /** False once it is lost; true is no promise. */
  public boolean usable() {
    return usable;
  }

  /** Runs a statement and ignores what it returns. */
  public void run(String sql, Deadline deadline) throws LinkException {
    within(deadline, () -> statement.execute(sql));
  }

  /** Runs a statement and reads its first result. */
  public <T> T read(String sql, Deadline deadline, Rows<T> rows) throws LinkException {
    return within(
        deadline,
        () -> {
          try (ResultSet result = statement.executeQuery(sql)) {
            return rows.read(result);
          }
        });
  }

  /** Like {@link #read}, and holds few of the rows at a time. */
  public <T> T stream(String sql, Deadline deadline, Rows<T> rows) throws LinkException {
    return within(
        deadline,
        () -> {
          statement.setFetchSize(ROWS_AT_A_TIME);
          try (ResultSet result = statement.executeQuery(sql)) {
            return rows.read(result);
          } finally {
            statement.setFetchSize(0);
          }
        });
  }

  /** The first column of the first row; empty if there is no row, or NULL in it. */
  public Optional<String> value(String sql, Deadline deadline) throws LinkException {
    return read(
        sql, deadline, r -> r.next() ? Optional.ofNullable(r.getString(1)) : Optional.empty());
  }

  /** The first column of all rows, without NULLs. */
  public List<String> column(String sql, Deadline deadline) throws LinkException {
    return read(
        sql,
        deadline,
        r -> {
          List<String> values = new ArrayList<>();
          while (r.next()) {
            Optional.ofNullable(r.getString(1)).ifPresent(values::add);
          }
          return values;
        });
  }

  /**
   * Reads the server's binary log as a replica would, from the beginning of a file to where the
   * last one ends at present.
   *
   * @param events gets each event's bytes as the server sent them, one after the other; must not
   *     throw
   */
  public void dump(String file, Deadline deadline, Consumer<byte[]> events) throws LinkException {
    run(CAPABLE, deadline);
    dump(new BinlogDump(file, BinlogDump.BEGINNING, events), deadline);
  }

  /**
   * Acknowledges the server's log up to this place, as a replica does that connects: a server takes
   * for acknowledged whatever stands before the place from which one that acknowledges asks for its
   * log. What it sends is thrown away. The session has said before that it acknowledges.
   *
   * <p>11.4.5 ends such a thread only when it hears something from a replica, if only that one went
   * away; so that the deadline passes and cuts the connection is a usual end.
   */
  public void acknowledge(String file, long position, Deadline deadline) throws LinkException {
    dump(new BinlogDump(file, Math.toIntExact(position), event -> {}), deadline);
  }

  private void dump(BinlogDump dump, Deadline deadline) throws LinkException {
    within(deadline, () -> connection.getClient().execute(dump, false));
  }

  private interface Work<T> {
    T run() throws SQLException;
  }

  private <T> T within(Deadline deadline, Work<T> work) throws LinkException {
    try (var watchdog = new Watchdog(this::cut, deadline)) {
      try {
        return work.run();
      } catch (SQLException e) {
        throw lostUnlessAnswered(Failures.of(e, watchdog.expired(), server, account));
      } catch (IllegalArgumentException e) {
        throw Failures.notUnderstood(e, server);
      }
    }
  }

  private LinkException lostUnlessAnswered(LinkException failure) {
    if (!failure.answered()) {
      cut();
    }
    return failure;
  }

  /**
   * Blocks until the server's end of the connection closes, or somebody cuts it. Nothing else may
   * be done with the link afterwards: a server that says anything unasked says goodbye.
   */
  public void awaitEnd() {
    try {
      InputStream in = socket.getInputStream();
      in.read();
    } catch (IOException e) {
      // A reset is an end like any other.
    }
    cut();
  }

  /** Ends it at once, without a word to the server. Never blocks. */
  public void cut() {
    if (usable) {
      usable = false;
      onEnd.run();
    }
    SocketTap.closeQuietly(socket);
  }

  /** Ends it with a farewell. */
  @Override
  public void close() {
    if (!usable) {
      return;
    }
    try (var _ = new Watchdog(this::cut, Deadline.after(FAREWELL))) {
      connection.close();
    } catch (SQLException e) {
      // The server is gone already.
    }
    cut();
  }

  @Override
  public String toString() {
    return "connection " + id + " to " + server;
  }
}
