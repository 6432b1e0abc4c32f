package dev.regent.sim.steps;

import dev.regent.core.model.Channel;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.plan.Evidence;
import dev.regent.core.plan.Evidence.Found;
import dev.regent.core.plan.Promoting.SetSemiSyncPrimary;
import dev.regent.core.plan.Receiving;
import dev.regent.core.plan.Receiving.Follow;
import dev.regent.core.plan.Step;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.mariadb.Account;
import dev.regent.sim.mariadb.Facts;

/** Points a server at a source, and gets threads connected without waiting for a retry grid. */
final class Following {
  private static final long POLL = 2 * Kernel.MILLISECOND;
  private static final long KICK_MIN = 100 * Kernel.MILLISECOND;
  private static final long KICK_MAX = Kernel.SECOND;
  private static final int NOT_IN_SOURCES_LOG = 1236;
  private static final String PURGES =
      "its SQL thread is stopped: restarting the other one would delete the relay log";

  private Following() {}

  static Act<Evidence> perform(Follow step) {
    return Work.findChannel(step.channel())
        .then(before ->
            before.isEmpty()
                ? pointAnew(step, false)
                : already(step, before.get())
                    .then(is ->
                        is ? ReadOnly.close().map(ok -> new Found(true)) : pointAnew(step, true)));
  }

  private static Act<Evidence> pointAnew(Follow step, boolean there) {
    return point(step, there).then(awaitConnected(step.channel()));
  }

  private static Act<Boolean> already(Follow step, Channel now) {
    boolean pointed = now.source().equals(step.address()) && now.usesGtid() && now.running();
    boolean heartbeat = step.heartbeat().isZero() || step.heartbeat().equals(now.heartbeatPeriod());
    return Work.read(f ->
        pointed
            && heartbeat
            && !f.semiSyncPrimary()
            && f.strict()
            && f.semiSync().replicaEnabled() == step.acknowledges());
  }

  private static Act<Boolean> point(Follow step, boolean there) {
    Act<Boolean> all = Act.value(true);
    for (String sql : step.sql()) {
      if (there || !sql.startsWith("STOP SLAVE")) {
        all = all.then(point(step, sql));
      }
    }
    return all;
  }

  private static Act<Boolean> point(Follow step, String sql) {
    if (sql.equals("SET GLOBAL read_only=1")) {
      return ReadOnly.close();
    }
    if (sql.startsWith("SET GLOBAL gtid_slave_pos")) {
      // Domains that only replication knows must not be forgotten.
      return Standings.applied()
          .then(a -> Work.change("SET GLOBAL gtid_slave_pos='" + a.position() + "'"));
    }
    if (sql.startsWith("CHANGE MASTER")) {
      String filled = sql.replace(":user", "'" + Account.REPLICATION.user() + "'");
      return ApplierMode.restore(step.channel())
          .then(delay ->
              Work.change(
                  delay.isEmpty()
                      ? filled
                      : filled + ", MASTER_DELAY=" + delay.getAsLong() / Kernel.SECOND));
    }
    return sql.equals(SetSemiSyncPrimary.OFF) ? SemiSync.primaryOff() : Work.change(sql);
  }

  /** Restarts the IO thread, of a server whose SQL thread runs, and sees whether it connects. */
  static Act<Evidence> reconnect(String channel) {
    return Work.channel(channel)
        .then(c ->
            c.sqlRunning() ? kick(channel).then(awaitConnected(channel)) : Act.refused(PURGES));
  }

  /** Lets a replica connect anew to a source that may be frozen, with a short time-out. */
  static Act<Evidence> test(String channel) {
    return Work.channel(channel)
        .then(c -> c.sqlRunning() ? test(channel, true) : Act.refused(PURGES));
  }

  private static Act<Evidence> test(String channel, boolean ignored) {
    return Work.read(Facts::netTimeoutSeconds)
        .then(usual ->
            Work.change("SET GLOBAL slave_net_timeout=1")
                .then(Work.change(Receiving.QUICK_STOP))
                .then(
                    kick(channel)
                        .then(attempt(channel))
                        .lastly(Work.change("SET GLOBAL slave_net_timeout=" + usual))))
        .then(reached ->
            reached
                ? kick(channel).then(awaitConnected(channel)).map(found -> new Found(true))
                : Work.change("STOP SLAVE" + Step.channel(channel) + " IO_THREAD")
                    .map(ok -> new Found(false)));
  }

  private static Act<Boolean> attempt(String channel) {
    return Work.channel(channel)
        .then(now -> {
          if (now.io() == ThreadState.YES) {
            return Act.value(true);
          }
          if (now.io() == ThreadState.NO || now.ioProblem().present()) {
            return Act.value(false);
          }
          return Work.pause(POLL).then(in -> in ? attempt(channel) : Act.value(false));
        });
  }

  private static Act<Boolean> kick(String channel) {
    String name = Step.channel(channel);
    return Work.change("STOP SLAVE" + name + " IO_THREAD")
        .then(Work.change("START SLAVE" + name + " IO_THREAD"));
  }

  private static Act<Evidence> awaitConnected(String channel) {
    return Act.of(work -> awaitConnected(channel, KICK_MIN, work.now() + KICK_MIN));
  }

  private static Act<Evidence> awaitConnected(String channel, long patience, long kickAt) {
    return Work.channel(channel)
        .then(now ->
            Act.of(work -> {
              boolean ahead = now.ioProblem().number() == NOT_IN_SOURCES_LOG;
              boolean fatal = now.io() == ThreadState.NO && !(ahead && now.sqlRunning());
              if (now.io() == ThreadState.YES || fatal) {
                return Act.value(new Found(!fatal));
              }
              boolean due = now.ioProblem().present() && now.sqlRunning() && work.now() >= kickAt;
              long longer = Math.min(2 * patience, KICK_MAX);
              return due
                  ? kick(channel).then(waitOn(channel, longer, work.now() + longer))
                  : waitOn(channel, patience, kickAt);
            }));
  }

  /** A revocation must not wait for a reconnection that does not come. */
  private static Act<Evidence> waitOn(String channel, long patience, long kickAt) {
    return Act.of(work ->
        work.wanted()
            ? Act.value(new Found(false))
            : Work.pause(POLL)
                .then(in ->
                    in ? awaitConnected(channel, patience, kickAt) : Act.value(new Found(false))));
  }
}
