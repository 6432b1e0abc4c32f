package dev.regent.server.steps;

import dev.regent.core.plan.Promoting.SetSemiSyncPrimary;
import dev.regent.server.connect.LinkException;
import dev.regent.server.office.DeposedException;
import java.util.ArrayList;
import java.util.List;

/** The semi-sync settings that can do harm. */
public final class SemiSync {
  private static final String IS_WAITING = "STATE LIKE 'Waiting for semi-sync ACK%'";

  private static final String WAITING =
      "SELECT QUERY_ID FROM information_schema.PROCESSLIST WHERE " + IS_WAITING;

  private SemiSync() {}

  /** Switching off tells every waiting client OK, for rows that no replica has (physics 4.3). */
  public static void primaryOff(Work work)
      throws LinkException, DeposedException, RefusedException {
    long waiting = waiting(work);
    if (waiting > 0) {
      throw new RefusedException(
          waiting
              + " commits wait for an acknowledgement: switching semi-sync off would confirm them"
              + " although no replica has them");
    }
    work.change(SetSemiSyncPrimary.OFF);
  }

  /** A restart makes a server forget it. */
  public static void demandPrimaryOn(Work work) throws LinkException, RefusedException {
    if (!work.value("SELECT @@global.rpl_semi_sync_master_enabled").orElse("0").equals("1")) {
      throw new RefusedException("it restarted: its commits would wait for no acknowledgement");
    }
  }

  /**
   * Ends all foreign connections if commits wait now; only on a server whose reign is over.
   *
   * <p>Those that wait come last: one of them waits for its whole commit group, and when it is
   * ended the group goes on, so the others in it, which wait for something else, would be told OK
   * (measured on 11.4.5). One group at a time waits, so none of the others can come to its own end
   * before.
   */
  static void endWaiting(Work work) throws LinkException, DeposedException {
    if (waiting(work) > 0) {
      String foreign = Sessions.foreign(work);
      work.endSessions(foreign + " AND STATE NOT LIKE 'Waiting for semi-sync ACK%'");
      work.endSessions(foreign + " AND " + IS_WAITING);
    }
  }

  /** Commits that wait for an acknowledgement now. */
  public static long waiting(Work work) throws LinkException {
    return waitingStatements(work).size();
  }

  /** The server's numbers of the statements whose commits wait now; ours to change. */
  public static List<String> waitingStatements(Work work) throws LinkException {
    return new ArrayList<>(work.column(WAITING));
  }
}
