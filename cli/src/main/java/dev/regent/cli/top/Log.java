package dev.regent.cli.top;

import java.util.List;

/**
 * Finds what is new in a daemon's list of its last events. A stream of them would be cut off
 * whenever a slow terminal does not keep up with it; a list is whole.
 */
final class Log {
  private String last = "";

  /**
   * What came after what is known.
   *
   * @param whole whether everything that was told before is void: another daemon, or too long ago
   */
  record News(boolean whole, List<String> lines) {
    News {
      lines = List.copyOf(lines);
    }
  }

  /** Whether this list, the oldest first, is long enough to reach back to what is known. */
  boolean reaches(List<String> lines) {
    return last.isEmpty() ? lines.isEmpty() : lines.contains(last);
  }

  News take(List<String> lines) {
    int known = last.isEmpty() ? -1 : lines.lastIndexOf(last);
    boolean whole = known < 0;
    last = lines.isEmpty() ? "" : lines.getLast();
    return new News(whole, lines.subList(known + 1, lines.size()));
  }
}
