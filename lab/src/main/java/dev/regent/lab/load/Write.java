package dev.regent.lab.load;

/**
 * One attempt to write one row.
 *
 * @param id the row's key, used for this attempt only
 * @param startedNanos {@link System#nanoTime()} before the statement, or the connect it needed
 * @param endedNanos when the answer came, or when we gave up
 * @param server who was asked, {@code host:port}
 * @param error what was answered instead of OK, or to a client that read its row again, else empty
 */
public record Write(
    long id,
    int client,
    int seq,
    long startedNanos,
    long endedNanos,
    Outcome outcome,
    String server,
    String error) {

  Write withError(String value) {
    return new Write(id, client, seq, startedNanos, endedNanos, outcome, server, value);
  }

  /** What the client knows of its write afterwards. */
  public enum Outcome {
    /** Acknowledged: the row must never be missing from now on. */
    OK,
    /** Refused, or never sent: the row must not be there. */
    FAIL,
    /** Sent, and no answer that settles it: the row may be there or not. */
    UNKNOWN
  }
}
