package dev.regent.sim.steps;

import dev.regent.core.analyze.Receipt;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.plan.Promoting.SetSemiSyncPrimary;
import dev.regent.sim.mariadb.Facts;
import dev.regent.sim.mariadb.Link;
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

  /** Says in a member's name what it has received, if this server's log says the same. */
  static Act<Boolean> passOn(Receipt receipt) {
    return Work.read(f -> f.loggedUpTo(receipt.log(), receipt.position()))
        .then(logged ->
            logged.filter(receipt::proves).isPresent()
                ? Work.aside().then(aside -> acknowledge(aside, receipt))
                : Act.refused(
                    "its log holds "
                        + logged.map(GtidPosition::toString).orElse("nothing that it knows of")
                        + " up to "
                        + receipt.place()
                        + ", "
                        + receipt.member()
                        + " has "
                        + receipt.received()));
  }

  private static Act<Boolean> acknowledge(Link aside, Receipt receipt) {
    Statement there = new Statement.AcknowledgeLog(receipt.log(), receipt.position());
    return Act.<Boolean>of(work -> Work.changeOn(aside, there, work.deadline()))
        .lastly(
            Act.of(work -> {
              aside.cut();
              return Act.value(true);
            }));
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
