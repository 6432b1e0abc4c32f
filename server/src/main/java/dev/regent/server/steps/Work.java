package dev.regent.server.steps;

import dev.regent.core.model.Channel;
import dev.regent.core.plan.Evidence;
import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Step;
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
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * One step at work on one server: its deadline, its way to read and to change the server, and the
 * memory of what was sent, which decides between {@code Failed} and {@code Unknown}.
 */
public final class Work {
  private static final int NO_SUCH_THREAD = 1094;

  /** How long a connection that was kept may take to say that it is there. */
  private static final Duration ASKED = Duration.ofMillis(300);

  /** For the last look before the deadline. */
  private static final Duration RESERVE = Duration.ofMillis(200);

  private final Place place;
  private final Deadline deadline;
  private final Deadline enough;
  private final Link reading;
  private final Channels channels = new Channels();
  private boolean sent;
  private int completed;

  /**
   * Where work is done: one server.
   *
   * @param fillIn puts credentials where a statement has {@code :user} and {@code :password}
   * @param clients their writes are held while a primary is frozen
   * @param wanted another change waits for this server
   * @param spare a connection that is open already, if there is one; who takes it owns it
   */
  public record Place(
      Dialer dialer,
      ControlSession control,
      UnaryOperator<String> fillIn,
      Supplier<Clients> clients,
      BooleanSupplier wanted,
      Supplier<Optional<Link>> spare) {}

  private Work(Place place, Deadline deadline, Link reading) {
    this.place = place;
    this.deadline = deadline;
    this.enough = deadline.before(RESERVE);
    this.reading = reading;
  }

  /** For a step that changes the server: in office, on the control session. */
  public static Work inOffice(Place place, Deadline deadline)
      throws LinkException, DeposedException {
    place.control().ensure(deadline);
    return new Work(place, deadline, place.control().link());
  }

  /** For a step that only looks, over a link of its own. */
  public static Work looking(Place place, Deadline deadline, Link reading) {
    return new Work(place, deadline, reading);
  }

  /** Another step waits for this server: what only waits should end now and say what it saw. */
  public boolean wanted() {
    return place.wanted().getAsBoolean();
  }

  /** What clients have sent through us ends well before their server is closed. */
  public void awaitQuiet() throws InterruptedException {
    place.clients().get().awaitQuiet();
  }

  public Deadline deadline() {
    return deadline;
  }

  public <T> T read(String sql, Rows<T> rows) throws LinkException {
    return reading.read(sql, deadline, rows);
  }

  /** For many rows, or long ones. */
  public <T> T stream(String sql, Rows<T> rows) throws LinkException {
    return reading.stream(sql, deadline, rows);
  }

  public Optional<String> value(String sql) throws LinkException {
    return reading.value(sql, deadline);
  }

  public List<String> column(String sql) throws LinkException {
    return reading.column(sql, deadline);
  }

  public List<Channel> channels() throws LinkException {
    return reading.read(Channels.SQL, deadline, channels);
  }

  public Optional<Channel> findChannel(String name) throws LinkException {
    return channels().stream().filter(c -> c.name().equalsIgnoreCase(name)).findFirst();
  }

  public Channel channel(String name) throws LinkException, RefusedException {
    Optional<Channel> found = findChannel(name);
    if (found.isEmpty()) {
      String which = name.isEmpty() ? "the default connection" : "connection '" + name + "'";
      throw new RefusedException(which + " does not exist on the server");
    }
    return found.get();
  }

  /** Runs one statement behind the fence, after filling in credentials. */
  public void change(String sql) throws LinkException, DeposedException {
    boolean secret = sql.contains(":password");
    if (secret) {
      // The server writes the whole statement to its general log otherwise.
      reading.run("SET SESSION sql_log_off=1, slow_query_log=0", deadline);
    }
    sent = true;
    try {
      place.control().change(secret ? place.fillIn().apply(sql) : sql, deadline);
      completed++;
    } finally {
      if (secret && reading.usable()) {
        reading.run("SET SESSION sql_log_off=DEFAULT, slow_query_log=DEFAULT", deadline);
      }
    }
  }

  /**
   * From here on, a step that is broken off is undecided, though it sent nothing: it waits for what
   * the server does by itself.
   */
  public void waits() {
    sent = true;
  }

  /** Runs a step's statements as they are shown. */
  public Evidence plain(Step step) throws LinkException, DeposedException {
    for (String sql : step.sql()) {
      change(sql);
    }
    return new Evidence.Nothing();
  }

  /** Runs one statement on another link, if we are in office at its beginning. */
  public void changeOn(Link aside, String sql, Deadline sooner)
      throws LinkException, DeposedException {
    place.control().confirmFrom(aside, deadline);
    sent = true;
    aside.run(sql, sooner);
    completed++;
  }

  /**
   * Acknowledges the server's log up to this place on another link, which has said that it does so,
   * if we are in office.
   */
  void acknowledgeOn(Link aside, String file, long position, Deadline sooner)
      throws LinkException, DeposedException {
    place.control().confirmFrom(aside, deadline);
    sent = true;
    try {
      aside.acknowledge(file, position, sooner);
    } catch (LinkException e) {
      if (e.answered()) {
        throw e;
      }
    } finally {
      aside.cut();
    }
    completed++;
  }

  /** Like {@link #changeOn}, and does not wait for its end. */
  Underway begin(Link aside, String sql, Deadline sooner) throws LinkException, DeposedException {
    place.control().confirmFrom(aside, deadline);
    sent = true;
    return Underway.start(aside, sql, sooner);
  }

  /**
   * Ends all sessions for which the condition on {@code information_schema.PROCESSLIST} holds; one
   * round trip, however many there are.
   */
  public void endSessions(String condition) throws LinkException, DeposedException {
    change(
        """
        FOR s IN (SELECT ID FROM information_schema.PROCESSLIST WHERE %s) DO
          BEGIN
            DECLARE CONTINUE HANDLER FOR 1094 BEGIN END;
            KILL CONNECTION s.ID;
          END;
        END FOR\
        """
            .formatted(condition));
  }

  /** Ends another connection of ours, and what it was doing. */
  public void killOurs(long connection) throws LinkException {
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
  public void logged(boolean on) throws LinkException {
    if (reading.usable()) {
      reading.run("SET SESSION sql_log_bin=" + (on ? 1 : 0), deadline);
    }
  }

  /** Another connection, for a statement that may hang or must not share a session. */
  public Link aside() throws LinkException {
    Optional<Link> spare = place.spare().get();
    if (spare.isPresent()) {
      try {
        // Whether it is still there; a fresh one is not far.
        Duration patience = deadline.left().compareTo(ASKED) < 0 ? deadline.left() : ASKED;
        spare.get().run("DO 1", Deadline.after(patience));
        return spare.get();
      } catch (LinkException e) {
        spare.get().close();
      }
    }
    return place.dialer().dial(deadline);
  }

  Dialer dialer() {
    return place.dialer();
  }

  /** The server's numbers of all connections of this process. */
  public List<Long> ourConnections() {
    return place.dialer().openConnections();
  }

  /**
   * Whether it is time to stop waiting: a little before the deadline, at which the connection is
   * cut, so that there is an answer to read and to give.
   */
  public boolean late() {
    return enough.passed();
  }

  /** Lets a moment pass; false if it is late. */
  public boolean pause(Duration moment) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    LockSupport.parkNanos(Math.min(moment.toNanos(), enough.left().toNanos()));
    return !late();
  }

  /** Ends the step before it is done, whether or not it has sent something. */
  void giveUp(String reason) throws LateException, RefusedException {
    if (sent) {
      throw new LateException(reason);
    }
    throw new RefusedException(reason);
  }

  /** How a step ended that was broken off for this reason. */
  public Outcome brokenOff(String reason, boolean answered) {
    if (!sent || (answered && completed == 0)) {
      return new Outcome.Failed(reason);
    }
    return new Outcome.Unknown(
        completed == 0 ? reason : reason + " (after " + completed + " statements)");
  }
}
