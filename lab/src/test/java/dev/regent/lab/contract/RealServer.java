package dev.regent.lab.contract;

import dev.regent.core.model.Endpoint;
import dev.regent.core.model.GtidState;
import dev.regent.core.plan.Keeping.PassOnReceipt;
import dev.regent.lab.cluster.Accounts;
import dev.regent.lab.cluster.Accounts.Account;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.cluster.ServerPlace;
import dev.regent.lab.cluster.Sql;
import dev.regent.lab.machine.Await;
import dev.regent.lab.machine.Ports;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Dialer;
import dev.regent.server.connect.Link;
import dev.regent.server.connect.LinkException;
import dev.regent.server.connect.Tls;
import dev.regent.sim.contract.Attempt;
import dev.regent.sim.contract.CaseBroken;
import dev.regent.sim.contract.LogPlace;
import dev.regent.sim.contract.Outcome;
import dev.regent.sim.contract.ReplicaStatus;
import dev.regent.sim.contract.ReplicaStatus.Receiving;
import dev.regent.sim.contract.Subject;
import dev.regent.sim.contract.SubjectServer;
import dev.regent.sim.contract.Variable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A server of the lab. */
final class RealServer implements SubjectServer {
  private static final Pattern GTID = Pattern.compile("GTID (\\d+-\\d+-\\d+)");

  /** Who only says something need not wait longer for what comes back. */
  private static final Duration HEARD = Duration.ofMillis(500);

  private static final int ANSWER_MILLIS = (int) Subject.LIMIT.toMillis();

  private final LabServer server;
  private final Statements statements;
  private final ToIntFunction<String> numberOfPort;
  private final Queue<RealSession> sessions = new ConcurrentLinkedQueue<>();

  /** Its present start had options that its configuration does not have. */
  private boolean special;

  private boolean ended;

  RealServer(LabServer server, Statements statements, ToIntFunction<String> numberOfPort) {
    this.server = server;
    this.statements = statements;
    this.numberOfPort = numberOfPort;
  }

  LabServer lab() {
    return server;
  }

  /** Nobody ended it since it was started. */
  boolean shouldRun() {
    return !ended;
  }

  /** Makes it run as configured, thawed, with no session of the last case left. */
  void recover() {
    server.thaw();
    if (special) {
      kill();
    }
    if (!server.isRunning()) {
      start();
    }
    killSessionsOf("app", "regent");
    for (RealSession session : sessions) {
      if (session.isRunning(Subject.LIMIT)) {
        throw new CaseBroken(server.name() + " does not end session " + session.id());
      }
      session.close();
    }
    sessions.clear();
  }

  /** All of these users' but the one that does it. */
  void killSessionsOf(String... users) {
    String others =
        "SELECT ID FROM information_schema.PROCESSLIST WHERE USER IN ('%s') AND ID <> CONNECTION_ID()"
            .formatted(String.join("', '", users));
    for (Map<String, String> row : server.rows(others)) {
      try (Connection connection = server.connect(server.accounts().regent())) {
        Sql.execute(connection, "KILL CONNECTION " + row.get("ID"));
      } catch (SQLException e) {
        // It ended by itself.
      }
    }
  }

  @Override
  public int number() {
    return server.place().serverId();
  }

  @Override
  public void kill() {
    ended = true;
    server.kill();
    server.awaitGone();
    // The kernel may list a process as gone and still close its sockets.
    Await.holdsWithin(Subject.LIMIT, () -> Ports.isFree(server.port()));
  }

  @Override
  public void stop() {
    ended = true;
    server.stop();
  }

  @Override
  public void freeze() {
    server.freeze();
  }

  @Override
  public void thaw() {
    server.thaw();
  }

  @Override
  public void start(StartOption... options) {
    special = options.length > 0;
    ended = false;
    server.start(Stream.of(options).map(RealServer::argument).toArray(String[]::new)).awaitReady();
  }

  private static String argument(StartOption option) {
    return switch (option) {
      case ROLE_REPLICA -> "--init-rpl-role=SLAVE";
      case SEMI_SYNC_REPLICA -> "--rpl-semi-sync-slave-enabled=1";
      case START_REPLICATION -> "--skip-slave-start=0";
    };
  }

  @Override
  public Attempt connect(Login login, Duration limit) {
    try {
      Connection connection =
          server.connect(account(login), (int) limit.toMillis(), (int) limit.toMillis());
      connection.setNetworkTimeout(Runnable::run, 0);
      RealSession session =
          new RealSession(connection, operation -> statements.sql(operation, this::plainStatus));
      sessions.add(session);
      return new Attempt.Connected(session);
    } catch (SQLException e) {
      return failed(e);
    }
  }

  private Account account(Login login) {
    Accounts accounts = server.accounts();
    return switch (login) {
      case ADMIN -> accounts.regent();
      case APP -> accounts.app();
      case STRANGER -> new Account(accounts.app().user(), "wrong");
    };
  }

  /** The driver says where the server did not; both have error codes. */
  private static Attempt failed(SQLException e) {
    for (@Nullable Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof ConnectException) {
        return new Attempt.Refused();
      }
      if (t instanceof SocketTimeoutException) {
        return new Attempt.Silent();
      }
    }
    return new Attempt.Denied(e.getErrorCode());
  }

  private List<Map<String, String>> query(String sql) {
    try (Connection connection =
        server.connect(server.accounts().regent(), ANSWER_MILLIS, ANSWER_MILLIS)) {
      return Sql.rows(connection, sql);
    } catch (SQLException e) {
      throw new CaseBroken(server.name() + " to " + sql + ": " + e.getMessage());
    }
  }

  @Override
  public String read(Variable variable) {
    String sql =
        variable.isStatus()
            ? "SHOW GLOBAL STATUS LIKE '" + variable.sqlName() + "'"
            : "SELECT @@GLOBAL." + variable.sqlName() + " AS Value";
    String value = query(sql).getFirst().getOrDefault("Value", "");
    return variable.isGtidList() ? sorted(value) : value;
  }

  private static String sorted(String gtids) {
    return GtidState.parse(gtids).toString();
  }

  @Override
  public List<Long> rows() {
    return query("SELECT id FROM shop.orders ORDER BY id").stream()
        .map(row -> Long.valueOf(row.getOrDefault("id", "")))
        .toList();
  }

  @Override
  public List<ReplicaStatus> channels() {
    return query("SHOW ALL SLAVES STATUS").stream()
        .map(this::status)
        .sorted(Comparator.comparing(ReplicaStatus::channel))
        .toList();
  }

  private ReplicaStatus status(Map<String, String> row) {
    return new ReplicaStatus(
        row.getOrDefault("Connection_name", ""),
        numberOfPort.applyAsInt(row.getOrDefault("Master_Port", "")),
        switch (row.getOrDefault("Slave_IO_Running", "")) {
          case "Yes" -> Receiving.YES;
          case "No" -> Receiving.NO;
          default -> Receiving.CONNECTING;
        },
        row.getOrDefault("Slave_SQL_Running", "").equals("Yes"),
        Integer.parseInt(row.getOrDefault("Last_IO_Errno", "")),
        Integer.parseInt(row.getOrDefault("Last_SQL_Errno", "")),
        sorted(row.getOrDefault("Gtid_IO_Pos", "")),
        row.getOrDefault("Using_Gtid", ""),
        Long.parseLong(row.getOrDefault("Slave_received_heartbeats", "")));
  }

  private Map<String, String> plainStatus() {
    return query("SHOW ALL SLAVES STATUS").stream()
        .filter(row -> row.getOrDefault("Connection_name", "").isEmpty())
        .findFirst()
        .orElseThrow(() -> new CaseBroken(server.name() + " follows nobody"));
  }

  /** The names are in the index; the server lists the events of one file at a time. */
  @Override
  public List<String> relayLog() {
    Path index = server.place().data().resolve("relay.index");
    List<String> gtids = new ArrayList<>();
    if (!Files.exists(index)) {
      return gtids;
    }
    try {
      for (String line : Files.readAllLines(index)) {
        String file = Optional.ofNullable(Path.of(line).getFileName()).orElseThrow().toString();
        query("SHOW RELAYLOG EVENTS IN '" + file + "'").stream()
            .filter(event -> event.getOrDefault("Event_type", "").equals("Gtid"))
            .map(event -> GTID.matcher(event.getOrDefault("Info", "")))
            .filter(Matcher::find)
            .forEach(gtid -> gtids.add(gtid.group(1)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return gtids;
  }

  @Override
  public LogPlace receivedUpTo() {
    Map<String, String> status = plainStatus();
    return new LogPlace(
        status.getOrDefault("Master_Log_File", ""),
        Long.parseLong(status.getOrDefault("Read_Master_Log_Pos", "")));
  }

  @Override
  public String loggedUpTo(LogPlace place) {
    String sql =
        "SELECT BINLOG_GTID_POS('%s', %d) AS Value".formatted(place.file(), place.position());
    return sorted(query(sql).getFirst().getOrDefault("Value", ""));
  }

  @Override
  public Outcome acknowledge(LogPlace place) {
    Account login = server.accounts().regent();
    Dialer dialer =
        new Dialer(
            new Endpoint(ServerPlace.HOST, server.port()),
            new dev.regent.server.connect.Account(login.user(), login.password()),
            Tls.OFF);
    try (Link link = dialer.dial(Deadline.after(Subject.LIMIT))) {
      link.run(PassOnReceipt.ACKNOWLEDGES, Deadline.after(Subject.LIMIT));
      link.acknowledge(place.file(), place.position(), Deadline.after(HEARD));
    } catch (LinkException e) {
      if (e.answered()) {
        return new Outcome.Failed(e.code());
      }
    }
    return Outcome.OK;
  }

  @Override
  public List<Long> waiting() {
    return query(
            "SELECT ID FROM information_schema.PROCESSLIST"
                + " WHERE STATE LIKE 'Waiting for semi-sync ACK%' ORDER BY ID")
        .stream()
        .map(row -> Long.valueOf(row.getOrDefault("ID", "")))
        .toList();
  }

  @Override
  public int dumpThreads() {
    return query("SELECT ID FROM information_schema.PROCESSLIST WHERE COMMAND = 'Binlog Dump'")
        .size();
  }
}
