package dev.regent.server.steps;

import dev.regent.core.model.GtidPosition;
import dev.regent.core.plan.Evidence;
import dev.regent.core.plan.Evidence.Found;
import dev.regent.core.plan.Evidence.LastReign;
import dev.regent.core.plan.Evidence.Nothing;
import dev.regent.core.plan.Promoting.LookForReign;
import dev.regent.core.plan.Promoting.ReadLastReign;
import dev.regent.core.plan.Promoting.WriteReign;
import dev.regent.server.connect.LinkException;
import dev.regent.server.connect.Quoted;
import dev.regent.server.office.DeposedException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The reign row: the one thing that the manager writes into the binary log. Only what is missing is
 * written, since in profile safe every statement waits for an acknowledgement.
 */
final class Reigns {
  private static final int DUPLICATE = 1062;
  private static final int NO_DATABASE = 1049;
  private static final int NO_TABLE = 1146;

  private Reigns() {}

  /** {@code table}: the table exists; {@code server}: the row's, if there is one. */
  private record Row(boolean table, Optional<String> server) {}

  static Evidence write(WriteReign step, Work work)
      throws LinkException, DeposedException, RefusedException {
    Row row = read(step.cluster(), step.reign().epoch(), work);
    if (row.server().isPresent()) {
      return same(step, row);
    }
    if (step.acknowledged()) {
      SemiSync.demandPrimaryOn(work);
    }
    demandAll(step.reign().before(), work);
    work.logged(true);
    try {
      for (String sql : step.sql()) {
        if (!(sql.startsWith("CREATE") && row.table())) {
          work.change(sql);
        }
      }
      return new Nothing();
    } catch (LinkException e) {
      if (e.code() == DUPLICATE) {
        return same(step, read(step.cluster(), step.reign().epoch(), work));
      }
      if (e.answered()) {
        // The table may have been made; the row, which is what counts, was not written.
        throw new RefusedException(String.valueOf(e.getMessage()));
      }
      throw e;
    } finally {
      work.logged(false);
    }
  }

  /** What it was chosen for must still be there. */
  private static void demandAll(GtidPosition before, Work work)
      throws LinkException, RefusedException {
    GtidPosition own = position("@@global.gtid_binlog_pos", work);
    GtidPosition held = own.merge(position("@@global.gtid_slave_pos", work));
    if (!held.covers(before)) {
      throw new RefusedException("it restarted, and has " + held + " instead of " + before);
    }
  }

  private static GtidPosition position(String variable, Work work) throws LinkException {
    return GtidPosition.parse(work.value("SELECT " + variable).orElse(""));
  }

  private static Evidence same(WriteReign step, Row row) throws RefusedException {
    String other = row.server().orElse("nobody");
    if (!other.equals(step.reign().primary().name())) {
      throw new RefusedException("epoch " + step.reign().epoch() + " belongs to " + other);
    }
    return new Nothing();
  }

  static Evidence look(LookForReign step, Work work) throws LinkException, LateException {
    long waiting = SemiSync.waiting(work);
    Row row = read(step.cluster(), step.epoch(), work);
    if (row.server().isEmpty() && waiting > 0) {
      throw new LateException("a commit waits for its acknowledgement, perhaps the reign row");
    }
    return new Found(row.server().equals(Optional.of(step.server().name())));
  }

  static Evidence last(ReadLastReign step, Work work) throws LinkException {
    try {
      return work.read(step.sql().getFirst(), Reigns::lastReign);
    } catch (LinkException e) {
      if (absent(e)) {
        return new LastReign(0, "");
      }
      throw e;
    }
  }

  private static LastReign lastReign(ResultSet rows) throws SQLException {
    return rows.next() ? new LastReign(rows.getLong(1), rows.getString(2)) : new LastReign(0, "");
  }

  private static boolean absent(LinkException e) {
    return e.code() == NO_DATABASE || e.code() == NO_TABLE;
  }

  private static Row read(String cluster, long epoch, Work work) throws LinkException {
    String sql =
        "SELECT server FROM regent.reign WHERE cluster="
            + Quoted.text(cluster)
            + " AND epoch="
            + epoch;
    try {
      return new Row(true, work.value(sql));
    } catch (LinkException e) {
      if (absent(e)) {
        return new Row(false, Optional.empty());
      }
      throw e;
    }
  }
}
