package dev.regent.server.freeze;

import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.GtidState;
import dev.regent.core.plan.Evidence.Position;
import dev.regent.core.plan.Freezing.Freeze;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Link;
import dev.regent.server.connect.LinkException;
import dev.regent.server.office.DeposedException;
import dev.regent.server.steps.ReadOnly;
import dev.regent.server.steps.RefusedException;
import dev.regent.server.steps.Sessions;
import dev.regent.server.steps.Work;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * Freezes writes on a primary and reads one position, after which nobody can have written.
 *
 * <p>Two connections. The <em>lock</em> connection holds {@code FLUSH TABLES WITH READ LOCK}: new
 * writes wait instead of failing. The control session kills, because the lock connection may hang:
 * under a limit of the server's ({@code max_statement_time}), and one of ours, a little sooner, so
 * that there is time to take everything back.
 *
 * <p>The lock is let go only when {@code read_only} is on and every session that was there before
 * is gone or killed: a COMMIT of a privileged user that waits for the lock would succeed
 * afterwards. A killed session cannot get the lock any more, so its commit fails. Nobody is killed
 * before the lock is ours; at that moment no commit waits for an acknowledgement, which a kill
 * would confirm.
 */
final class Freezer {
  private static final Duration POLL = Duration.ofMillis(1);

  /** For undoing. */
  private static final Duration RESERVE = Duration.ofMillis(500);

  private static final String POSITION =
      "SELECT @@global.gtid_binlog_pos, @@global.gtid_binlog_state";

  private final Freeze step;
  private final Work work;
  private final Link lock;
  private final Deadline limit;
  private final boolean scheduler;
  private final boolean wasOpen;
  private final List<String> privileged;

  private Freezer(Freeze step, Work work, Link lock) throws LinkException {
    this.step = step;
    this.work = work;
    this.lock = lock;
    this.limit = work.deadline().before(RESERVE);
    this.scheduler = work.value("SELECT @@global.event_scheduler").orElse("").equals("ON");
    this.wasOpen = !ReadOnly.isClosed(work);
    this.privileged = Sessions.privileged(work);
  }

  static Position freeze(Freeze step, Work work)
      throws LinkException, DeposedException, RefusedException, InterruptedException {
    try (Link lock = work.aside()) {
      lock.run(
          "SET SESSION lock_wait_timeout=" + Math.max(1, step.deadline().toSeconds()),
          work.deadline());
      return new Freezer(step, work, lock).freeze();
    }
  }

  private Position freeze()
      throws LinkException, DeposedException, RefusedException, InterruptedException {
    try {
      return close();
    } catch (LinkException e) {
      undo();
      throw new RefusedException("undone: " + e.getMessage());
    } catch (RefusedException e) {
      undo();
      throw new RefusedException("undone: " + e.getMessage());
    }
  }

  private Position close()
      throws LinkException, DeposedException, RefusedException, InterruptedException {
    // All that could be asked before is known: clients wait from here on for nothing else.
    work.awaitQuiet();
    if (scheduler) {
      work.change("SET GLOBAL event_scheduler=OFF");
    }
    work.changeOn(lock, flush(), limit);
    work.endSessions(Sessions.foreign(work));
    work.changeOn(lock, "SET GLOBAL read_only=1", limit);
    awaitNobody();
    Position position = lock.read(POSITION, limit, Freezer::position);
    lock.run("UNLOCK TABLES", limit);
    return position;
  }

  private String flush() {
    return step.sql().stream().filter(s -> s.contains("FLUSH TABLES")).findFirst().orElseThrow();
  }

  private void awaitNobody()
      throws LinkException, DeposedException, RefusedException, InterruptedException {
    String newest = work.value("SELECT MAX(ID) FROM information_schema.PROCESSLIST").orElse("0");
    String users = privileged.isEmpty() ? "''" : String.join(", ", privileged);
    while (true) {
      String left =
          Sessions.foreign(work)
              + " AND COMMAND<>'Killed' AND (ID<="
              + newest
              + " OR USER IN ("
              + users
              + "))";
      long count = Sessions.count(left, work);
      if (count == 0) {
        return;
      }
      if (limit.passed()) {
        throw new RefusedException(count + " sessions could not be ended");
      }
      work.endSessions(left);
      work.pause(POLL);
    }
  }

  private static Position position(ResultSet row) throws SQLException {
    row.next();
    return new Position(GtidPosition.parse(row.getString(1)), GtidState.parse(row.getString(2)));
  }

  /** Open first, then unlock: those who wait for the lock go on as if nothing had been. */
  private void undo() throws LinkException, DeposedException {
    if (wasOpen) {
      work.change("SET GLOBAL read_only=0");
    }
    lock.cut();
    work.killOurs(lock.id());
    if (scheduler) {
      work.change("SET GLOBAL event_scheduler=ON");
    }
  }
}
