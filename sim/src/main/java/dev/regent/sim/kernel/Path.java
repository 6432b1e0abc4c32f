package dev.regent.sim.kernel;

import java.util.ArrayList;
import java.util.List;

/** The way from one host to another, one direction. */
final class Path {
  /** What it does with packets. */
  enum Mode {
    OPEN,
    /** Swallows them: a firewall that drops, a cable that is out. */
    DROPPING,
    /** Answers each with a reset: a firewall that rejects. */
    REJECTING
  }

  /** TCP's least wait before it sends again. */
  private static final long RETRANSMISSION = 200 * Kernel.MILLISECOND;

  private static final int RETRANSMISSIONS_MAX = 6;

  private final Dice dice;
  private final List<Connection.Stream> stalled = new ArrayList<>();
  private Mode mode = Mode.OPEN;
  private long latency;
  private double loss;
  private long cutSince;

  Path(Dice dice, long latency) {
    this.dice = dice;
    this.latency = latency;
  }

  Mode mode() {
    return mode;
  }

  void quality(long newLatency, double newLoss) {
    latency = newLatency;
    loss = newLoss;
  }

  void cut(Mode how, long now) {
    if (mode == Mode.OPEN) {
      cutSince = now;
    }
    mode = how;
  }

  void heal() {
    mode = Mode.OPEN;
  }

  /** Those who wait here; they go on when their next retransmission is due. */
  List<Connection.Stream> release() {
    List<Connection.Stream> waiting = List.copyOf(stalled);
    stalled.clear();
    return waiting;
  }

  /** TCP doubles its wait: the longer the cut, the longer until the next try. */
  long untilRetry(long now) {
    long cut = Math.max(RETRANSMISSION, Math.min(now - cutSince, 4 * Kernel.SECOND));
    return dice.between(Kernel.MILLISECOND, cut / 2);
  }

  void stall(Connection.Stream stream) {
    if (!stalled.contains(stream)) {
      stalled.add(stream);
    }
  }

  long delay() {
    long delay = dice.tailed(latency, latency);
    if (loss > 0) {
      long wait = RETRANSMISSION;
      for (int i = 0; i < RETRANSMISSIONS_MAX && dice.chance(loss); i++) {
        delay += wait;
        wait *= 2;
      }
    }
    return delay;
  }
}
