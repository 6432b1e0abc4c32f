package dev.regent.lab.demo;

import java.io.PrintStream;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Prints what happens as it happens, each line with the milliseconds since the last mark. */
final class Timeline {
  private static final Pattern SENTENCE =
      Pattern.compile("\"sentence\":\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final int WIDTH = 100;

  private final PrintStream out;
  private final boolean color;
  private volatile long mark = System.nanoTime();
  private volatile boolean quiet = true;

  Timeline(PrintStream out, boolean color) {
    this.out = out;
    this.color = color;
  }

  synchronized void chapter(String title) {
    out.println();
    out.println(color ? "\u001b[1m" + title + "\u001b[0m" : title);
    mark = System.nanoTime();
  }

  /** From now on milliseconds count from this moment. */
  void mark() {
    mark = System.nanoTime();
  }

  synchronized void say(String text) {
    out.println("  " + text);
  }

  /** Whether the daemon's own events are shown. */
  void listen(boolean on) {
    quiet = !on;
  }

  /** One event of the daemon, a JSON object. */
  void event(String json) {
    Matcher sentence = SENTENCE.matcher(json);
    if (!quiet && sentence.find()) {
      String text = sentence.group(1).replace("\\\"", "\"").replace("\\\\", "\\");
      text = text.replaceFirst("plan \\d{6,}", "plan");
      stamp(text.length() > WIDTH ? text.substring(0, WIDTH - 1) + "…" : text);
    }
  }

  synchronized void stamp(String text) {
    double millis = (System.nanoTime() - mark) / 1e6;
    String time = String.format(Locale.ROOT, "%+8.0f ms", millis);
    out.println("  " + (color ? "\u001b[36m" + time + "\u001b[0m" : time) + "  " + text);
  }
}
