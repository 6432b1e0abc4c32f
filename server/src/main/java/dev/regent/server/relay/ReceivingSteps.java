package dev.regent.server.relay;

import dev.regent.core.model.Channel;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.plan.Evidence;
import dev.regent.core.plan.Evidence.Nothing;
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

/** Steps on a replica's threads and relay log. */
public final class ReceivingSteps {
  /** {@code MASTER_GTID_WAIT} does not notice that the SQL thread stops (physics 2.2). */
  private static final Duration SLICE = Duration.ofMillis(100);

  private ReceivingSteps() {}

  public static Evidence perform(Receiving step, Work work)
      throws LinkException,
          DeposedException,
          RefusedException,
          LateException,
          InterruptedException {
    return switch (step) {
      case Receiving.StopReceiving s -> stopReceiving(s, work);
      case Receiving.Examine s -> Standings.read(s.server(), work);
      case Receiving.Rescue s -> Rescue.perform(s, work);
      case Receiving.FetchMissing s -> Fetching.perform(s, work);
      case Receiving.Drain s -> drain(s, work);
      case Receiving.RelaxDurability s -> work.plain(s);
      case Receiving.RestoreDurability s -> work.plain(s);
      case Receiving.StopReplication s -> stopReplication(s, work);
      case Receiving.StartReceiving s -> startReceiving(s, work);
      case Receiving.StartReplication s -> startReplication(s, work);
      case Receiving.RestartReceiving s -> Following.reconnect(s.channel(), work);
      case Receiving.TestPrimary s -> Following.test(s.channel(), work);
      case Receiving.Follow s -> Following.perform(s, work);
    };
  }

  /** Whether the SQL thread runs is not asked: stopping the IO thread alone never hurts. */
  private static Evidence stopReceiving(Receiving.StopReceiving step, Work work)
      throws LinkException, DeposedException, RefusedException, InterruptedException {
    if (work.channel(step.channel()).io() != ThreadState.NO) {
      work.change(Receiving.QUICK_STOP);
      work.change("STOP SLAVE" + Step.channel(step.channel()) + " IO_THREAD");
    }
    return Standings.read(step.server(), work);
  }

  private static Evidence drain(Receiving.Drain step, Work work)
      throws LinkException, RefusedException, LateException {
    work.waits();
    while (true) {
      GtidPosition applied = Standings.applied(work).position();
      if (applied.covers(step.target())) {
        return Standings.read(step.server(), work);
      }
      Channel channel = work.channel(step.channel());
      if (!channel.sqlRunning()) {
        throw new RefusedException("the SQL thread stopped: " + Rescue.words(channel));
      }
      if (work.late()) {
        throw new LateException(
            "not in time: " + step.target().beyond(applied) + " transactions behind");
      }
      awaitSlice(step.target(), work);
    }
  }

  private static void awaitSlice(GtidPosition target, Work work) throws LinkException {
    double seconds = Math.min(SLICE.toMillis(), work.deadline().left().toMillis() / 2) / 1000.0;
    work.value("SELECT MASTER_GTID_WAIT(" + Quoted.text(target.toString()) + ", " + seconds + ")");
  }

  private static Evidence stopReplication(Receiving.StopReplication step, Work work)
      throws LinkException, DeposedException {
    if (work.findChannel(step.channel()).isPresent()) {
      work.plain(step);
      ApplierMode.restore(step.channel(), work);
    }
    return new Nothing();
  }

  private static Evidence startReceiving(Receiving.StartReceiving step, Work work)
      throws LinkException, DeposedException, RefusedException {
    if (!work.channel(step.channel()).sqlRunning()) {
      throw new RefusedException(
          "its SQL thread is stopped: starting the other one would delete the relay log");
    }
    return work.plain(step);
  }

  /** With one thread running, starting the other one deletes nothing. */
  private static Evidence startReplication(Receiving.StartReplication step, Work work)
      throws LinkException, DeposedException, RefusedException {
    FetchConnection.end(work.channels(), work);
    Channel channel = work.channel(step.channel());
    boolean bothStopped = channel.io() == ThreadState.NO && !channel.sqlRunning();
    if (!channel.usesGtid()) {
      throw new RefusedException("it is not in GTID mode; it has to be pointed at its source anew");
    }
    Optional<String> reason = bothStopped ? lacks(channel, work) : Optional.empty();
    if (reason.isPresent()) {
      throw new RefusedException(reason.get() + ": starting would delete the relay log");
    }
    return work.plain(step);
  }

  /**
   * What a relay log holds that is not applied. A known position decides alone: the beginning of a
   * transaction that was never received whole may lie behind it.
   */
  private static Optional<String> lacks(Channel channel, Work work) throws LinkException {
    if (!channel.received().isEmpty()) {
      long missing = channel.received().beyond(Standings.applied(work).position());
      return missing == 0
          ? Optional.empty()
          : Optional.of(missing + " received transactions are not applied");
    }
    try {
      return RelayLog.firstUnapplied(channel, work).isPresent()
          ? Optional.of("its relay log holds transactions that are not applied")
          : Optional.empty();
    } catch (RelayLog.UnreadException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
