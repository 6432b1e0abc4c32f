package dev.regent.sim.storage;

import dev.regent.core.model.Gtid;

/**
 * One transaction, as it stands in every log.
 *
 * @param row the unique number of the row it inserts or deletes; 0 if it does neither
 * @param epoch of a reign row; 0 otherwise
 * @param owner whom a reign row names; empty otherwise
 * @param atNanos when it was executed where it comes from
 */
public record Transaction(Gtid gtid, Kind kind, long row, long epoch, String owner, long atNanos) {
  /** What it does. */
  public enum Kind {
    WRITE,
    DELETE,
    /** A change of a table's definition, which cannot be undone. */
    DDL,
    /** Creates the table of reigns. */
    REIGN_TABLE,
    REIGN,
    /** FLUSH and the like: an entry in the log without an effect. */
    NOTHING
  }

  public static Transaction write(Gtid gtid, long row, long atNanos) {
    return new Transaction(gtid, Kind.WRITE, row, 0, "", atNanos);
  }

  public Transaction with(Gtid other) {
    return new Transaction(other, kind, row, epoch, owner, atNanos);
  }
}
