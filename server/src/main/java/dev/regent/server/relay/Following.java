package dev.regent.server.relay;

import dev.regent.core.model.Channel;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.plan.Evidence.Found;
import dev.regent.core.plan.Promoting.SetSemiSyncPrimary;
import dev.regent.core.plan.Receiving;
import dev.regent.core.plan.Receiving.Follow;
import dev.regent.core.plan.Step;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.LinkException;
import dev.regent.server.connect.Quoted;
import dev.regent.server.office.DeposedException;
import dev.regent.server.steps.FetchConnection;
import dev.regent.server.steps.ReadOnly;
import dev.regent.server.steps.RefusedException;
import dev.regent.server.steps.SemiSync;
import dev.regent.server.steps.Work;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Points a server at a source, and gets threads connected without waiting for a retry grid. */
final class Following {
  private static final Duration POLL = Duration.ofMillis(2);

  /**
   * A connection that failed is tried again by the server after its retry period, a second at
   * least: we restart it sooner, first after this, then more and more slowly, since each failure
   * may count against the replica's host there.
   */
  private static final Duration KICK_MIN = Duration.ofMillis(100);

  private static final Duration KICK_MAX = Duration.ofSeconds(1);

  /** Also where the source is a replica itself and applies what we have a moment later. */
  private static final int NOT_IN_SOURCES_LOG = 1236;

  private static final String SETTINGS =
      "SELECT @@global.rpl_semi_sync_master_enabled=0 AND @@global.gtid_strict_mode=1"
          + " AND @@global.rpl_semi_sync_slave_enabled=";

  private Following() {}

  static Found perform(Follow step, Work work)
      throws LinkException, DeposedException, RefusedException, InterruptedException {
    List<Channel> channels = work.channels();
    FetchConnection.end(channels, work);
    Optional<Channel> before =
        channels.stream().filter(c -> c.name().equalsIgnoreCase(step.channel())).findFirst();
    if (before.isPresent() && already(step, before.get(), work)) {
      ReadOnly.close(work);
      return new Found(true);
    }
    for (String sql : step.sql()) {
      if (before.isPresent() || !sql.startsWith("STOP SLAVE")) {
        point(step, sql, work);
      }
    }
    return awaitConnected(step.channel(), work);
  }

  /** What cannot be read back, user and password, is good enough while it works. */
  private static boolean already(Follow step, Channel now, Work work) throws LinkException {
    boolean pointed = now.source().equals(step.address()) && now.usesGtid() && now.running();
    String asWanted = work.value(SETTINGS + (step.acknowledges() ? 1 : 0)).orElse("0");
    return pointed
        && asWanted.equals("1")
        && (step.heartbeat().isZero() || step.heartbeat().equals(now.heartbeatPeriod()));
  }

  private static void point(Follow step, String sql, Work work)
      throws LinkException, DeposedException, RefusedException {
    if (sql.equals("SET GLOBAL read_only=1")) {
      // It may hang behind other people's locks.
      ReadOnly.close(work);
    } else if (sql.startsWith("SET GLOBAL gtid_slave_pos")) {
      // Domains that only replication knows must not be forgotten.
      work.change("SET GLOBAL gtid_slave_pos=" + Quoted.text(merged(work).toString()));
    } else if (sql.startsWith("CHANGE MASTER")) {
      Optional<String> delay = ApplierMode.restore(step.channel(), work);
      work.change(sql + delay.map(d -> ", MASTER_DELAY=" + d).orElse(""));
    } else if (sql.equals(SetSemiSyncPrimary.OFF)) {
      SemiSync.primaryOff(work);
    } else {
      work.change(sql);
    }
  }

  private static GtidPosition merged(Work work) throws LinkException {
    return Standings.applied(work).position();
  }

  /** Restarts the IO thread, of a server whose SQL thread runs, and sees whether it connects. */
  static Found reconnect(String channel, Work work)
      throws LinkException, DeposedException, RefusedException, InterruptedException {
    if (!work.channel(channel).sqlRunning()) {
      throw new RefusedException(
          "its SQL thread is stopped: restarting the other one would delete the relay log");
    }
    kick(channel, work);
    return awaitConnected(channel, work);
  }

  /**
   * Lets a replica connect anew to a source that may be frozen. A frozen one accepts the connection
   * and never greets, and a receiving thread that waits for the greeting cannot be stopped before
   * its time-out (60 s by default): so it gets a short one for this attempt alone.
   */
  static Found test(String channel, Work work)
      throws LinkException, DeposedException, RefusedException, InterruptedException {
    if (!work.channel(channel).sqlRunning()) {
      throw new RefusedException(
          "its SQL thread is stopped: restarting the other one would delete the relay log");
    }
    String usual = work.value("SELECT @@GLOBAL.slave_net_timeout").orElse("60");
    work.change("SET GLOBAL slave_net_timeout=1");
    work.change(Receiving.QUICK_STOP);
    boolean reached;
    try {
      kick(channel, work);
      reached = attempt(channel, work);
    } finally {
      work.change("SET GLOBAL slave_net_timeout=" + usual);
    }
    if (reached) {
      // Back to the usual time-out; who looks meanwhile must not see it unconnected for long.
      kick(channel, work);
      awaitConnected(channel, work);
    } else {
      // Its next attempt would have the usual time-out, and a failover could not stop it.
      work.change("STOP SLAVE" + Step.channel(channel) + " IO_THREAD");
    }
    return new Found(reached);
  }

  /** Whether the attempt that has just begun connects; the thread is not helped along. */
  private static boolean attempt(String channel, Work work)
      throws LinkException, RefusedException, InterruptedException {
    while (true) {
      Channel now = work.channel(channel);
      if (now.io() == ThreadState.YES) {
        return true;
      }
      if (now.io() == ThreadState.NO || now.ioProblem().present() || !work.pause(POLL)) {
        return false;
      }
    }
  }

  private static void kick(String channel, Work work) throws LinkException, DeposedException {
    String name = Step.channel(channel);
    work.change("STOP SLAVE" + name + " IO_THREAD");
    work.change("START SLAVE" + name + " IO_THREAD");
  }

  /** Instead of waiting for the retry grid, restarts the IO thread. */
  private static Found awaitConnected(String channel, Work work)
      throws LinkException, DeposedException, RefusedException, InterruptedException {
    Duration patience = KICK_MIN;
    Deadline kick = Deadline.after(patience);
    while (true) {
      Channel now = work.channel(channel);
      boolean ahead = now.ioProblem().number() == NOT_IN_SOURCES_LOG;
      boolean fatal = now.io() == ThreadState.NO && !(ahead && now.sqlRunning());
      if (now.io() == ThreadState.YES || fatal) {
        return new Found(!fatal);
      }
      if (now.ioProblem().present() && now.sqlRunning() && kick.passed()) {
        kick(channel, work);
        patience =
            patience.multipliedBy(2).compareTo(KICK_MAX) < 0 ? patience.multipliedBy(2) : KICK_MAX;
        kick = Deadline.after(patience);
      }
      // A revocation must not wait for a reconnection that does not come.
      if (work.wanted() || !work.pause(POLL)) {
        return new Found(false);
      }
    }
  }
}
