package dev.regent.sim.kernel;

import java.util.PriorityQueue;

/**
 * The one event queue: what happens, in the order of (virtual time, the order in which it was asked
 * for). Nothing in the world runs but what it calls, so a run is a function of its seed.
 */
public final class Kernel {
  public static final long MICROSECOND = 1_000L;
  public static final long MILLISECOND = 1_000_000L;
  public static final long SECOND = 1_000_000_000L;

  /** A second of the world needs a few thousand; more at one moment means that it stands still. */
  private static final int EVENTS_AT_ONE_MOMENT_MAX = 1_000_000;

  private final PriorityQueue<Alarm> queue = new PriorityQueue<>();
  private final Trace trace;
  private long now;
  private long dealt;
  private long events;
  private int atThisMoment;

  public Kernel(Trace trace) {
    this.trace = trace;
  }

  /** Nanoseconds since the world began. */
  public long now() {
    return now;
  }

  /** How many events have happened. */
  public long events() {
    return events;
  }

  public Trace trace() {
    return trace;
  }

  /** At this time, or at once if it has passed; after all that was asked for this time before. */
  public Alarm at(long nanos, Runnable act) {
    dealt++;
    Alarm timer = new Alarm(Math.max(nanos, now), dealt, act);
    queue.add(timer);
    return timer;
  }

  public Alarm after(long nanos, Runnable act) {
    return at(now + nanos, act);
  }

  /** Lets the next event happen; false if there is none until then, and time has moved there. */
  public boolean next(long until) {
    while (true) {
      Alarm first = queue.peek();
      if (first == null || first.at() > until) {
        now = until;
        return false;
      }
      queue.remove();
      if (first.isPending()) {
        happen(first);
        return true;
      }
    }
  }

  private void happen(Alarm timer) {
    atThisMoment = timer.at() == now ? atThisMoment + 1 : 0;
    if (atThisMoment > EVENTS_AT_ONE_MOMENT_MAX) {
      throw new IllegalStateException("time stands still at " + now + " ns");
    }
    now = timer.at();
    events++;
    trace.mix(now);
    timer.fire();
  }
}
