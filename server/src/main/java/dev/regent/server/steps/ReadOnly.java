package dev.regent.server.steps;

import dev.regent.core.plan.Evidence;
import dev.regent.core.plan.Evidence.Nothing;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Link;
import dev.regent.server.connect.LinkException;
import dev.regent.server.office.DeposedException;
import java.time.Duration;

/**
 * Closes a server for writes without getting stuck behind other people's locks.
 *
 * <p>{@code SET GLOBAL read_only=1} waits for running statements, table locks, and commits that
 * wait for an acknowledgement (physics 3.1). So it has a connection of its own and a limit. Nobody
 * else is ever killed: a killed commit that waits for an acknowledgement is committed (physics
 * 4.3). Our own pending statement is, or the server would close hours later, when nobody expects
 * it.
 */
public final class ReadOnly {
  private static final int LOCK_TIMEOUT = 1205;
  private static final String SET = "SET GLOBAL read_only=1";

  /** What is left of the deadline for looking why it hung and for taking it back. */
  private static final Duration RESERVE = Duration.ofMillis(300);

  private ReadOnly() {}

  public static Evidence close(Work work) throws LinkException, DeposedException, RefusedException {
    return attempt(work.deadline().before(RESERVE), false, work);
  }

  /**
   * Closes a server whose reign is over. Commits that wait there for an acknowledgement would wait
   * for ever, or be confirmed by the next replica that comes along: their connections are ended.
   * Their clients learn nothing (error 2013), never OK (physics 4.3); what they wrote is errant.
   */
  public static Evidence closeDeposed(Work work)
      throws LinkException, DeposedException, RefusedException {
    return attempt(work.deadline().before(RESERVE), true, work);
  }

  private static Evidence attempt(Deadline sooner, boolean deposed, Work work)
      throws LinkException, DeposedException, RefusedException {
    if (isClosed(work)) {
      return new Nothing();
    }
    try (Link aside = work.aside()) {
      aside.run("SET SESSION lock_wait_timeout=" + seconds(sooner), work.deadline());
      return set(aside, sooner, deposed, work);
    }
  }

  public static boolean isClosed(Work work) throws LinkException {
    String value = work.value("SELECT @@global.read_only").orElse("0");
    return !value.equals("0") && !value.equalsIgnoreCase("OFF");
  }

  /**
   * Ends those who hold it up once it stands in line: from then on nobody begins to write, so that
   * those who are ended are all there are. Whoever came in between would join the commit group of
   * one that is ended already, and be told OK with it (measured on 11.4.5). So it does not leave
   * the line before its time either; and it does not stay there once another manager is in office.
   */
  private static void setThrough(Link aside, Deadline sooner, Work work)
      throws LinkException, DeposedException {
    Underway closing = work.begin(aside, SET, sooner);
    String inLine =
        "SELECT 1 FROM information_schema.PROCESSLIST WHERE STATE LIKE 'Waiting for%' AND ID="
            + aside.id();
    try {
      while (!closing.over()) {
        if (work.value(inLine).isPresent()) {
          SemiSync.endWaiting(work);
        }
      }
    } catch (DeposedException e) {
      work.killOurs(aside.id());
      throw e;
    }
    closing.end();
  }

  private static long seconds(Deadline deadline) {
    return Math.max(1, deadline.left().toSeconds());
  }

  private static Evidence set(Link aside, Deadline sooner, boolean deposed, Work work)
      throws LinkException, DeposedException, RefusedException {
    try {
      if (deposed) {
        setThrough(aside, sooner, work);
      } else {
        work.changeOn(aside, SET, sooner);
      }
      return new Nothing();
    } catch (LinkException e) {
      if (e.answered() && e.code() != LOCK_TIMEOUT) {
        throw e;
      }
      if (!e.answered()) {
        work.killOurs(aside.id());
      }
      if (isClosed(work)) {
        return new Nothing();
      }
      long waiting = SemiSync.waiting(work);
      throw new RefusedException(
          waiting > 0
              ? "unfenced: hung commits (" + waiting + " wait for an acknowledgement)"
              : "unfenced: statements or table locks of others hold it up");
    }
  }
}
