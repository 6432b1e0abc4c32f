package dev.regent.bench.measure;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/**
 * How a benchmark is to be run, and where it tells its progress.
 *
 * @param seconds how long each run of a load lasts; 0: as long as the benchmark would by itself
 * @param threads how many clients a load has, one run after the other; empty: the benchmark's own
 */
public record Setting(int rounds, PrintStream out, int seconds, List<Integer> threads) {
  public Setting {
    if (rounds < 1 || seconds < 0) {
      throw new IllegalArgumentException("rounds is " + rounds + ", seconds is " + seconds);
    }
    threads = List.copyOf(threads);
  }

  public Setting(int rounds, PrintStream out) {
    this(rounds, out, 0, List.of());
  }

  public int secondsOr(int own) {
    return seconds == 0 ? own : seconds;
  }

  public List<Integer> threadsOr(List<Integer> own) {
    return threads.isEmpty() ? own : threads;
  }

  public void say(String format, Object... arguments) {
    out.printf(Locale.ROOT, format + "%n", arguments);
    out.flush();
  }
}
