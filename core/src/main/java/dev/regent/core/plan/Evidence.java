package dev.regent.core.plan;

import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.GtidState;
import dev.regent.core.model.ServerId;
import java.util.List;

/** What a finished step found on its server; later steps and the audit trail use it. */
public sealed interface Evidence {

  /** Nothing but success. */
  record Nothing() implements Evidence {}

  /**
   * Where a server stands, read after its receiving thread was stopped.
   *
   * @param received everything it holds, applied or in its relay log
   * @param applied everything it has executed
   * @param receivedKnown false after a restart: its relay log may hold more than {@code received}
   * @param applying the SQL thread runs
   * @param receiving the IO thread is not stopped
   */
  record Standing(
      ServerId server,
      GtidPosition received,
      GtidPosition applied,
      GtidState binlogState,
      boolean receivedKnown,
      boolean applying,
      boolean receiving)
      implements Evidence {

    /** The same server, which is known to hold at least this. */
    public Standing holding(GtidPosition known) {
      return new Standing(
          server, received.merge(known), applied, binlogState, receivedKnown, applying, receiving);
    }
  }

  /**
   * A relay log that cannot be applied, since transactions before it are missing.
   *
   * @param from what the server executed
   * @param holds everything the server holds, executed or in that log
   * @param why what does not join, in words
   */
  record Unappliable(GtidPosition from, GtidPosition holds, String why) implements Evidence {}

  /** A position read at a defined moment, e.g. under the freeze. */
  record Position(GtidPosition position, GtidState state) implements Evidence {}

  /** Whether the thing looked for was there. */
  record Found(boolean found) implements Evidence {}

  /** The newest reign that a server's own reign table names; epoch 0 if it names none. */
  record LastReign(long epoch, String primary) implements Evidence {}

  /** Reasons not to go on, each one sentence; empty if there are none. */
  record Objections(List<String> reasons) implements Evidence {
    public Objections {
      reasons = List.copyOf(reasons);
    }
  }

  /** A file that was written, and how many transactions it holds. */
  record Saved(String file, long transactions) implements Evidence {}
}
