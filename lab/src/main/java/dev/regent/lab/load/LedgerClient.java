package dev.regent.lab.load;

import dev.regent.lab.load.Write.Outcome;
import dev.regent.lab.net.InsideSocketFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * One client: writes row after row to whoever is the primary, one connection at a time, and notes
 * the outcome of each. It never tries a row twice: what the first answer said is what counts.
 */
final class LedgerClient implements Runnable {
  /** Hours at a thousand writes per second; then it ends by itself. */
  private static final int WRITES_MAX = 10_000_000;

  /** While there is no primary: what a blocked read of the feed would add, nearly nothing. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(1);

  private final int client;
  private final LedgerOptions options;
  private final Supplier<Optional<Endpoint>> primary;

  /** Guarded by itself; written by this client, read by the report. */
  private final List<Write> writes = new ArrayList<>();

  private volatile boolean stopping;

  /** Set by {@link #pause}; looked at by the client only while it holds its turn. */
  private volatile boolean paused;

  /**
   * Held by the client while it writes: who gets it after a pause knows that nothing is under way.
   */
  private final ReentrantLock turn = new ReentrantLock();

  /** The client's thread alone uses what follows. */
  private Optional<Link> link = Optional.empty();

  private int seq;

  private record Link(Endpoint endpoint, Connection connection) {}

  LedgerClient(int client, LedgerOptions options, Supplier<Optional<Endpoint>> primary) {
    this.client = client;
    this.options = options;
    this.primary = primary;
  }

  void stop() {
    stopping = true;
  }

  /** Begins no other write until {@link #resume}; false if one was still under way at the limit. */
  boolean pause(Duration limit) {
    paused = true;
    try {
      boolean idle = turn.tryLock(Math.max(0, limit.toNanos()), TimeUnit.NANOSECONDS);
      if (idle) {
        turn.unlock();
      }
      return idle;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  void resume() {
    paused = false;
  }

  List<Write> writes() {
    synchronized (writes) {
      return List.copyOf(writes);
    }
  }

  /** Those after the first {@code known}. */
  List<Write> writesAfter(int known) {
    synchronized (writes) {
      return List.copyOf(writes.subList(known, writes.size()));
    }
  }

  @Override
  public void run() {
    long period = period();
    long next =
        System.nanoTime()
            + (period == 0 ? 0 : (client % options.clients()) * period / options.clients());
    while (!stopping && seq < WRITES_MAX) {
      pauseUntil(next);
      Optional<Write> write = takeTurn();
      if (write.isEmpty()) {
        pauseUntil(System.nanoTime() + LOOK_AGAIN.toNanos());
        continue;
      }
      if (write.get().outcome() != Outcome.OK) {
        disconnect();
        pauseUntil(System.nanoTime() + options.retryPause().toNanos());
      }
      // Time lost in a slow write is not made up for by a burst.
      next = Math.max(next + period, System.nanoTime());
    }
    disconnect();
  }

  /** Empty while paused, or while there is no primary. */
  private Optional<Write> takeTurn() {
    turn.lock();
    try {
      Optional<Endpoint> endpoint = paused ? Optional.empty() : primary.get();
      Optional<Write> write = endpoint.map(this::write);
      synchronized (writes) {
        write.ifPresent(writes::add);
      }
      return write;
    } finally {
      turn.unlock();
    }
  }

  private long period() {
    double rate = options.ratePerSecond();
    return rate == 0 ? 0 : (long) (1e9 * options.clients() / rate);
  }

  private void pauseUntil(long moment) {
    long left = moment - System.nanoTime();
    while (left > 0 && !stopping) {
      LockSupport.parkNanos(left);
      left = moment - System.nanoTime();
    }
  }

  private Write write(Endpoint endpoint) {
    int number = ++seq;
    long id = ((long) client << 32) | number;
    long started = System.nanoTime();
    boolean sent = false;
    try {
      Connection connection = connectionTo(endpoint);
      sent = true;
      insert(connection, id, number);
      return new Write(
          id, client, number, started, System.nanoTime(), Outcome.OK, endpoint.toString(), "");
    } catch (SQLException e) {
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

  private void insert(Connection connection, long id, int number) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "INSERT INTO shop.orders (id, client, seq, payload) VALUES (%d, %d, %d, 'order %d')"
              .formatted(id, client, number, number));
    }
  }

  private Connection connectionTo(Endpoint endpoint) throws SQLException {
    if (link.isPresent() && link.get().endpoint().equals(endpoint)) {
      return link.get().connection();
    }
    disconnect();
    Connection connection =
        DriverManager.getConnection("jdbc:mariadb://" + endpoint + "/", properties());
    link = Optional.of(new Link(endpoint, connection));
    return connection;
  }

  private Properties properties() {
    Properties properties = new Properties();
    properties.setProperty("user", options.user());
    properties.setProperty("password", options.password());
    properties.setProperty("connectTimeout", "" + options.connectTimeout().toMillis());
    properties.setProperty("socketTimeout", "" + options.answerTimeout().toMillis());
    properties.setProperty("sslMode", "disable");
    options.host().ifPresent(host -> InsideSocketFactory.use(properties, host));
    return properties;
  }

  private void disconnect() {
    link.ifPresent(l -> {
      try {
        l.connection().abort(Runnable::run);
      } catch (SQLException e) {
        // It is broken, which is why we leave it.
      }
    });
    link = Optional.empty();
  }
}
