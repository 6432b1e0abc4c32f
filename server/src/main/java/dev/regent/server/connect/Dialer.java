package dev.regent.server.connect;

import dev.regent.core.model.Endpoint;
import dev.regent.core.model.Observation;
import java.io.IOException;
import java.net.Socket;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.mariadb.jdbc.Configuration;
import org.mariadb.jdbc.Connection;
import org.mariadb.jdbc.Driver;

/**
 * Opens connections to one server, as the manager.
 *
 * <p>Our sessions write nothing to the binary log (physics 5.6), obey plain SQL whatever the
 * server's {@code sql_mode}, have no statement limit but our own deadlines, and never wait long for
 * a row or table lock. The driver's reconnecting, redirecting and logging are off.
 */
public final class Dialer {
  /**
   * A link that waits for a day is no use; an abandoned one must end some time. Not shorter: the
   * control session may have nothing to say for hours.
   */
  private static final Duration IDLE_MAX = Duration.ofDays(1);

  /** Rows and tables of our own are never locked for long; whoever holds them is stuck. */
  private static final Duration LOCK_WAIT_MAX = Duration.ofSeconds(5);

  private static final String PLAIN =
      "sql_mode='',max_statement_time=0,autocommit=1,wait_timeout="
          + IDLE_MAX.toSeconds()
          + ",lock_wait_timeout="
          + LOCK_WAIT_MAX.toSeconds()
          + ",innodb_lock_wait_timeout="
          + LOCK_WAIT_MAX.toSeconds();

  private static final String UNLOGGED = "sql_log_bin=0," + PLAIN;

  /** Features of the driver that would act, remember or tell on their own. */
  private static final List<String> UNWANTED =
      List.of(
          "permitRedirect",
          "transactionReplay",
          "dumpQueriesOnException",
          "jdbcCompliantTruncation",
          "registerJmxPool",
          "pool",
          "cachePrepStmts",
          "useServerPrepStmts",
          "allowMultiQueries",
          "allowLocalInfile");

  static {
    // It would quote statements, and with them passwords.
    System.setProperty("mariadb.logging.disable", "true");
  }

  private final Endpoint address;
  private final Account account;
  private final Map<String, String> options;
  private final OpenLinks open = new OpenLinks();

  public Dialer(Endpoint address, Account account, Tls tls) {
    this(address, account, tls, UNLOGGED);
  }

  private Dialer(Endpoint address, Account account, Tls tls, String session) {
    this.address = address;
    this.account = account;
    this.options = options(account, tls, session);
  }

  /**
   * For an account that may not even keep its own sessions out of the binary log. Its links must
   * only read.
   */
  public static Dialer reading(Endpoint address, Account account, Tls tls) {
    return new Dialer(address, account, tls, PLAIN);
  }

  public Endpoint address() {
    return address;
  }

  /** The server's numbers of all connections that this dialer opened and nobody ended. */
  public List<Long> openConnections() {
    return open.list();
  }

  /**
   * Opens a connection; everything, name look-up excepted, is over at the deadline.
   *
   * @throws LinkException {@code answered} says nothing here: there is no link
   */
  public Link dial(Deadline deadline) throws LinkException {
    return dial(deadline, new SocketTap.Handle());
  }

  Link dial(Deadline deadline, SocketTap.Handle handle) throws LinkException {
    try (var watchdog = new Watchdog(handle::close, deadline)) {
      try {
        Connection connection = connect(deadline, handle);
        return new Link(address.toString(), account, connection, handle.socket(), open);
      } catch (SQLException e) {
        handle.close();
        throw Failures.of(e, watchdog.expired(), address.toString(), account);
      } catch (IOException e) {
        handle.close();
        throw new LinkException(Observation.Kind.PROTOCOL, 0, false, address + ": " + e);
      }
    }
  }

  private Connection connect(Deadline deadline, SocketTap.Handle handle)
      throws SQLException, IOException {
    // A name with several addresses shares this time out among them; the watchdog is the limit.
    int millis = (int) Math.max(1, Math.min(Integer.MAX_VALUE, deadline.left().toMillis()));
    Properties properties = new Properties();
    properties.putAll(options);
    properties.setProperty("connectTimeout", Integer.toString(millis));
    Configuration configuration =
        Configuration.parse("jdbc:mariadb://" + address + "/", properties);
    Connection connection =
        ScopedValue.where(SocketTap.HANDLE, handle).call(() -> Driver.connect(configuration));
    Socket socket = handle.socket();
    if (socket.isClosed()) {
      connection.close();
      throw new SQLException("closed while it was opened");
    }
    return connection;
  }

  /** As properties: a configuration from the driver's builder lacks parts that it needs. */
  private static Map<String, String> options(Account account, Tls tls, String session) {
    Map<String, String> options = new HashMap<>();
    options.put("user", account.user());
    options.put("password", account.password());
    options.put("socketFactory", SocketTap.class.getName());
    options.put("tcpKeepAlive", "true");
    options.put("tcpKeepIdle", "15");
    options.put("tcpKeepInterval", "5");
    options.put("tcpKeepCount", "3");
    options.put("connectionAttributes", "program_name:regent");
    options.put("sessionVariables", session);
    for (String unwanted : UNWANTED) {
      options.put(unwanted, "false");
    }
    options.putAll(encryption(tls));
    return Map.copyOf(options);
  }

  private static Map<String, String> encryption(Tls tls) {
    Map<String, String> options = new HashMap<>();
    options.put(
        "sslMode",
        switch (tls.mode()) {
          case VERIFY -> "verify-full";
          case TRUST -> "trust";
          case OFF -> "disable";
        });
    tls.authority().ifPresent(file -> options.put("serverSslCert", file.toString()));
    tls.key()
        .ifPresent(key -> {
          options.put("keyStore", key.store().toUri().toString());
          options.put("keyStorePassword", key.password());
          options.put("keyStoreType", "PKCS12");
        });
    return options;
  }
}
