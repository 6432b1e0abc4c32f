package dev.regent.sim.steps;

import dev.regent.core.plan.Promoting.SetSemiSyncPrimary;
import dev.regent.sim.mariadb.Facts;
import dev.regent.sim.mariadb.Statement;

/** The semi-sync settings that can do harm. */
final class SemiSync {
  private SemiSync() {}

  static Act<Integer> waiting() {
    return Work.read(f -> f.waitingStatements().size());
  }

  /** Switching off tells every waiting client OK, for rows that no replica has (physics 4.3). */
  static Act<Boolean> primaryOff() {
    return waiting()
        .then(waiting ->
            waiting > 0
                ? Act.refused(
                    waiting
                        + " commits wait for an acknowledgement: switching semi-sync off would"
                        + " confirm them although no replica has them")
                : Work.change(SetSemiSyncPrimary.OFF));
  }

  /** A restart makes a server forget it. */
  static Act<Boolean> demandPrimaryOn() {
    return Work.read(Facts::semiSyncPrimary)
        .then(on ->
            on
                ? Act.value(true)
                : Act.refused("it restarted: its commits would wait for no acknowledgement"));
  }

  /** Ends all foreign connections if commits wait now: those that wait come last. */
  static Act<Boolean> endWaiting() {
    return waiting().then(waiting -> waiting == 0 ? Act.value(true) : end(false).then(end(true)));
  }

  private static Act<Boolean> end(boolean waiting) {
    return Work.change(
        new Statement.KillAll(s -> Office.foreign(s) && s.waitsForAcknowledgement() == waiting));
  }
}
