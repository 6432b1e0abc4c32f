package dev.regent.sim.steps;

import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.mariadb.Facts;
import dev.regent.sim.mariadb.Link;
import dev.regent.sim.mariadb.Sql;
import dev.regent.sim.mariadb.Statement;

/** Closes a server for writes without getting stuck behind other people's locks. */
final class ReadOnly {
  private static final int LOCK_TIMEOUT = 1205;
  private static final long RESERVE = 300 * Kernel.MILLISECOND;
  private static final long ATTEMPT = 300 * Kernel.MILLISECOND;

  private ReadOnly() {}

  static Act<Boolean> isClosed() {
    return Work.read(Facts::readOnly);
  }

  static Act<Boolean> close() {
    return Act.of(work -> attempt(work.before(work.deadline(), RESERVE), false));
  }

  /** Closes a server whose reign is over: commits that wait there are ended with their clients. */
  static Act<Boolean> closeDeposed() {
    return Act.<Boolean>of(work -> attempt(work.now() + ATTEMPT, true))
        .rescue(why ->
            why instanceof Trouble.Refused
                ? Act.of(work -> work.late() ? Act.trouble(why) : closeDeposed())
                : Act.trouble(why));
  }

  private static Act<Boolean> attempt(long sooner, boolean deposed) {
    return isClosed()
        .then(closed ->
            closed ? Act.value(true) : Work.aside().then(aside -> over(aside, sooner, deposed)));
  }

  private static Act<Boolean> over(Link aside, long sooner, boolean deposed) {
    Act<Boolean> before = deposed ? SemiSync.endWaiting() : Act.value(true);
    return Act.<Boolean>of(work -> Work.on(aside, limit(sooner - work.now()), work.deadline()))
        .then(before)
        .then(set(aside, sooner))
        .lastly(
            Act.of(work -> {
              aside.cut();
              return Act.value(true);
            }));
  }

  private static Statement limit(long nanos) {
    return new Statement.SetSession(
        "lock_wait_timeout", Long.toString(Math.max(1, nanos / Kernel.SECOND)));
  }

  private static Act<Boolean> set(Link aside, long sooner) {
    return Work.changeOn(aside, Sql.READ_ONLY, sooner)
        .rescue(why -> {
          if (!(why instanceof Trouble.Broken b) || (b.answered() && b.code() != LOCK_TIMEOUT)) {
            return Act.trouble(why);
          }
          Act<Boolean> taken = b.answered() ? Act.value(true) : Work.killOurs(aside.id());
          return taken.then(isClosed()).then(closed -> closed ? Act.value(true) : unfenced());
        });
  }

  private static Act<Boolean> unfenced() {
    return SemiSync.waiting()
        .then(waiting ->
            Act.refused(
                waiting > 0
                    ? "unfenced: hung commits (" + waiting + " wait for an acknowledgement)"
                    : "unfenced: statements or table locks of others hold it up"));
  }
}
