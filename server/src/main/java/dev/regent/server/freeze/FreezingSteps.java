package dev.regent.server.freeze;

import dev.regent.core.model.GtidPosition;
import dev.regent.core.plan.Evidence;
import dev.regent.core.plan.Evidence.Found;
import dev.regent.core.plan.Freezing;
import dev.regent.server.connect.LinkException;
import dev.regent.server.office.DeposedException;
import dev.regent.server.steps.ReadOnly;
import dev.regent.server.steps.RefusedException;
import dev.regent.server.steps.SemiSync;
import dev.regent.server.steps.Work;

/** Steps on the old primary of a switchover. */
public final class FreezingSteps {
  private FreezingSteps() {}

  public static Evidence perform(Freezing step, Work work)
      throws LinkException, DeposedException, RefusedException, InterruptedException {
    return switch (step) {
      case Freezing.CheckPrimary s -> Objecting.check(s, work);
      case Freezing.Freeze s -> Freezer.freeze(s, work);
      case Freezing.CheckFrozen s -> checkFrozen(s, work);
      case Freezing.Unfreeze s -> unfreeze(s, work);
    };
  }

  private static Evidence unfreeze(Freezing.Unfreeze step, Work work)
      throws LinkException, DeposedException, RefusedException {
    if (ReadOnly.isClosed(work)) {
      GtidPosition now =
          GtidPosition.parse(work.value("SELECT @@global.gtid_binlog_pos").orElse(""));
      if (!now.covers(step.holding())) {
        throw new RefusedException(
            "it restarted, and its log ends at " + now + " instead of " + step.holding());
      }
      if (step.acknowledged()) {
        SemiSync.demandPrimaryOn(work);
      }
    }
    for (String sql : step.sql()) {
      if (sql.startsWith("SET")) {
        work.change(sql);
      }
    }
    return new Evidence.Nothing();
  }

  private static Evidence checkFrozen(Freezing.CheckFrozen step, Work work)
      throws LinkException, RefusedException {
    String readOnly = work.value("SELECT @@global.read_only").orElse("0");
    if (readOnly.equals("0") || readOnly.equalsIgnoreCase("OFF")) {
      throw new RefusedException("it takes writes again");
    }
    GtidPosition now = GtidPosition.parse(work.value("SELECT @@global.gtid_binlog_pos").orElse(""));
    if (!now.equals(step.position())) {
      throw new RefusedException("it moved on from " + step.position() + " to " + now);
    }
    return new Found(true);
  }
}
