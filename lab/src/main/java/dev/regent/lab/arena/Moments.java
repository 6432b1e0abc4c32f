package dev.regent.lab.arena;

import java.time.Instant;

/** One moment on both clocks. */
public record Moments(double millis, long nanos) {
  public static Moments now() {
    long nanos = System.nanoTime();
    Instant wall = Instant.now();
    return new Moments(wall.getEpochSecond() * 1e3 + wall.getNano() / 1e6, nanos);
  }

  /** A moment of this process's past, by {@link System#nanoTime}. */
  public static Moments at(long nanos) {
    Moments now = now();
    return new Moments(now.millis() - (now.nanos() - nanos) / 1e6, nanos);
  }
}
