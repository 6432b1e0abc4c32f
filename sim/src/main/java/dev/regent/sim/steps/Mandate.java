package dev.regent.sim.steps;

/** In whose name a manager acts; of two, the one with the higher (epoch, incarnation) is later. */
public final class Mandate {
  private final String manager;
  private final long incarnation;
  private long epoch;

  public Mandate(String manager, long incarnation, long epoch) {
    this.manager = manager;
    this.incarnation = incarnation;
    this.epoch = epoch;
  }

  public String manager() {
    return manager;
  }

  public long incarnation() {
    return incarnation;
  }

  public long epoch() {
    return epoch;
  }

  /** A reign began. Never goes back. */
  public void raise(long newer) {
    epoch = Math.max(epoch, newer);
  }
}
