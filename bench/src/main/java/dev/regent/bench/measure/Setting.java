package dev.regent.bench.measure;

import java.io.PrintStream;
import java.util.Locale;

/** How a benchmark is to be run, and where it tells its progress. */
public record Setting(int rounds, PrintStream out) {
  public Setting {
    if (rounds < 1) {
      throw new IllegalArgumentException("rounds is " + rounds);
    }
  }

  public void say(String format, Object... arguments) {
    out.printf(Locale.ROOT, format + "%n", arguments);
    out.flush();
  }
}
