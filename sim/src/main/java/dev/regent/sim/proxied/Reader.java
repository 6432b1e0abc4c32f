package dev.regent.sim.proxied;

import dev.regent.sim.kernel.Dice;
import dev.regent.sim.kernel.Kernel;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client reads, and what it has to find (DESIGN 11): on a listener with causal reads {@code
 * session} every row that was acknowledged in this session, with {@code global} every row that was
 * acknowledged in any session of this proxy's life before the read was asked for.
 *
 * <p><b>When a row may be missing.</b> Only if it is lost: the server that was read was the primary
 * when the read left, or has the row's transaction behind it and went on without it, since it
 * follows another history than the one in which the row was written. No position could tell that.
 * Whether such a loss is allowed is another promise: the profile's.
 */
final class Reader {
  private static final double AT_ONCE = 0.5;
  private static final double WITHIN_TRANSACTION = 0.25;
  private static final double THE_LAST = 0.6;

  /** A replica that applies at once has it by then. */
  private static final long SOON = 2 * Kernel.MILLISECOND;

  private static final int REMEMBERED = 50;

  private final Way way;
  private final Dice dice;
  private List<Long> known = new ArrayList<>();
  private boolean next;
  private boolean demands;
  private boolean lost;

  Reader(Way way, Dice dice) {
    this.way = way;
    this.dice = dice;
  }

  Way way() {
    return way;
  }

  /**
   * A new session begins.
   *
   * @param shared what was acknowledged in all sessions of the proxy that it comes to
   */
  void begins(List<Long> shared) {
    known = way == Way.GLOBAL ? shared : new ArrayList<>();
    next = false;
  }

  /** The client was told that its row is there. */
  void acknowledged(long row) {
    known.add(row);
    if (known.size() > REMEMBERED) {
      known.removeFirst();
    }
    next = way.splits() && dice.chance(AT_ONCE);
  }

  /** How long the client rests. */
  long rest(long usual) {
    return next ? dice.below(SOON) : usual;
  }

  /** Whether it reads again what it has just written. */
  boolean readsNow() {
    boolean now = next && !known.isEmpty();
    next = false;
    return now;
  }

  /**
   * Statements that read one row.
   *
   * @param usual what is read if it knows of no row that has to be there
   */
  List<String> plan(long usual) {
    demands = way == Way.PRIMARY || !known.isEmpty();
    lost = false;
    if (!way.splits()) {
      return List.of(select(usual));
    }
    if (known.isEmpty()) {
      return List.of(select(usual));
    }
    String read = select(dice.chance(THE_LAST) ? known.getLast() : dice.pick(known));
    return dice.chance(WITHIN_TRANSACTION)
        ? List.of(Ledger.READ_ONLY_TRANSACTION, read, read, "COMMIT")
        : List.of(read);
  }

  private static String select(long row) {
    return "SELECT v FROM t WHERE v=" + row;
  }

  /** A server did not find the row, and it is no reader's fault. */
  void isLost() {
    lost = true;
  }

  /** Whether the row that was asked for last must be found if it is kept. */
  boolean mustFind() {
    return demands && (way == Way.PRIMARY || way == Way.SESSION || way == Way.GLOBAL);
  }

  /** Whether it was read too early where it is missing. */
  boolean isBehind() {
    return mustFind() && way.splits() && !lost;
  }
}
