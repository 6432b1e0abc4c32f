package dev.regent.server.execute;

import dev.regent.core.model.Channel;
import dev.regent.core.plan.Outcome;
import dev.regent.server.connect.Channels;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Dialer;
import dev.regent.server.connect.Link;
import dev.regent.server.connect.LinkException;
import dev.regent.server.connect.Rows;
import dev.regent.server.office.ControlSession;
import dev.regent.server.office.DeposedException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * One step at work on one server: its deadline, its way to read and to change the server, and the
 * memory of what was sent, which decides between {@code Failed} and {@code Unknown}.
 */
final class Work {
  private static final int NO_SUCH_THREAD = 1094;

  /** For the last look before the deadline. */
  private static final Duration RESERVE = Duration.ofMillis(200);

  private final Dialer dialer;
  private final ControlSession control;
  private final SourceLogin login;
  private final Deadline deadline;
  private final Deadline enough;
  private final Link reading;
  private final BooleanSupplier wanted;
  private final Channels channels = new Channels();
  private boolean sent;
  private int completed;

  private Work(
      Dialer dialer,
      ControlSession control,
      SourceLogin login,
      Deadline deadline,
      Link reading,
      BooleanSupplier wanted) {
    this.wanted = wanted;
    this.dialer = dialer;
    this.control = control;
    this.login = login;
    this.deadline = deadline;
    this.enough = deadline.before(RESERVE);
    this.reading = reading;
  }

  /** For a step that changes the server: in office, on the control session. */
  static Work inOffice(
      Dialer dialer,
      ControlSession control,
      SourceLogin login,
      Deadline deadline,
      BooleanSupplier wanted)
      throws LinkException, DeposedException {
    control.ensure(deadline);
    return new Work(dialer, control, login, deadline, control.link(), wanted);
  }

  /** For a step that only looks, over a link of its own. */
  static Work looking(
      Dialer dialer, ControlSession control, SourceLogin login, Deadline deadline, Link reading) {
    return new Work(dialer, control, login, deadline, reading, () -> false);
  }

  /** Another step waits for this server: what only waits should end now and say what it saw. */
  boolean wanted() {
    return wanted.getAsBoolean();
  }

  Deadline deadline() {
    return deadline;
  }

  <T> T read(String sql, Rows<T> rows) throws LinkException {
    return reading.read(sql, deadline, rows);
  }

  Optional<String> value(String sql) throws LinkException {
    return reading.value(sql, deadline);
  }

  List<String> column(String sql) throws LinkException {
    return reading.column(sql, deadline);
  }

  List<Channel> channels() throws LinkException {
    return reading.read(Channels.SQL, deadline, channels);
  }

  Optional<Channel> findChannel(String name) throws LinkException {
    return channels().stream().filter(c -> c.name().equalsIgnoreCase(name)).findFirst();
  }

  Channel channel(String name) throws LinkException, RefusedException {
    Optional<Channel> found = findChannel(name);
    if (found.isEmpty()) {
      String which = name.isEmpty() ? "the default connection" : "connection '" + name + "'";
      throw new RefusedException(which + " does not exist on the server");
    }
    return found.get();
  }

  /** Runs one statement behind the fence, after filling in credentials. */
  void change(String sql) throws LinkException, DeposedException {
    boolean secret = sql.contains(":password");
    if (secret) {
      // The server writes the whole statement to its general log otherwise.
      reading.run("SET SESSION sql_log_off=1, slow_query_log=0", deadline);
    }
    sent = true;
    try {
      control.change(login.fillIn(sql), deadline);
      completed++;
    } finally {
      if (secret && reading.usable()) {
        reading.run("SET SESSION sql_log_off=DEFAULT, slow_query_log=DEFAULT", deadline);
      }
    }
  }

  void changeAll(List<String> statements) throws LinkException, DeposedException {
    for (String sql : statements) {
      change(sql);
    }
  }

  /** Runs one statement on another link, if we are in office at its beginning. */
  void changeOn(Link aside, String sql, Deadline sooner) throws LinkException, DeposedException {
    control.confirmFrom(aside, deadline);
    sent = true;
    aside.run(sql, sooner);
    completed++;
  }

  /** Ends another connection of ours, and what it was doing. */
  void killOurs(long connection) throws LinkException {
    try {
      reading.run("KILL HARD CONNECTION " + connection, deadline);
    } catch (LinkException e) {
      if (e.code() != NO_SUCH_THREAD) {
        throw e;
      }
    }
    // No kill is proof until it is gone.
    String alive = "SELECT 1 FROM information_schema.PROCESSLIST WHERE ID=" + connection;
    while (reading.value(alive, deadline).isPresent()) {
      LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
    }
  }

  /** Whether what follows on the control session enters the binary log. Off unless told. */
  void logged(boolean on) throws LinkException {
    if (reading.usable()) {
      reading.run("SET SESSION sql_log_bin=" + (on ? 1 : 0), deadline);
    }
  }

  /** Another connection, for a statement that may hang or must not share a session. */
  Link aside() throws LinkException {
    return dialer.dial(deadline);
  }

  /** The server's numbers of all connections of this process. */
  List<Long> ourConnections() {
    return dialer.openConnections();
  }

  /**
   * Whether it is time to stop waiting: a little before the deadline, at which the connection is
   * cut, so that there is an answer to read and to give.
   */
  boolean late() {
    return enough.passed();
  }

  /** Lets a moment pass; false if it is late. */
  boolean pause(Duration moment) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    LockSupport.parkNanos(Math.min(moment.toNanos(), enough.left().toNanos()));
    return !late();
  }

  /** How a step ended that was broken off for this reason. */
  Outcome brokenOff(String reason, boolean answered) {
    if (!sent || (answered && completed == 0)) {
      return new Outcome.Failed(reason);
    }
    return new Outcome.Unknown(
        completed == 0 ? reason : reason + " (after " + completed + " statements)");
  }
}
