package dev.regent.server.freeze;

import dev.regent.core.plan.Evidence.Objections;
import dev.regent.core.plan.Freezing.CheckPrimary;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.LinkException;
import dev.regent.server.steps.SemiSync;
import dev.regent.server.steps.Sessions;
import dev.regent.server.steps.Work;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks for what would make a freeze hang or hurt. Sessions that merely are connected are no
 * reason, not even privileged ones: the freeze ends them.
 */
final class Objecting {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  /** Between two statements a busy session looks idle; hardly so many times in a row. */
  private static final int LOOKS = 8;

  private static final Duration HUNG = Duration.ofSeconds(1);

  /** {@code trx_started} has whole seconds, so the first of them may have lasted no time. */
  private static final String LONG_TRANSACTIONS =
      """
      SELECT p.ID, p.USER, TIMESTAMPDIFF(SECOND, t.trx_started, NOW())
      FROM information_schema.INNODB_TRX t
      JOIN information_schema.PROCESSLIST p ON p.ID = t.trx_mysql_thread_id
      WHERE TIMESTAMPDIFF(SECOND, t.trx_started, NOW()) > %d AND %s\
      """;

  private static final String LONG_STATEMENTS =
      """
      SELECT ID, USER, TIME FROM information_schema.PROCESSLIST
      WHERE COMMAND IN ('Query', 'Execute') AND TIME > %d
        AND INFO NOT LIKE 'SELECT%%' AND STATE NOT LIKE 'Waiting for semi-sync%%' AND %s\
      """;

  private Objecting() {}

  static Objections check(CheckPrimary step, Work work) throws LinkException, InterruptedException {
    long limit = step.longTransaction().toSeconds();
    String foreign = Sessions.foreign(work);
    List<String> reasons = new ArrayList<>();
    reasons.addAll(named(LONG_TRANSACTIONS, "has a transaction open", limit, foreign, work));
    reasons.addAll(named(LONG_STATEMENTS, "runs a statement", limit, foreign, work));
    int waiting = hungCommits(work).size();
    if (waiting > 0) {
      reasons.add(waiting + " commits wait for an acknowledgement");
    }
    reasons.addAll(lockedTables(foreign, work));
    return new Objections(reasons.stream().distinct().toList());
  }

  /** Under load some commit always waits; what counts is one that goes on waiting. */
  private static List<String> hungCommits(Work work) throws LinkException, InterruptedException {
    Deadline patience = Deadline.after(HUNG);
    List<String> hung = SemiSync.waitingStatements(work);
    while (!hung.isEmpty() && !patience.passed() && work.pause(BETWEEN_LOOKS)) {
      hung.retainAll(SemiSync.waitingStatements(work));
    }
    return hung;
  }

  private static List<String> named(String sql, String what, long limit, String foreign, Work work)
      throws LinkException {
    return work.read(sql.formatted(limit, foreign), rows -> sentences(what, rows));
  }

  private static List<String> sentences(String what, ResultSet rows) throws SQLException {
    List<String> sentences = new ArrayList<>();
    while (rows.next()) {
      sentences.add(
          "connection %s of %s %s for %s s"
              .formatted(rows.getString(1), rows.getString(2), what, rows.getString(3)));
    }
    return sentences;
  }

  /**
   * The server does not name the holders of LOCK TABLES. But a table in use while nobody runs a
   * statement is held by somebody idle. Under load this finds none; the freeze has its deadline.
   */
  private static List<String> lockedTables(String foreign, Work work)
      throws LinkException, InterruptedException {
    List<String> still = new ArrayList<>(tablesInUse(work));
    for (int look = 0; look < LOOKS && !still.isEmpty(); look++) {
      if (busy(foreign, work)) {
        return List.of();
      }
      work.pause(BETWEEN_LOOKS);
      still.retainAll(tablesInUse(work));
    }
    return still.stream().map(table -> "somebody holds a lock on table " + table).toList();
  }

  private static boolean busy(String foreign, Work work) throws LinkException {
    return Sessions.count("COMMAND IN ('Query', 'Execute') AND " + foreign, work) > 0;
  }

  private static List<String> tablesInUse(Work work) throws LinkException {
    return work.read(
        "SHOW OPEN TABLES WHERE In_use > 0",
        rows -> {
          List<String> tables = new ArrayList<>();
          while (rows.next()) {
            tables.add(rows.getString(1) + "." + rows.getString(2));
          }
          return tables;
        });
  }
}
