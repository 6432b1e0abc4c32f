package dev.regent.server.relay;

import dev.regent.core.model.Channel;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.Endpoint;
import dev.regent.core.plan.Evidence.Standing;
import dev.regent.core.plan.Receiving.FetchMissing;
import dev.regent.server.connect.LinkException;
import dev.regent.server.connect.Quoted;
import dev.regent.server.office.DeposedException;
import dev.regent.server.steps.FetchConnection;
import dev.regent.server.steps.LateException;
import dev.regent.server.steps.RefusedException;
import dev.regent.server.steps.Work;
import java.time.Duration;

/**
 * Fills the gap before a relay log from another server.
 *
 * <p>A second connection leaves the first one's relay log alone. What it brings beyond the gap, the
 * relay log holds too, and it is not applied twice: {@link RelayLog} goes by what was executed.
 */
final class Fetching {
  private static final Duration POLL = Duration.ofMillis(10);

  /** What is kept of the step's time to remove the connection. */
  private static final Duration TO_END = Duration.ofSeconds(2);

  private Fetching() {}

  static Standing perform(FetchMissing step, Work work)
      throws LinkException,
          DeposedException,
          RefusedException,
          LateException,
          InterruptedException {
    FetchConnection.end(work.channels(), work);
    try {
      for (String sql : step.sql()) {
        work.change(sql.startsWith("CHANGE MASTER") ? elsewhere(sql, step.address(), work) : sql);
      }
      await(step, work);
    } catch (LinkException | RefusedException | LateException e) {
      try {
        FetchConnection.end(work.channels(), work);
      } catch (LinkException left) {
        e.addSuppressed(left);
      }
      throw e;
    }
    FetchConnection.end(work.channels(), work);
    return Standings.read(step.server(), work);
  }

  /**
   * The server refuses two connections to one address, and knows an address by its spelling (error
   * 1934). The relay log may be of the very source that is fetched from.
   */
  private static String elsewhere(String sql, Endpoint address, Work work) throws LinkException {
    boolean taken = work.channels().stream().anyMatch(c -> c.source().equals(address));
    return taken
        ? sql.replace("'" + address.host() + "'", Quoted.text(Spelling.other(address.host())))
        : sql;
  }

  private static void await(FetchMissing step, Work work)
      throws LinkException, RefusedException, LateException, InterruptedException {
    while (!Standings.applied(work).position().covers(step.until())) {
      Channel now = work.channel(FetchMissing.CHANNEL);
      if (now.io() == ThreadState.NO) {
        throw new RefusedException("receiving stopped: " + now.ioProblem().text());
      }
      if (!now.sqlRunning()) {
        throw new RefusedException("the SQL thread stopped: " + Rescue.words(now));
      }
      if (!work.pause(POLL) || work.deadline().left().compareTo(TO_END) < 0) {
        throw new LateException("not fetched in time: " + now.ioProblem().text());
      }
    }
  }
}
