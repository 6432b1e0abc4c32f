package dev.regent.sim.steps;

import dev.regent.core.plan.Evidence;
import dev.regent.core.plan.Evidence.Found;
import dev.regent.core.plan.Evidence.Position;
import dev.regent.core.plan.Freezing;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.mariadb.Facts;
import dev.regent.sim.mariadb.Link;
import dev.regent.sim.mariadb.Reply;
import dev.regent.sim.mariadb.Session;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.mariadb.Sql;
import dev.regent.sim.mariadb.Statement;
import java.util.ArrayList;
import java.util.List;

/** Steps on the old primary of a switchover. */
final class FreezingActs {
  private static final long POLL = Kernel.MILLISECOND;
  private static final long RESERVE = 500 * Kernel.MILLISECOND;
  private static final long BETWEEN_LOOKS = 20 * Kernel.MILLISECOND;
  private static final long HUNG = Kernel.SECOND;

  private FreezingActs() {}

  static Act<Evidence> perform(Freezing step) {
    return switch (step) {
      case Freezing.CheckPrimary s -> check();
      case Freezing.Freeze s -> Work.aside().then(lock -> freeze(s, lock));
      case Freezing.CheckFrozen s -> checkFrozen(s);
      case Freezing.Unfreeze s -> unfreeze(s);
    };
  }

  /** Under load some commit always waits; what counts is one that goes on waiting. */
  private static Act<Evidence> check() {
    return Work.read(Facts::waitingStatements)
        .then(hung -> Act.of(work -> stillHung(hung, work.now() + HUNG)))
        .map(hung ->
            new Evidence.Objections(
                hung.isEmpty()
                    ? List.of()
                    : List.of(hung.size() + " commits wait for an acknowledgement")));
  }

  private static Act<List<Long>> stillHung(List<Long> hung, long until) {
    return Act.of(work ->
        hung.isEmpty() || work.now() >= until
            ? Act.value(hung)
            : Work.pause(BETWEEN_LOOKS)
                .then(Work.read(Facts::waitingStatements))
                .then(now -> {
                  List<Long> both = new ArrayList<>(hung);
                  both.retainAll(now);
                  return stillHung(both, until);
                }));
  }

  private static Act<Evidence> freeze(Freezing.Freeze step, Link lock) {
    return Work.read(f -> new Before(f.eventScheduler(), !f.readOnly()))
        .then(before ->
            Act.<Evidence>of(
                    work -> close(step, lock, before, work.before(work.deadline(), RESERVE)))
                .rescue(why -> undone(why, lock, before)))
        .lastly(
            Act.of(work -> {
              lock.cut();
              return Act.value(true);
            }));
  }

  private record Before(boolean scheduler, boolean open) {}

  private static Act<Evidence> close(Freezing.Freeze step, Link lock, Before before, long limit) {
    Act<Boolean> scheduler =
        before.scheduler() ? Work.change("SET GLOBAL event_scheduler=OFF") : Act.value(true);
    long patience = Math.max(1, step.deadline().toSeconds()) * Kernel.SECOND;
    return scheduler
        .then(Work.changeOn(lock, new Statement.LockAll(patience), limit))
        .then(Work.change(new Statement.KillAll(Office::foreign)))
        .then(Work.changeOn(lock, Sql.READ_ONLY, limit))
        .then(newest())
        .then(newest -> awaitNobody(newest, limit))
        .then(
            (Act<Evidence>)
                (work, then, otherwise) ->
                    lock.read(
                        f -> new Position(f.binlogPosition(), f.binlogState()),
                        Math.max(0, limit - work.now()),
                        reply -> {
                          if (reply instanceof Reply.Done<Position> d) {
                            then.accept(d.value());
                          } else {
                            otherwise.accept(Office.broken(reply));
                          }
                        }))
        .then(position -> Work.on(lock, new Statement.UnlockTables(), limit).map(ok -> position));
  }

  private static Act<Long> newest() {
    return Act.of(work -> {
      SimServer server = work.office().server();
      return Work.read(f -> server.sessions().stream().mapToLong(Session::id).max().orElse(0));
    });
  }

  private static Act<Boolean> awaitNobody(long newest, long limit) {
    return Act.of(work -> {
      SimServer server = work.office().server();
      return Work.read(f -> server.sessions().stream().filter(s -> left(s, newest)).count())
          .then(count -> count == 0 ? Act.value(true) : again(count, newest, limit));
    });
  }

  private static Act<Boolean> again(long count, long newest, long limit) {
    return Act.of(work ->
        work.now() >= limit
            ? Act.refused(count + " sessions could not be ended")
            : Work.change(new Statement.KillAll(s -> left(s, newest)))
                .then(Work.pause(POLL))
                .then(awaitNobody(newest, limit)));
  }

  private static boolean left(Session session, long newest) {
    boolean old = session.id() <= newest || session.account().privileged();
    return Office.foreign(session) && !session.killed() && old;
  }

  /** Open first, then unlock: those who wait for the lock go on as if nothing had been. */
  private static Act<Evidence> undone(Trouble why, Link lock, Before before) {
    if (why instanceof Trouble.Deposed) {
      return Act.trouble(why);
    }
    Act<Boolean> open = before.open() ? Work.change("SET GLOBAL read_only=0") : Act.value(true);
    Act<Boolean> cut =
        Act.of(work -> {
          lock.cut();
          return Work.killOurs(lock.id());
        });
    Act<Boolean> scheduler =
        before.scheduler() ? Work.change("SET GLOBAL event_scheduler=ON") : Act.value(true);
    return open.then(cut).then(scheduler).then(Act.refused("undone: " + why.reason()));
  }

  private static Act<Evidence> checkFrozen(Freezing.CheckFrozen step) {
    return ReadOnly.isClosed()
        .then(closed ->
            closed ? Work.read(Facts::binlogPosition) : Act.refused("it takes writes again"))
        .then(now ->
            now.equals(step.position())
                ? Act.value(new Found(true))
                : Act.refused("it moved on from " + step.position() + " to " + now));
  }

  private static Act<Evidence> unfreeze(Freezing.Unfreeze step) {
    return ReadOnly.isClosed()
        .then(closed -> closed ? demand(step) : Act.value(true))
        .then(Work.changes(step.sql().stream().filter(sql -> sql.startsWith("SET")).toList()))
        .map(ok -> new Evidence.Nothing());
  }

  private static Act<Boolean> demand(Freezing.Unfreeze step) {
    return Work.read(Facts::binlogPosition)
        .then(now -> {
          if (!now.covers(step.holding())) {
            return Act.refused(
                "it restarted, and its log ends at " + now + " instead of " + step.holding());
          }
          return step.acknowledged() ? SemiSync.demandPrimaryOn() : Act.value(true);
        });
  }
}
