package dev.regent.sim.proxied;

import dev.regent.core.model.Gtid;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.sim.load.Writes.Answer;
import java.util.BitSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Every row that was written through the proxy, and what must be true of it (DESIGN 11):
 *
 * <ul>
 *   <li>a statement leaves only for the primary of an open table, the newest that its session
 *       knows;
 *   <li>it leaves once, unless the attempt before it was refused with 1290, or was certainly rolled
 *       back, being part of a transaction whose commit was never sent;
 *   <li>or, where a listener splits, to a replica of that table, if it is a read;
 *   <li>what a client was told is true: who heard OK has its row somewhere, and who heard that a
 *       statement was not executed, or was rolled back, has none.
 * </ul>
 */
public final class Ledger {
  static final String READ_ONLY_TRANSACTION = "START TRANSACTION READ ONLY";

  private static final int READ_ONLY = 1290;
  private static final int LATE = 1644;
  private static final int NO_VALUE = 1231;
  private static final Pattern INSERT = Pattern.compile("INSERT INTO t VALUES \\((\\d+), \\d+\\)");

  private final Judge judge;
  private final SortedMap<Long, Row> rows = new TreeMap<>();
  private final Consumer<Happening> watcher;

  /** What a run may come across; a run in which nothing does shows nothing. */
  public enum Happening {
    ACKNOWLEDGED,
    READ,
    /** A statement that only reads was sent to a replica. */
    READ_AT_REPLICA,
    /** A replica had what a causal read waits for. */
    CAUGHT_UP,
    /** A replica did not have it in time. */
    TOO_LATE,
    /** Who does not ask for causal reads did not find what it had written. */
    READ_TOO_EARLY,
    /** A server that was to have the role was linked to, and takes no writes. */
    FOUND_CLOSED,
    /** A statement that the server refused, being read-only, was sent again. */
    REPEATED,
    /** A session has its settings on another link. */
    RESTORED,
    /** A session's statement was prepared on another link than the one before. */
    PREPARED_AGAIN,
    /** A session took the link that another one had left. */
    TAKEN_OVER,
    /** A link to a server that lost its role was cut. */
    CUT,
    TOLD_ROLLED_BACK,
    TOLD_UNKNOWN,
    TOLD_HOLD_OVER,
    /** A client had no answer in time, or lost the proxy. */
    LEFT
  }

  /** One row's way. */
  private static final class Row {
    private int sends;
    private boolean refused;
    private boolean inTransaction;
    private boolean commitSent;
    private Optional<ServerId> committedBy = Optional.empty();
    private Optional<Gtid> gtid = Optional.empty();
    private Optional<Answer> told = Optional.empty();

    private boolean saysNot() {
      return told.filter(t -> t == Answer.FAIL).isPresent();
    }
  }

  Ledger(Judge judge, Consumer<Happening> watcher) {
    this.judge = judge;
    this.watcher = watcher;
  }

  /** The row that a statement writes; 0 if it writes none. */
  static long row(String sql) {
    Matcher insert = INSERT.matcher(sql);
    return insert.matches() ? Long.parseLong(insert.group(1)) : 0;
  }

  /** The proxy's own statements follow a link, not a table. */
  static boolean isErrand(String sql) {
    return sql.startsWith("SET session_track") || sql.startsWith("SET @@session.") || isWait(sql);
  }

  private static boolean isWait(String sql) {
    return sql.startsWith("BEGIN NOT ATOMIC");
  }

  private static boolean isRead(String sql) {
    return sql.startsWith("SELECT ") || sql.equals(READ_ONLY_TRANSACTION);
  }

  void saw(Happening happening) {
    watcher.accept(happening);
  }

  private Row row(long number) {
    return rows.computeIfAbsent(number, n -> new Row());
  }

  // --- on its way

  /**
   * The proxy sends a statement.
   *
   * @param written the row of the transaction that it is part of; 0 if none
   */
  void leaves(String sql, boolean inTransaction, long written) {
    long number = row(sql);
    if (number != 0) {
      insertLeaves(number, inTransaction);
    } else if (sql.equals("COMMIT") && written != 0) {
      commitLeaves(written);
    }
  }

  private void insertLeaves(long number, boolean inTransaction) {
    Row row = row(number);
    if (row.sends > 0) {
      boolean rolledBack = row.inTransaction && !row.commitSent;
      if (!row.refused && !rolledBack) {
        judge.broken(
            "an unknown write is not repeated",
            "row " + number + " is sent again, and nobody knows what became of it");
      }
      saw(Happening.REPEATED);
    }
    row.sends++;
    row.refused = false;
    row.inTransaction = inTransaction;
  }

  private void commitLeaves(long number) {
    Row row = row(number);
    if (row.commitSent && !row.refused) {
      judge.broken(
          "an unknown write is not repeated",
          "the commit of row " + number + " is sent again, and nobody knows what became of it");
    }
    row.commitSent = true;
    row.refused = false;
  }

  /**
   * It reaches the server's process.
   *
   * @param table under which it left
   * @param splits whether its session may read at replicas
   * @param reading whether it is part of a transaction that began as a read at a replica
   * @return whether it is a read at a replica
   */
  boolean arrives(
      String sql, ServerId server, RoutingTable table, boolean splits, boolean reading) {
    boolean primary = table.primary().filter(server::equals).isPresent();
    if (isErrand(sql) || (primary && !table.writesHeld() && !reading)) {
      return false;
    }
    boolean ends = sql.equals("COMMIT") || sql.equals("ROLLBACK");
    if (reading && (isRead(sql) || ends)) {
      return true;
    }
    boolean replica = splits && !primary && table.replicas().contains(server);
    if (replica && isRead(sql)) {
      saw(Happening.READ_AT_REPLICA);
      return true;
    }
    judge.broken(
        replica ? "a replica is only read" : "no statement of an older epoch",
        "'" + sql + "' reached " + server + ", having left under " + table);
    return false;
  }

  /** Its answer has reached the proxy. */
  void answered(String sql, int code, long written) {
    if (isWait(sql) && code == 0) {
      saw(Happening.CAUGHT_UP);
    } else if (code == LATE) {
      saw(Happening.TOO_LATE);
    } else if (code == NO_VALUE) {
      saw(Happening.FOUND_CLOSED);
    }
    long number = sql.equals("COMMIT") ? written : row(sql);
    if (number != 0) {
      row(number).refused = code == READ_ONLY;
    }
  }

  /** It is in a server's tables. */
  void commits(long number, Gtid gtid, ServerId server) {
    Row row = row(number);
    if (row.committedBy.isPresent()) {
      judge.broken(
          "an unknown write is not repeated",
          "row " + number + " was executed by " + row.committedBy.get() + " and by " + server);
    }
    row.committedBy = Optional.of(server);
    row.gtid = Optional.of(gtid);
    check(number, row);
  }

  // --- told

  void told(long number, Answer answer) {
    Row row = row(number);
    row.told = Optional.of(answer);
    if (answer == Answer.OK) {
      saw(Happening.ACKNOWLEDGED);
      if (row.committedBy.isEmpty()) {
        judge.broken("told truly", "row " + number + " was acknowledged, and no server has it");
      }
    }
    check(number, row);
  }

  private void check(long number, Row row) {
    if (row.saysNot() && row.committedBy.isPresent()) {
      judge.broken(
          "told truly",
          "row "
              + number
              + " was told not to be executed, and "
              + row.committedBy.get()
              + " has executed it");
    }
  }

  /** Who executed a row. */
  Optional<ServerId> committedBy(long number) {
    return row(number).committedBy;
  }

  /** Whether somebody who has come so far has passed the row's place in the log. */
  boolean isBehind(long number, GtidPosition position) {
    return row(number).gtid.filter(g -> position.sequence(g.domain()) >= g.sequence()).isPresent();
  }

  /** Rows whose clients were told that they are not there. */
  public BitSet failed() {
    BitSet failed = new BitSet();
    rows.forEach((number, row) -> failed.set(number.intValue(), row.saysNot()));
    return failed;
  }
}
