package dev.regent.sim.steps;

import dev.regent.core.model.Channel;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.plan.Evidence;
import dev.regent.core.plan.Evidence.Unappliable;
import dev.regent.core.plan.Receiving;
import dev.regent.core.plan.Step;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.storage.RelayLog;

/** Applies a relay log whose SQL thread is stopped (orchestrator.md 1.9). */
final class Rescue {
  private static final long POLL = 10 * Kernel.MILLISECOND;
  private static final int TORN = 1594;
  private static final String ALL_READ = "Slave has read all relay log";

  private Rescue() {}

  static Act<Evidence> perform(Receiving.Rescue step) {
    return Fetching.end()
        .then(Work.channel(step.channel()))
        .then(channel -> stopReceiving(channel).then(from(step, channel)));
  }

  private static Act<Boolean> stopReceiving(Channel channel) {
    return channel.io() == ThreadState.NO
        ? Act.value(true)
        : Work.change("STOP SLAVE" + Step.channel(channel.name()) + " IO_THREAD");
  }

  private static Act<Evidence> from(Receiving.Rescue step, Channel channel) {
    if (channel.sqlRunning()) {
      return awaitEnd(step, false).then(applied(step));
    }
    return Standings.firstUnapplied(channel)
        .then(place -> {
          if (place.isEmpty()) {
            return applied(step);
          }
          return place.get().gap().isPresent()
              ? unappliable(channel, place.get().gap().get())
              : applyRest(channel, place.get()).then(awaitEnd(step, false)).then(applied(step));
        });
  }

  /** All that there was is applied now. */
  private static Act<Evidence> applied(Receiving.Rescue step) {
    return Standings.read(step.server()).map(ReceivingActs::applied);
  }

  private static Act<Evidence> unappliable(Channel channel, String gap) {
    return Standings.applied()
        .then(applied ->
            Standings.end(channel)
                .map(end ->
                    new Unappliable(
                        applied.position(), end, "transactions are missing before it: " + gap)));
  }

  private static Act<Boolean> applyRest(Channel channel, RelayLog.Place place) {
    String name = Step.channel(channel.name());
    return Work.change("STOP SLAVE" + name)
        .then(ApplierMode.single(channel))
        .then(
            Work.change(
                "CHANGE MASTER"
                    + name
                    + " TO MASTER_USE_GTID=no, RELAY_LOG_FILE='"
                    + place.file()
                    + "', RELAY_LOG_POS="
                    + place.position()
                    + (channel.delay().isZero() ? "" : ", MASTER_DELAY=0")))
        .then(Work.change("START SLAVE" + name + " SQL_THREAD"));
  }

  private static Act<Boolean> awaitEnd(Receiving.Rescue step, boolean read) {
    return Work.channel(step.channel())
        .then(now -> {
          if (!now.sqlRunning()) {
            return refuseUnlessTorn(now);
          }
          // Twice: where parallel threads go on, the last one may not have its work yet.
          return allRead(now).then(all -> read && all ? Act.value(true) : again(step, now, all));
        });
  }

  private static Act<Boolean> again(Receiving.Rescue step, Channel now, boolean read) {
    return Work.pause(POLL)
        .then(inTime ->
            inTime
                ? awaitEnd(step, read)
                : Act.trouble(
                    new Trouble.Late(
                        "not applied in time: at " + now.relayLog() + ":" + now.relayPosition())));
  }

  private static Act<Boolean> allRead(Channel now) {
    return Standings.applied()
        .map(applied ->
            now.sqlState().startsWith(ALL_READ) && applied.position().covers(now.received()));
  }

  private static Act<Boolean> refuseUnlessTorn(Channel now) {
    return now.sqlProblem().number() == TORN
        ? Act.value(true)
        : Act.refused("the SQL thread stopped: " + words(now));
  }

  static String words(Channel channel) {
    return channel.sqlProblem().present()
        ? channel.sqlProblem().number() + " " + channel.sqlProblem().text()
        : "no error; somebody stopped it";
  }
}
