package dev.regent.lab.check;

/**
 * One look at whether a server takes writes. What it answered was so at some moment between the two
 * times, by {@link System#nanoTime}; a frozen server answers late.
 */
public record Glimpse(String server, long askedNanos, long answeredNanos, Access access) {

  /** What was seen. */
  public enum Access {
    OPEN,
    CLOSED,
    /** It did not answer. */
    SILENT
  }

  boolean open() {
    return access == Access.OPEN;
  }
}
