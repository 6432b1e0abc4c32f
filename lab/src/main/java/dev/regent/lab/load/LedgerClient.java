package dev.regent.lab.load;

import dev.regent.lab.load.Write.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * One client: writes row after row to whoever is the primary, one connection at a time, and notes
 * the outcome of each. It never tries a row twice: what the first answer said is what counts.
 */
final class LedgerClient implements Runnable {
  /** Hours at a thousand writes per second; then it ends by itself. */
  private static final int WRITES_MAX = 10_000_000;

  /** While there is no primary: what a blocked read of the feed would add, nearly nothing. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(1);

  private final int client;
  private final LedgerOptions options;
  private final Supplier<Optional<Endpoint>> primary;

  /** Guarded by itself; written by this client, read by the report. */
  private final List<Write> writes = new ArrayList<>();

  private volatile boolean stopping;

  /** Set by {@link #pause}; looked at by the client only while it holds its turn. */
  private volatile boolean paused;

  /**
   * Held by the client while it writes: who gets it after a pause knows that nothing is under way.
   */
  private final ReentrantLock turn = new ReentrantLock();

  /** The client's thread alone uses what follows. */
  private final Hand hand;

  private int seq;

  /**
   * @param primary whom to write to
   */
  LedgerClient(int client, LedgerOptions options, Supplier<Optional<Endpoint>> primary, Hand hand) {
    this.client = client;
    this.options = options;
    this.primary = primary;
    this.hand = hand;
  }

  void stop() {
    stopping = true;
  }

  /** Begins no other write until {@link #resume}; false if one was still under way at the limit. */
  boolean pause(Duration limit) {
    paused = true;
    try {
      boolean idle = turn.tryLock(Math.max(0, limit.toNanos()), TimeUnit.NANOSECONDS);
      if (idle) {
        turn.unlock();
      }
      return idle;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  void resume() {
    paused = false;
  }

  List<Write> writes() {
    synchronized (writes) {
      return List.copyOf(writes);
    }
  }

  /** Those after the first {@code known}. */
  List<Write> writesAfter(int known) {
    synchronized (writes) {
      return List.copyOf(writes.subList(known, writes.size()));
    }
  }

  @Override
  public void run() {
    long period = period();
    long next =
        System.nanoTime()
            + (period == 0 ? 0 : (client % options.clients()) * period / options.clients());
    while (!stopping && seq < WRITES_MAX) {
      pauseUntil(next);
      Optional<Write> write = takeTurn();
      if (write.isEmpty()) {
        pauseUntil(System.nanoTime() + LOOK_AGAIN.toNanos());
        continue;
      }
      if (write.get().outcome() != Outcome.OK) {
        pauseUntil(System.nanoTime() + hand.retryPause().toNanos());
      }
      // Time lost in a slow write is not made up for by a burst.
      next = Math.max(next + period, System.nanoTime());
    }
    hand.leave();
  }

  /** Empty while paused, or while there is no primary. */
  private Optional<Write> takeTurn() {
    turn.lock();
    try {
      Optional<Endpoint> endpoint = paused ? Optional.empty() : primary.get();
      Optional<Write> write = endpoint.map(this::write);
      synchronized (writes) {
        write.ifPresent(writes::add);
      }
      return write;
    } finally {
      turn.unlock();
    }
  }

  private long period() {
    double rate = options.ratePerSecond();
    return rate == 0 ? 0 : (long) (1e9 * options.clients() / rate);
  }

  private void pauseUntil(long moment) {
    long left = moment - System.nanoTime();
    while (left > 0 && !stopping) {
      LockSupport.parkNanos(left);
      left = moment - System.nanoTime();
    }
  }

  private Write write(Endpoint endpoint) {
    seq++;
    return hand.write(endpoint, ((long) client << 32) | seq, client, seq);
  }
}
