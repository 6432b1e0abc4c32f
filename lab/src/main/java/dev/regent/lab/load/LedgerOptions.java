package dev.regent.lab.load;

import dev.regent.lab.net.Host;
import dev.regent.lab.net.InsideSocketFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/**
 * How a {@link Ledger} writes.
 *
 * @param user an account with INSERT and SELECT on {@code shop.orders}
 * @param clients threads, each with a connection of its own
 * @param ratePerSecond writes per second of all clients together; 0: as fast as they are answered
 * @param firstClient number of the first client; keeps the rows of several ledgers apart
 * @param connectTimeout how long a client waits for a connection
 * @param answerTimeout how long a client waits for an answer; then the outcome is unknown
 * @param retryPause after a failed write, before the next one
 * @param unknownErrors server error codes that leave the outcome open
 * @param host where the clients are, in a cluster that lives in namespaces
 */
public record LedgerOptions(
    String user,
    String password,
    int clients,
    double ratePerSecond,
    int firstClient,
    Duration connectTimeout,
    Duration answerTimeout,
    Duration retryPause,
    Set<Integer> unknownErrors,
    Optional<Host> host) {

  private static final int CLIENTS_MAX = 1_000;

  /**
   * Shutdown in progress, query interrupted, connection killed, statement timeout: each can come
   * while a commit waits for its acknowledgement, when the transaction is in the binary log
   * already.
   */
  private static final Set<Integer> OPEN_ERRORS = Set.of(1053, 1317, 1927, 1969);

  public LedgerOptions {
    if (clients < 1 || clients > CLIENTS_MAX) {
      throw new IllegalArgumentException(
          "clients is %d, not 1 to %d".formatted(clients, CLIENTS_MAX));
    }
    if (!(ratePerSecond >= 0)) {
      throw new IllegalArgumentException("ratePerSecond is " + ratePerSecond);
    }
    if (firstClient < 0) {
      throw new IllegalArgumentException("firstClient is " + firstClient);
    }
    unknownErrors = Set.copyOf(unknownErrors);
  }

  public static LedgerOptions of(String user, String password, int clients, double ratePerSecond) {
    return new LedgerOptions(
        user,
        password,
        clients,
        ratePerSecond,
        1,
        Duration.ofSeconds(2),
        Duration.ofSeconds(20),
        Duration.ofMillis(5),
        OPEN_ERRORS,
        Optional.empty());
  }

  public LedgerOptions withFirstClient(int value) {
    return new LedgerOptions(
        user,
        password,
        clients,
        ratePerSecond,
        value,
        connectTimeout,
        answerTimeout,
        retryPause,
        unknownErrors,
        host);
  }

  public LedgerOptions withTimeouts(Duration connect, Duration answer) {
    return new LedgerOptions(
        user,
        password,
        clients,
        ratePerSecond,
        firstClient,
        connect,
        answer,
        retryPause,
        unknownErrors,
        host);
  }

  /** Instead of the default ones; a proxy may report an unknown outcome with a code of its own. */
  public LedgerOptions withUnknownErrors(Set<Integer> codes) {
    return new LedgerOptions(
        user,
        password,
        clients,
        ratePerSecond,
        firstClient,
        connectTimeout,
        answerTimeout,
        retryPause,
        codes,
        host);
  }

  /**
   * @param login how long it may take to be let in
   * @param answer how long to wait for each answer
   */
  Connection connect(Endpoint endpoint, Duration login, Duration answer) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("connectTimeout", "" + login.toMillis());
    properties.setProperty("socketTimeout", "" + answer.toMillis());
    properties.setProperty("sslMode", "disable");
    properties.setProperty("useServerPrepStmts", "true");
    host.ifPresent(h -> InsideSocketFactory.use(properties, h));
    return DriverManager.getConnection("jdbc:mariadb://" + endpoint + "/", properties);
  }

  static void abort(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      // It is broken, which is why we leave it.
    }
  }

  /** The clients connect from this host: the primary's address is one of its network. */
  public LedgerOptions from(Host value) {
    return new LedgerOptions(
        user,
        password,
        clients,
        ratePerSecond,
        firstClient,
        connectTimeout,
        answerTimeout,
        retryPause,
        unknownErrors,
        Optional.of(value));
  }
}
