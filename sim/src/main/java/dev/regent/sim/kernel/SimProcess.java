package dev.regent.sim.kernel;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * One process on one host: it runs, is stopped in its tracks, or is gone. What reaches it while it
 * is stopped waits, and comes in order when it goes on; what was meant for an earlier life is
 * dropped.
 */
public final class SimProcess {
  /** What a process is doing. */
  public enum Life {
    GONE,
    RUNNING,
    FROZEN
  }

  private final Kernel kernel;
  private final Host host;
  private final Deque<Runnable> held = new ArrayDeque<>();
  private final List<Connection.End> ends = new ArrayList<>();
  private Life life = Life.GONE;
  private int lives;

  public SimProcess(Kernel kernel, Host host) {
    this.kernel = kernel;
    this.host = host;
  }

  public Host host() {
    return host;
  }

  public Life life() {
    return life;
  }

  public boolean running() {
    return life == Life.RUNNING;
  }

  /** Begins a new life. */
  public void start() {
    lives++;
    life = Life.RUNNING;
  }

  public void freeze() {
    if (life == Life.RUNNING) {
      life = Life.FROZEN;
    }
  }

  public void thaw() {
    if (life != Life.FROZEN) {
      return;
    }
    life = Life.RUNNING;
    while (running() && !held.isEmpty()) {
      held.poll().run();
    }
  }

  /** Ends it at once. Its host's kernel says goodbye on all of its connections. */
  public void kill() {
    end(true);
  }

  /** Its host is gone with it: nobody says goodbye. */
  public void vanish() {
    end(false);
  }

  private void end(boolean farewell) {
    life = Life.GONE;
    held.clear();
    List<Connection.End> open = List.copyOf(ends);
    ends.clear();
    open.forEach(e -> e.died(farewell));
  }

  /** Does it now, or when it goes on, or never. */
  public void run(Runnable act) {
    switch (life) {
      case RUNNING -> act.run();
      case FROZEN -> held.add(act);
      case GONE -> {}
    }
  }

  /** Does it later, in this life. */
  public Alarm after(long nanos, Runnable act) {
    int life = lives;
    return kernel.after(nanos, () -> inLife(life, act));
  }

  private void inLife(int life, Runnable act) {
    if (life == lives) {
      run(act);
    }
  }

  void opened(Connection.End end) {
    ends.add(end);
  }

  void closed(Connection.End end) {
    ends.remove(end);
  }
}
