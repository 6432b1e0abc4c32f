package dev.regent.sim.kernel;

import org.jspecify.annotations.Nullable;

/** Something that will happen, unless it is called off before. */
public final class Alarm implements Comparable<Alarm> {
  private static final Runnable NOTHING = () -> {};

  private final long at;
  private final long sequence;
  private @Nullable Runnable act;

  Alarm(long at, long sequence, Runnable act) {
    this.at = at;
    this.sequence = sequence;
    this.act = act;
  }

  /** A timer that has fired already, to begin with. */
  public static Alarm past() {
    Alarm timer = new Alarm(0, 0, NOTHING);
    timer.cancel();
    return timer;
  }

  long at() {
    return at;
  }

  public boolean isPending() {
    return act != null;
  }

  public void cancel() {
    act = null;
  }

  void fire() {
    Runnable now = act;
    act = null;
    if (now != null) {
      now.run();
    }
  }

  @Override
  public int compareTo(Alarm other) {
    int byTime = Long.compare(at, other.at);
    return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(sequence);
  }
}
