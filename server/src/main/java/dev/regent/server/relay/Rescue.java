package dev.regent.server.relay;

import dev.regent.core.model.Channel;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.plan.Evidence;
import dev.regent.core.plan.Evidence.Unappliable;
import dev.regent.core.plan.Receiving;
import dev.regent.core.plan.Step;
import dev.regent.server.connect.LinkException;
import dev.regent.server.connect.Quoted;
import dev.regent.server.office.DeposedException;
import dev.regent.server.steps.FetchConnection;
import dev.regent.server.steps.LateException;
import dev.regent.server.steps.RefusedException;
import dev.regent.server.steps.Work;
import java.time.Duration;
import java.util.Optional;

/**
 * Applies a relay log whose SQL thread is stopped (orchestrator.md 1.9).
 *
 * <p>In GTID mode the server deletes the log when both threads are stopped and one is started. So
 * the connection leaves GTID mode, at the relay position that the server itself remembers; then
 * only the SQL thread is started. It can be interrupted anywhere and begun again.
 *
 * <p>Afterwards the SQL thread runs, outside GTID mode; {@link Following} leads it back.
 */
final class Rescue {
  private static final Duration POLL = Duration.ofMillis(10);

  /** {@code ER_SLAVE_RELAY_LOG_READ_FAILURE}: the log cannot be read further. */
  private static final int TORN = 1594;

  private static final String ALL_READ = "Slave has read all relay log";

  private Rescue() {}

  static Evidence perform(Receiving.Rescue step, Work work)
      throws LinkException,
          DeposedException,
          RefusedException,
          LateException,
          InterruptedException {
    try {
      return rescue(step, work);
    } catch (RelayLog.UnreadException e) {
      throw new LateException(String.valueOf(e.getMessage()));
    }
  }

  private static Evidence rescue(Receiving.Rescue step, Work work)
      throws LinkException,
          DeposedException,
          RefusedException,
          LateException,
          RelayLog.UnreadException,
          InterruptedException {
    FetchConnection.end(work.channels(), work);
    Channel channel = work.channel(step.channel());
    if (channel.io() != ThreadState.NO) {
      work.change("STOP SLAVE" + Step.channel(step.channel()) + " IO_THREAD");
    }
    if (!channel.sqlRunning()) {
      Optional<RelayLog.Place> rest = RelayLog.firstUnapplied(channel, work);
      if (rest.isPresent() && rest.get().gap().isPresent()) {
        return new Unappliable(
            Standings.applied(work).position(),
            RelayLog.end(channel, work),
            "transactions are missing before it: " + rest.get().gap().get());
      }
      if (rest.isEmpty()) {
        return Standings.allApplied(step.server(), work);
      }
      apply(rest.get(), channel, work);
    }
    awaitEnd(step, work);
    return Standings.allApplied(step.server(), work);
  }

  private static void apply(RelayLog.Place rest, Channel channel, Work work)
      throws LinkException, DeposedException {
    String name = Step.channel(channel.name());
    work.change("STOP SLAVE" + name);
    ApplierMode.single(channel, work);
    work.change(
        "CHANGE MASTER"
            + name
            + " TO MASTER_USE_GTID=no, RELAY_LOG_FILE="
            + Quoted.text(rest.file())
            + ", RELAY_LOG_POS="
            + rest.position()
            + (channel.delay().isZero() ? "" : ", MASTER_DELAY=0"));
    work.change("START SLAVE" + name + " SQL_THREAD");
  }

  private static void awaitEnd(Receiving.Rescue step, Work work)
      throws LinkException,
          RefusedException,
          LateException,
          RelayLog.UnreadException,
          InterruptedException {
    boolean read = false;
    while (true) {
      Channel now = work.channel(step.channel());
      if (!now.sqlRunning()) {
        refuseUnlessTorn(now, work);
        return;
      }
      // Twice: where parallel threads go on, the last one may not have its work yet.
      if (read && allRead(now, work)) {
        return;
      }
      read = allRead(now, work);
      if (!work.pause(POLL)) {
        throw new LateException(
            "not applied in time: at " + now.relayLog() + ":" + now.relayPosition());
      }
    }
  }

  private static boolean allRead(Channel now, Work work) throws LinkException {
    return now.sqlState().startsWith(ALL_READ)
        && Standings.applied(work).position().covers(now.received());
  }

  /**
   * A crash may cut the last transaction short. It is not missed: a replica acknowledges only what
   * it has written whole. If more transactions come behind, it is no torn end but a broken log.
   */
  private static void refuseUnlessTorn(Channel now, Work work)
      throws LinkException, RefusedException, RelayLog.UnreadException {
    if (now.sqlProblem().number() != TORN || RelayLog.hasMoreFiles(now, work)) {
      throw new RefusedException("the SQL thread stopped: " + words(now));
    }
  }

  static String words(Channel channel) {
    return channel.sqlProblem().present()
        ? channel.sqlProblem().number() + " " + channel.sqlProblem().text()
        : "no error; somebody stopped it";
  }
}
