package dev.regent.sim.steps;

import dev.regent.core.model.Channel;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.plan.Evidence;
import dev.regent.core.plan.Evidence.Nothing;
import dev.regent.core.plan.Evidence.Standing;
import dev.regent.core.plan.Receiving;
import dev.regent.core.plan.Step;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.mariadb.Sql;
import java.util.Optional;

/** Steps on a replica's threads and relay log. */
final class ReceivingActs {
  private static final long SLICE = 100 * Kernel.MILLISECOND;
  private static final String PURGES =
      "its SQL thread is stopped: starting the other one would delete the relay log";

  private ReceivingActs() {}

  static Act<Evidence> perform(Receiving step) {
    return switch (step) {
      case Receiving.StopReceiving s -> stopReceiving(s);
      case Receiving.Examine s -> evidence(Standings.read(s.server()));
      case Receiving.Rescue s -> Rescue.perform(s);
      case Receiving.FetchMissing s -> Work.waits().then(Fetching.perform(s));
      case Receiving.Drain s -> Work.waits().then(drain(s));
      case Receiving.RelaxDurability s -> plain(s);
      case Receiving.RestoreDurability s -> plain(s);
      case Receiving.StopReplication s -> stopReplication(s);
      case Receiving.StartReceiving s -> startReceiving(s);
      case Receiving.StartReplication s -> startReplication(s);
      case Receiving.RestartReceiving s -> Following.reconnect(s.channel());
      case Receiving.TestPrimary s -> Following.test(s.channel());
      case Receiving.Follow s -> Following.perform(s);
    };
  }

  static <T extends Evidence> Act<Evidence> evidence(Act<T> act) {
    return act.map(e -> e);
  }

  static Act<Evidence> nothing(Act<Boolean> act) {
    return act.map(ok -> new Nothing());
  }

  /** Runs a step's statements as they are shown. */
  static Act<Evidence> plain(Step step) {
    return nothing(Work.changes(step.sql()));
  }

  private static Act<Evidence> stopReceiving(Receiving.StopReceiving step) {
    Act<Boolean> stop =
        Work.channel(step.channel())
            .then(c ->
                c.io() == ThreadState.NO
                    ? Act.value(true)
                    : Work.change(Receiving.QUICK_STOP)
                        .then(
                            Work.change(
                                "STOP SLAVE" + Step.channel(step.channel()) + " IO_THREAD")));
    return stop.then(evidence(Standings.read(step.server())));
  }

  private static Act<Evidence> drain(Receiving.Drain step) {
    return Standings.applied()
        .then(applied ->
            applied.position().covers(step.target())
                ? evidence(Standings.read(step.server()))
                : drainOn(step, applied.position()));
  }

  private static Act<Evidence> drainOn(Receiving.Drain step, GtidPosition applied) {
    return Work.channel(step.channel())
        .then(channel ->
            Act.of(work -> {
              if (!channel.sqlRunning()) {
                return Act.refused("the SQL thread stopped: " + Rescue.words(channel));
              }
              if (work.late()) {
                return Act.trouble(
                    new Trouble.Late(
                        "not in time: " + step.target().beyond(applied) + " transactions behind"));
              }
              long slice = Math.min(SLICE, (work.deadline() - work.now()) / 2);
              return Work.ask(Sql.waitFor(step.target(), slice)).then(drain(step));
            }));
  }

  private static Act<Evidence> stopReplication(Receiving.StopReplication step) {
    return Work.findChannel(step.channel())
        .then(found ->
            found.isEmpty()
                ? Act.value(new Nothing())
                : plain(step).then(done -> ApplierMode.restore(step.channel()).map(d -> done)));
  }

  private static Act<Evidence> startReceiving(Receiving.StartReceiving step) {
    return Work.channel(step.channel())
        .then(c -> c.sqlRunning() ? plain(step) : Act.refused(PURGES));
  }

  /** With one thread running, starting the other one deletes nothing. */
  private static Act<Evidence> startReplication(Receiving.StartReplication step) {
    return Work.channel(step.channel()).then(c -> startReplication(step, c));
  }

  private static Act<Evidence> startReplication(Receiving.StartReplication step, Channel channel) {
    if (!channel.usesGtid()) {
      return Act.refused("it is not in GTID mode; it has to be pointed at its source anew");
    }
    boolean bothStopped = channel.io() == ThreadState.NO && !channel.sqlRunning();
    if (!bothStopped) {
      return plain(step);
    }
    return lacks(channel)
        .then(reason ->
            reason.isEmpty()
                ? plain(step)
                : Act.refused(reason.get() + ": starting would delete the relay log"));
  }

  private static Act<Optional<String>> lacks(Channel channel) {
    if (channel.received().isEmpty()) {
      return Standings.firstUnapplied(channel)
          .map(p -> p.map(x -> "its relay log holds transactions that are not applied"));
    }
    return Standings.applied()
        .map(applied -> {
          long missing = channel.received().beyond(applied.position());
          return missing == 0
              ? Optional.empty()
              : Optional.of(missing + " received transactions are not applied");
        });
  }

  static Standing applied(Standing standing) {
    return new Standing(
        standing.server(),
        standing.applied(),
        standing.applied(),
        standing.binlogState(),
        true,
        standing.applying(),
        standing.receiving());
  }
}
