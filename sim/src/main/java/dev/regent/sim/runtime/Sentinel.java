package dev.regent.sim.runtime;

import dev.regent.sim.kernel.Alarm;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.kernel.SimProcess;
import dev.regent.sim.mariadb.Account;
import dev.regent.sim.mariadb.Link;
import dev.regent.sim.mariadb.Reply;
import dev.regent.sim.mariadb.SimServer;
import org.jspecify.annotations.Nullable;

/**
 * Holds one idle connection: its end is the fastest sign of a crash (physics 1). A host that
 * vanished with its connections is noticed by TCP keep-alive.
 */
final class Sentinel {
  private static final long DIAL_MAX = 2 * Kernel.SECOND;
  private static final long PAUSE_MIN = 250 * Kernel.MILLISECOND;
  private static final long PAUSE_MAX = 30 * Kernel.SECOND;

  /** 15 s idle, then three tries 5 s apart. */
  private static final long KEEP_ALIVE = 15 * Kernel.SECOND;

  private final SimServer server;
  private final SimProcess manager;
  private final Runnable lost;
  private @Nullable Link held;
  private boolean dialing;
  private boolean resting;
  private long pause = PAUSE_MIN;
  private Alarm alive = Alarm.past();

  Sentinel(SimServer server, SimProcess manager, Runnable lost) {
    this.server = server;
    this.manager = manager;
    this.lost = lost;
  }

  /** The server answered a probe just now: a good moment to connect. */
  void serverAnswers() {
    if (held == null && !dialing && !resting) {
      dialing = true;
      Link.dial(manager, server, Account.MANAGER, DIAL_MAX, this::dialed);
    }
  }

  private void dialed(Reply<Link> reply) {
    dialing = false;
    if (reply instanceof Reply.Done<Link> d) {
      pause = PAUSE_MIN;
      held = d.value();
      d.value().onEnd(this::ended);
      alive = manager.after(KEEP_ALIVE, () -> keepAlive(d.value(), 0));
    } else {
      resting = true;
      manager.after(pause, () -> resting = false);
      pause = Math.min(2 * pause, PAUSE_MAX);
    }
  }

  private void keepAlive(Link link, int misses) {
    boolean answered =
        server.network().joined(manager.host(), server.process().host())
            && server.process().host().up();
    if (answered) {
      alive = manager.after(KEEP_ALIVE, () -> keepAlive(link, 0));
    } else if (misses < 2) {
      alive = manager.after(KEEP_ALIVE / 2, () -> keepAlive(link, misses + 1));
    } else {
      link.cut();
      ended();
    }
  }

  private void ended() {
    alive.cancel();
    held = null;
    lost.run();
  }
}
