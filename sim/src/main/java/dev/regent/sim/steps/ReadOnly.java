package dev.regent.sim.steps;

import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.mariadb.Facts;
import dev.regent.sim.mariadb.Link;
import dev.regent.sim.mariadb.Sql;
import dev.regent.sim.mariadb.Statement;
import java.util.Optional;

/** Closes a server for writes without getting stuck behind other people's locks. */
final class ReadOnly {
  private static final int LOCK_TIMEOUT = 1205;
  private static final long RESERVE = 300 * Kernel.MILLISECOND;
  private static final long BETWEEN_LOOKS = Kernel.MILLISECOND;

  private ReadOnly() {}

  static Act<Boolean> isClosed() {
    return Work.read(Facts::readOnly);
  }

  static Act<Boolean> close() {
    return Act.of(work -> attempt(work.before(work.deadline(), RESERVE), false));
  }

  /** Closes a server whose reign is over: commits that wait there are ended with their clients. */
  static Act<Boolean> closeDeposed() {
    return Act.of(work -> attempt(work.before(work.deadline(), RESERVE), true));
  }

  private static Act<Boolean> attempt(long sooner, boolean deposed) {
    return isClosed()
        .then(closed ->
            closed ? Act.value(true) : Work.aside().then(aside -> over(aside, sooner, deposed)));
  }

  private static Act<Boolean> over(Link aside, long sooner, boolean deposed) {
    Act<Boolean> set =
        deposed ? setThrough(aside, sooner) : Work.changeOn(aside, Sql.READ_ONLY, sooner);
    return Act.<Boolean>of(work -> Work.on(aside, limit(sooner - work.now()), work.deadline()))
        .then(judged(set, aside))
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

  private static Act<Boolean> judged(Act<Boolean> set, Link aside) {
    return set.rescue(why -> {
      if (!(why instanceof Trouble.Broken b) || (b.answered() && b.code() != LOCK_TIMEOUT)) {
        return Act.trouble(why);
      }
      Act<Boolean> taken = b.answered() ? Act.value(true) : Work.killOurs(aside.id());
      return taken.then(isClosed()).then(closed -> closed ? Act.value(true) : unfenced());
    });
  }

  /** A statement on its way. */
  private static final class Underway {
    private Optional<Act<Boolean>> end = Optional.empty();
  }

  /**
   * Ends those who hold it up once it stands in line: from then on nobody begins to write, so that
   * those who are ended are all there are. Whoever came in between would join the commit group of
   * one that is ended already, and be told OK with it.
   */
  private static Act<Boolean> setThrough(Link aside, long sooner) {
    return (work, then, otherwise) -> {
      Underway closing = new Underway();
      Work.changeOn(aside, Sql.READ_ONLY, sooner)
          .start(
              work,
              ok -> closing.end = Optional.of(Act.value(true)),
              why -> closing.end = Optional.of(Act.trouble(why)));
      clear(aside, closing)
          .rescue(why ->
              why instanceof Trouble.Deposed
                  ? Work.killOurs(aside.id()).then(Act.trouble(why))
                  : Act.trouble(why))
          .start(work, then, otherwise);
    };
  }

  /** Until the statement has ended, as that ended. */
  private static Act<Boolean> clear(Link aside, Underway closing) {
    return Act.of(work ->
        closing.end.isPresent()
            ? closing.end.get()
            : inLine(aside)
                .then(in -> in ? SemiSync.endWaiting() : Act.value(true))
                .then(Work.pause(BETWEEN_LOOKS))
                .then(clear(aside, closing)));
  }

  private static Act<Boolean> inLine(Link aside) {
    return Act.of(work ->
        Work.read(f ->
            work.office()
                .server()
                .session(aside.id())
                .filter(s -> s.state().startsWith("Waiting for"))
                .isPresent()));
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
