package dev.regent.sim.load;

import dev.regent.core.model.ServerId;
import java.util.ArrayList;
import java.util.List;

/** What became of every write, as its client knows it. */
public final class Writes {
  /** What a client was told. */
  public enum Answer {
    OK,
    /** An error: it is not there. */
    FAIL,
    /** No answer: it may be there. */
    UNKNOWN
  }

  /**
   * One write that ended.
   *
   * @param epoch of the routing table that it followed
   */
  public record Write(
      long row, Answer answer, ServerId server, long epoch, long sentAt, long endedAt) {}

  private final List<Write> ended = new ArrayList<>();
  private final List<Write> acknowledged = new ArrayList<>();
  private long nextRow;
  private int failed;
  private int unknown;

  /** A number that no other row has. */
  public long newRow() {
    nextRow++;
    return nextRow;
  }

  public void add(Write write) {
    ended.add(write);
    switch (write.answer()) {
      case OK -> acknowledged.add(write);
      case FAIL -> failed++;
      case UNKNOWN -> unknown++;
    }
  }

  /** All that ended, in the order in which they did. */
  public List<Write> ended() {
    return ended;
  }

  public List<Write> acknowledged() {
    return acknowledged;
  }

  public int failed() {
    return failed;
  }

  public int unknown() {
    return unknown;
  }
}
