package dev.regent.bench.measure;

import dev.regent.lab.measure.Sample;
import java.util.ArrayList;
import java.util.List;

/** Delays of one kind, kept while a round is under way. */
final class Stalls {
  /** A round is short; a thousand delays per second for a minute. */
  private static final int KEPT_MAX = 1_000_000;

  private final String name;

  /** All guarded by this. */
  private final List<Double> delays = new ArrayList<>();

  private final List<Double> worstOfRounds = new ArrayList<>();
  private boolean recording;
  private double worst;
  private long ticks;

  Stalls(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  synchronized void note(double millis) {
    ticks++;
    if (recording) {
      worst = Math.max(worst, millis);
      if (delays.size() < KEPT_MAX) {
        delays.add(millis);
      }
    }
    notifyAll();
  }

  synchronized void begin() {
    recording = true;
    worst = 0;
  }

  /** Waits for the delay under way, because the worst ones are still going on when a round ends. */
  synchronized void end(long limitMillis) throws InterruptedException {
    long awaited = ticks + 1;
    long deadline = System.nanoTime() + limitMillis * 1_000_000;
    while (ticks < awaited && System.nanoTime() - deadline < 0) {
      wait(10);
    }
    recording = false;
    worstOfRounds.add(worst);
  }

  synchronized Sample all() {
    return new Sample(delays);
  }

  synchronized Sample worst() {
    return new Sample(worstOfRounds);
  }
}
