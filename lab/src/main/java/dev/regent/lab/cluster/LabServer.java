package dev.regent.lab.cluster;

import dev.regent.lab.machine.Await;
import dev.regent.lab.machine.LabException;
import dev.regent.lab.machine.LogTail;
import dev.regent.lab.machine.Reaper;
import dev.regent.lab.machine.ServerProcess;
import dev.regent.lab.net.Host;
import dev.regent.lab.net.InsideSocketFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * One MariaDB server: a process, a port, a folder. It survives this object and even this program;
 * another object with the same place finds its process again.
 *
 * <p>Every fault returns {@link System#nanoTime()} as read just before the signal was sent, so that
 * a test can measure from it. {@link #kill} does not wait for the end; {@link #stop} does.
 */
public final class LabServer {
  /** A start takes well under a second; this is for a machine that is out of breath. */
  private static final Duration READY_WITHIN = Duration.ofSeconds(60);

  private static final Duration GONE_WITHIN = Duration.ofSeconds(10);
  private static final Duration STOPPED_WITHIN = Duration.ofSeconds(60);
  private static final int CONNECT_MILLIS = 3_000;

  /** Longer than any wait inside a statement that a test may send. */
  private static final int ANSWER_MILLIS = 60_000;

  /** How a start went, as far as it is known. */
  enum Readiness {
    READY,
    PORT_TAKEN,
    DIED,
    LATE
  }

  private final ServerPlace place;
  private final Access access;

  /** Its process is ours to wait for. */
  private volatile boolean killed;

  /** Where in the log the latest start begins. */
  private volatile long logStart;

  public LabServer(ServerPlace place, Access access) {
    this.place = place;
    this.access = access;
  }

  public String name() {
    return place.name();
  }

  public int port() {
    return place.port();
  }

  public String address() {
    return place.address();
  }

  public ServerPlace place() {
    return place;
  }

  public Accounts accounts() {
    return access.accounts();
  }

  /** The certificate authority that signed this server's certificate, if it offers TLS. */
  public Optional<TlsFiles> tls() {
    return access.tls();
  }

  /**
   * Starts the process and returns at once; after a {@link #kill} it first waits until the killed
   * process is gone.
   *
   * @param arguments further options of mariadbd, for this start only
   */
  public LabServer start(String... arguments) {
    Optional<ServerProcess> older = process();
    if (older.isPresent() && !(killed && older.get().awaitGone(GONE_WITHIN))) {
      throw new LabException(
          "%s is running already (process %d). Stop or kill it first, thaw it if it is frozen."
              .formatted(name(), older.get().pid()));
    }
    if (!Files.exists(place.config())) {
      throw new LabException(
          "%s has lost its folder %s; data in memory does not outlive a restart of the machine."
                  .formatted(name(), place.folder())
              + " Take the lab down and start a new one.");
    }
    List<String> command = new ArrayList<>(Reaper.ownSession());
    place.host().ifPresent(host -> command.addAll(host.enter()));
    command.add(place.program().toString());
    command.add("--defaults-file=" + place.config());
    command.addAll(List.of(arguments));
    killed = false;
    logStart = LogTail.size(place.log());
    try {
      Process started =
          new ProcessBuilder(command)
              .directory(place.folder().toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(place.log().toFile()))
              .start();
      started.getOutputStream().close();
      Optional<ServerProcess> found = ServerProcess.find(started.pid());
      if (found.isPresent()) {
        found.get().save(place.processFile());
      }
    } catch (IOException e) {
      throw new LabException("Cannot start %s with %s: %s".formatted(name(), command, e), e);
    }
    return this;
  }

  /** Returns when the server answers as itself. */
  public LabServer awaitReady() {
    Readiness readiness = readiness(READY_WITHIN);
    if (readiness != Readiness.READY) {
      String why =
          switch (readiness) {
            case PORT_TAKEN -> "port %d is taken by another program".formatted(port());
            case DIED -> "its process ended";
            default -> "it is not ready after " + READY_WITHIN.toSeconds() + " s";
          };
      throw new LabException(
          "%s did not start: %s. End of %s:%n%s".formatted(name(), why, place.log(), logTail(30)));
    }
    checkIdentity();
    return this;
  }

  Readiness readiness(Duration limit) {
    Await.holdsWithin(
        limit, () -> logSinceStart().contains("ready for connections") || !isRunning());
    String log = logSinceStart();
    if (isRunning()) {
      return log.contains("ready for connections") ? Readiness.READY : Readiness.LATE;
    }
    return log.contains("Bind on TCP/IP port") ? Readiness.PORT_TAKEN : Readiness.DIED;
  }

  private String logSinceStart() {
    return LogTail.from(place.log(), logStart);
  }

  private void checkIdentity() {
    String data = value("SELECT @@datadir");
    if (!Path.of(data).equals(place.data())) {
      throw new LabException(
          "%s is not %s: the server there has its data in %s".formatted(address(), name(), data));
    }
  }

  /** SIGTERM, an orderly shutdown; returns when the process is gone. */
  public long stop() {
    long moment = System.nanoTime();
    Optional<ServerProcess> process = process();
    process.ifPresent(ServerProcess::terminate);
    if (process.isPresent() && !process.get().awaitGone(STOPPED_WITHIN)) {
      throw new LabException(
          ("%s (process %d) is still there %d s after SIGTERM. Thaw it if it is frozen, or kill it."
                  + " End of its log:%n%s")
              .formatted(name(), process.get().pid(), STOPPED_WITHIN.toSeconds(), logTail(10)));
    }
    return moment;
  }

  /** SIGKILL: a crash. */
  public long kill() {
    Optional<ServerProcess> process = process();
    long moment = System.nanoTime();
    process.ifPresent(ServerProcess::kill);
    killed = true;
    return moment;
  }

  /** SIGSTOP: the process keeps its sockets and does nothing. */
  public long freeze() {
    Optional<ServerProcess> process = process();
    long moment = System.nanoTime();
    process.ifPresent(ServerProcess::freeze);
    return moment;
  }

  /** SIGCONT: a frozen process goes on as if nothing had been. */
  public long thaw() {
    Optional<ServerProcess> process = process();
    long moment = System.nanoTime();
    process.ifPresent(ServerProcess::thaw);
    return moment;
  }

  /** Waits until the process is gone, e.g. after {@link #kill}. */
  public void awaitGone() {
    Await.until(name() + " to be gone", GONE_WITHIN, () -> !isRunning(), () -> state().text());
  }

  /** The process of the latest start, if it still exists. */
  Optional<ServerProcess> process() {
    return ServerPlace.processIn(place.folder());
  }

  public Optional<Long> pid() {
    return process().map(ServerProcess::pid);
  }

  public ServerProcess.State state() {
    return process().map(ServerProcess::state).orElse(ServerProcess.State.GONE);
  }

  /** Whether the process exists, frozen or not. */
  public boolean isRunning() {
    return process().isPresent();
  }

  public String logTail(int lines) {
    return LogTail.of(place.log(), lines);
  }

  /**
   * A new connection, over TLS with verification if this server has it. The caller closes it. A
   * server in a namespace is reached from inside it, whatever happens to its network.
   */
  public Connection connect(Accounts.Account account) throws SQLException {
    return connect(account, CONNECT_MILLIS, ANSWER_MILLIS);
  }

  /** Like {@link #connect(Accounts.Account)}, with one's own patience. */
  public Connection connect(Accounts.Account account, int connectMillis, int answerMillis)
      throws SQLException {
    Properties properties = properties(account, connectMillis, answerMillis);
    place.host().ifPresent(host -> InsideSocketFactory.use(properties, host));
    return DriverManager.getConnection("jdbc:mariadb://" + place.ownAddress() + "/", properties);
  }

  /** A connection over the cluster's network, from another host. The caller closes it. */
  public Connection connectFrom(
      Host host, Accounts.Account account, int connectMillis, int answerMillis)
      throws SQLException {
    Properties properties = properties(account, connectMillis, answerMillis);
    InsideSocketFactory.use(properties, host);
    return DriverManager.getConnection("jdbc:mariadb://" + address() + "/", properties);
  }

  private Properties properties(Accounts.Account account, int connectMillis, int answerMillis) {
    Properties properties = new Properties();
    properties.setProperty("user", account.user());
    properties.setProperty("password", account.password());
    properties.setProperty("connectTimeout", Integer.toString(connectMillis));
    properties.setProperty("socketTimeout", Integer.toString(answerMillis));
    properties.setProperty("sslMode", tls().isPresent() ? "verify-full" : "disable");
    tls().ifPresent(f -> properties.setProperty("serverSslCert", f.authority().toString()));
    return properties;
  }

  /** Runs statements as {@code regent} on a connection of their own. */
  public void execute(String... statements) {
    try (Connection connection = connect(accounts().regent())) {
      Sql.execute(connection, statements);
    } catch (SQLException e) {
      throw failed(String.join("; ", statements), e);
    }
  }

  /** Runs a query as {@code regent}; see {@link Sql#rows}. */
  public List<Map<String, String>> rows(String query) {
    try (Connection connection = connect(accounts().regent())) {
      return Sql.rows(connection, query);
    } catch (SQLException e) {
      throw failed(query, e);
    }
  }

  /** The first value that a query as {@code regent} returns. */
  public String value(String query) {
    try (Connection connection = connect(accounts().regent())) {
      return Sql.value(connection, query);
    } catch (SQLException e) {
      throw failed(query, e);
    }
  }

  private LabException failed(String sql, SQLException e) {
    String safe = sql.replaceAll("(?i)(password\\s*=\\s*)'[^']*'", "$1'...'");
    return new LabException(
        "%s (%s, %s) answered %s to: %s"
            .formatted(name(), address(), state().text(), e.getMessage(), safe),
        e);
  }
}
