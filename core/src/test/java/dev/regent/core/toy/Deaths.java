package dev.regent.core.toy;

/**
 * When the manager dies, and how it comes back. Every act that changes something outside of the
 * manager is counted: an append to the store, a step sent, its outcome come in (before and after
 * the controller learns of it), a table published.
 */
public final class Deaths {
  private static final long BACK_AFTER_MILLIS = 200;

  private int acts;
  private int fatalAct;
  private boolean lastStepsLand;
  private long diedMillis = Long.MAX_VALUE;

  /** Acts so far. */
  public int acts() {
    return acts;
  }

  /**
   * The manager dies at this act, counted from now, and comes back soon after.
   *
   * @param stepsLand whether the steps in flight take effect although nobody hears of it
   */
  public void at(int act, boolean stepsLand) {
    fatalAct = acts + act;
    lastStepsLand = stepsLand;
  }

  boolean here(long nowMillis) {
    acts++;
    if (acts == fatalAct) {
      diedMillis = nowMillis;
      return true;
    }
    return false;
  }

  boolean lastStepsLand() {
    return lastStepsLand;
  }

  boolean restartDue(long nowMillis) {
    return diedMillis != Long.MAX_VALUE && nowMillis >= diedMillis + BACK_AFTER_MILLIS;
  }

  void back() {
    diedMillis = Long.MAX_VALUE;
  }
}
