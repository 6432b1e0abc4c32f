package dev.regent.server.steps;

import dev.regent.core.analyze.Receipt;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.plan.Evidence;
import dev.regent.core.plan.Keeping.PassOnReceipt;
import dev.regent.core.plan.Promoting.SetSemiSyncPrimary;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.DumpThreads;
import dev.regent.server.connect.Link;
import dev.regent.server.connect.LinkException;
import dev.regent.server.office.DeposedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** The semi-sync settings that can do harm. */
public final class SemiSync {
  private static final String IS_WAITING = "STATE LIKE 'Waiting for semi-sync ACK%'";

  private static final String WAITING =
      "SELECT QUERY_ID FROM information_schema.PROCESSLIST WHERE " + IS_WAITING;

  /** A place further behind cannot be asked for: files are cut at 1 GiB, after a transaction. */
  private static final long POSITION_MAX = Integer.MAX_VALUE;

  /** It is heard at once; this is for a machine that is out of breath. */
  private static final Duration HEARD = Duration.ofMillis(500);

  /** For a file of the usual 1 GiB, from its beginning. */
  private static final Duration READ_FILE = Duration.ofSeconds(4);

  /** Together they take less time than the step has. */
  private static final int TRIES = 2;

  /** 10.11.5 looks once a second. */
  private static final Duration LET_GO = Duration.ofMillis(2_500);

  private static final Duration POLL = Duration.ofMillis(20);

  /** A server takes no name for that of its first file. */
  private static final String OLDEST_LOG = "";

  /** Where each file's first event stands. */
  private static final long BEGINNING = 4;

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

  /**
   * Says in a member's name what it has received. It is not believed that the place stands for what
   * the member has: this server's own log is asked. Nothing can come between the question and the
   * statement, since a place means the same for ever; after a restart we are not in office.
   *
   * <p>Where the server does not hear its replicas any more, anybody else who asks for its log
   * wakes it. So that is done even if nothing is proven, from a place before which all is
   * committed.
   *
   * <p>All of it over connections aside: the server reads a whole file to answer, and its process
   * list may hang. A failover that comes meanwhile finds the way free.
   */
  static Evidence passOn(PassOnReceipt step, Work work)
      throws LinkException,
          DeposedException,
          RefusedException,
          LateException,
          InterruptedException {
    Receipt receipt = step.receipt();
    try (Aside aside = Aside.open(work)) {
      Optional<String> logged =
          aside.call(link -> link.value(step.question(), Deadline.after(READ_FILE)));
      boolean proven =
          receipt.position() <= POSITION_MAX
              && logged.filter(l -> receipt.proves(GtidPosition.parse(l))).isPresent();
      if (proven) {
        acknowledge(receipt.log(), receipt.position(), aside, work);
        return new Evidence.Nothing();
      }
      boolean deaf = aside.call(link -> leaving(link, Deadline.after(LET_GO)).orElse(false));
      if (deaf) {
        acknowledge(OLDEST_LOG, BEGINNING, aside, work);
      }
      throw new RefusedException(
          "its log holds "
              + logged.orElse("nothing that it knows of")
              + " up to "
              + receipt.place()
              + ", "
              + receipt.member()
              + " has "
              + receipt.received()
              + (deaf ? "; it was deaf and is woken" : ""));
    }
  }

  /** Done when the server is done with it: once more if it does not let us go either. */
  private static void acknowledge(String file, long position, Aside look, Work work)
      throws LinkException,
          DeposedException,
          RefusedException,
          LateException,
          InterruptedException {
    for (int i = 0; i < TRIES; i++) {
      try (Aside aside = Aside.open(work)) {
        work.waits();
        aside.call(link -> {
          link.run(PassOnReceipt.ACKNOWLEDGES, work.deadline());
          work.acknowledgeOn(link, file, position, Deadline.after(HEARD));
          return true;
        });
      }
      if (look.call(link -> left(link, Deadline.after(LET_GO)))) {
        return;
      }
    }
    throw new LateException("threads that served replicas do not end");
  }

  private static boolean left(Link link, Deadline sooner) {
    Optional<Boolean> leaving = leaving(link, sooner);
    while (leaving.orElse(false) && !sooner.passed()) {
      LockSupport.parkNanos(POLL.toNanos());
      leaving = leaving(link, sooner);
    }
    return leaving.isPresent() && !leaving.get();
  }

  /** Empty if the process list hangs: nothing is known then. */
  private static Optional<Boolean> leaving(Link link, Deadline deadline) {
    try {
      return Optional.of(link.value(DumpThreads.LEAVING, deadline).isPresent());
    } catch (LinkException e) {
      return Optional.empty();
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
