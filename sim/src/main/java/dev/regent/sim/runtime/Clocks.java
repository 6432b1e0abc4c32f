package dev.regent.sim.runtime;

import dev.regent.core.model.Moment;
import dev.regent.sim.kernel.Kernel;

/**
 * The two clocks of a manager's host. The monotonic one may be a little fast or slow, the other one
 * may be wrong by any amount, and be set at any time.
 */
public final class Clocks {
  /** Some day in 2027. */
  private static final long EPOCH_MILLIS = 1_800_000_000_000L;

  private final Kernel kernel;
  private final long monotonicBase;
  private double rate = 1;
  private double wallRate = 1;
  private long wallOffset;
  private long since;
  private long monotonicThen;
  private long wallThen = EPOCH_MILLIS * Kernel.MILLISECOND;

  public Clocks(Kernel kernel, long monotonicBase) {
    this.kernel = kernel;
    this.monotonicBase = monotonicBase;
  }

  /** Faster or slower from now on; 1 is right. */
  public void drift(double monotonic, double wall) {
    monotonicThen = monotonic();
    wallThen = wall();
    since = kernel.now();
    rate = monotonic;
    wallRate = wall;
  }

  /** Somebody sets the wall clock, forward or back. */
  public void set(long byNanos) {
    wallOffset += byNanos;
  }

  private long monotonic() {
    return monotonicThen + (long) ((kernel.now() - since) * rate);
  }

  private long wall() {
    return wallThen + (long) ((kernel.now() - since) * wallRate);
  }

  public Moment now() {
    return new Moment(monotonicBase + monotonic(), millis());
  }

  public long millis() {
    return (wall() + wallOffset) / Kernel.MILLISECOND;
  }

  /** How long the world lasts while this clock counts so many nanoseconds. */
  long real(long nanos) {
    return rate == 1 ? nanos : (long) (nanos / rate);
  }
}
