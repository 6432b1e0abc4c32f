package dev.regent.server.office;

import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Dialer;
import dev.regent.server.connect.Link;
import dev.regent.server.connect.LinkException;
import dev.regent.server.connect.Quoted;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The one connection through which a manager changes a server (ha.md 4.6, layer 3).
 *
 * <p><b>Office.</b> It holds a named lock on the server, and a row there says whose it is. Whoever
 * comes later, with a higher (epoch, incarnation), kills the connection that holds the lock, and no
 * kill is proof until the lock is free. So of two managers at most one can be in the middle of a
 * change, and a manager that slept through its own deposition finds its connection gone.
 *
 * <p><b>Changes</b> are compound statements that look at lock and row before they act. Statements
 * that may hang behind other people's locks go over another connection, which first looks whether
 * this one still holds the lock: {@link #confirmFrom}.
 *
 * <p><b>Loss.</b> A lost session is lost office. It is never reopened in passing: {@link #take} is
 * an act of its own, and also the cure for the ghost of one's own session that a cut network left
 * behind with the lock in its hands.
 *
 * <p>One thread at a time.
 */
public final class ControlSession implements AutoCloseable {
  /** The error number of {@code SIGNAL SQLSTATE '45000'}. */
  private static final int SIGNALLED = 1644;

  private static final int NO_SUCH_THREAD = 1094;
  private static final Duration GHOST_POLL = Duration.ofMillis(5);

  private final Mandate mandate;
  private final Dialer dialer;
  private volatile @Nullable Link link;
  private volatile long writtenEpoch;

  public ControlSession(Mandate mandate, Dialer dialer) {
    this.mandate = mandate;
    this.dialer = dialer;
  }

  /** Whether we took office and have not noticed its loss. */
  public boolean held() {
    Link current = link;
    return current != null && current.usable();
  }

  /** Takes office if it is not held, or is found to be lost now. Nothing but the fence changes. */
  public void ensure(Deadline deadline) throws LinkException, DeposedException {
    if (!held() || !stillOurs(deadline)) {
      take(deadline);
    }
  }

  /** Whether our row on the server names an older epoch than the one we know. */
  public boolean behind() {
    return writtenEpoch < mandate.epoch();
  }

  /**
   * Writes the newest epoch into our row, if office is held. In its own time, never before a
   * change: a row one epoch behind still keeps others out, and a commit takes milliseconds.
   */
  public void raiseEpoch(Deadline deadline) throws LinkException {
    if (!held() || !behind()) {
      return;
    }
    try {
      FenceRow.write(link(), mandate, deadline);
      writtenEpoch = mandate.epoch();
    } catch (LinkException e) {
      if (!e.answered()) {
        throw e;
      }
    }
  }

  /** A lost link is an answer here; silence is not, and another attempt would only add to it. */
  private boolean stillOurs(Deadline deadline) throws LinkException {
    try {
      return link().value("SELECT " + heldBy("CONNECTION_ID()"), deadline).orElse("").equals("1");
    } catch (LinkException e) {
      if (deadline.passed()) {
        throw e;
      }
      return false;
    }
  }

  /**
   * Takes office on the server: deposes an earlier manager, or one's own ghost.
   *
   * @throws DeposedException if a later manager was here
   */
  public void take(Deadline deadline) throws LinkException, DeposedException {
    close();
    Link fresh = dialer.dial(deadline);
    try {
      refuseIfOutranked(fresh, deadline);
      lock(fresh, deadline);
      // Again: it may have come and gone while we waited for the lock.
      refuseIfOutranked(fresh, deadline);
      FenceRow.write(fresh, mandate, deadline);
      writtenEpoch = mandate.epoch();
      link = fresh;
    } catch (LinkException | DeposedException e) {
      fresh.close();
      throw e;
    }
  }

  private void refuseIfOutranked(Link fresh, Deadline deadline)
      throws LinkException, DeposedException {
    Optional<FenceRow> row = FenceRow.read(fresh, mandate, deadline);
    if (row.isPresent() && row.get().outranks(mandate)) {
      throw new DeposedException(
          dialer.address()
              + " is in the hands of "
              + row.get().words()
              + "; if that manager is gone for good, delete its row from regent_local.fence");
    }
  }

  private void lock(Link fresh, Deadline deadline) throws LinkException {
    String name = Quoted.text(mandate.lock());
    while (true) {
      Optional<String> holder = fresh.value("SELECT IS_USED_LOCK(" + name + ")", deadline);
      if (holder.isPresent()) {
        kill(fresh, holder.get(), deadline);
      } else if (fresh.value("SELECT GET_LOCK(" + name + ", 0)", deadline).orElse("").equals("1")) {
        return;
      }
      LockSupport.parkNanos(GHOST_POLL.toNanos());
    }
  }

  private static void kill(Link fresh, String connection, Deadline deadline) throws LinkException {
    try {
      fresh.run("KILL HARD CONNECTION " + connection, deadline);
    } catch (LinkException e) {
      if (e.code() != NO_SUCH_THREAD) {
        throw e;
      }
    }
  }

  /** Runs one statement, unless we are out of office. */
  public void change(String sql, Deadline deadline) throws LinkException, DeposedException {
    fenced(link(), "CONNECTION_ID()", sql, deadline);
  }

  /** Runs one statement over another connection, unless we are out of office. */
  public void changeFrom(Link other, String sql, Deadline deadline)
      throws LinkException, DeposedException {
    fenced(other, Long.toString(link().id()), sql, deadline);
  }

  /** Looks over another connection whether we are still in office. */
  public void confirmFrom(Link other, Deadline deadline) throws LinkException, DeposedException {
    changeFrom(other, "DO 0", deadline);
  }

  private void fenced(Link over, String holder, String sql, Deadline deadline)
      throws LinkException, DeposedException {
    try {
      over.run(
          """
          BEGIN NOT ATOMIC
            IF NOT %s THEN
              SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT='regent: out of office';
            END IF;
            %s;
          END\
          """
              .formatted(heldBy(holder), sql),
          deadline);
    } catch (LinkException e) {
      if (e.code() == SIGNALLED) {
        throw new DeposedException(dialer.address() + ": another manager took office");
      }
      throw e;
    }
  }

  private String heldBy(String holder) {
    return "(IS_USED_LOCK("
        + Quoted.text(mandate.lock())
        + ") <=> "
        + holder
        + " AND EXISTS (SELECT 1 FROM regent_local.fence WHERE cluster="
        + Quoted.text(mandate.cluster())
        + " AND incarnation="
        + mandate.incarnation()
        + " AND manager="
        + Quoted.text(mandate.manager())
        + " AND connection="
        + holder
        + "))";
  }

  /** For reading, on the same connection. Only while office is {@link #held}. */
  public Link link() {
    Link current = link;
    if (current == null) {
      throw new IllegalStateException("office on " + dialer.address() + " is not held");
    }
    return current;
  }

  /** Leaves office. The row stays: it says who was here last. */
  @Override
  public void close() {
    Link current = link;
    if (current != null) {
      current.close();
      link = null;
    }
  }
}
