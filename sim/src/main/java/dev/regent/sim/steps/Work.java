package dev.regent.sim.steps;

import dev.regent.core.model.Channel;
import dev.regent.core.plan.Outcome;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.mariadb.Account;
import dev.regent.sim.mariadb.Facts;
import dev.regent.sim.mariadb.Link;
import dev.regent.sim.mariadb.Reply;
import dev.regent.sim.mariadb.Sql;
import dev.regent.sim.mariadb.Statement;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * One step at work on one server: its deadline, its way to read and to change the server, and the
 * memory of what was sent, which decides between {@code Failed} and {@code Unknown}.
 */
public final class Work {
  private static final int SIGNALLED = 1644;

  /** For the last look before the deadline. */
  private static final long RESERVE = 200 * Kernel.MILLISECOND;

  private final Office office;
  private final Kernel kernel;
  private final long deadline;
  private final long enough;
  private final Link reading;
  private final BooleanSupplier wanted;
  private boolean sent;
  private int completed;

  /** {@code wanted}: another change waits for this server. */
  public Work(Office office, Kernel kernel, long deadline, Link reading, BooleanSupplier wanted) {
    this.office = office;
    this.kernel = kernel;
    this.deadline = deadline;
    this.enough = before(deadline, RESERVE);
    this.reading = reading;
    this.wanted = wanted;
  }

  /** For a step that changes the server: on the control session, in office. */
  public static Work inOffice(Office office, Kernel kernel, long deadline, BooleanSupplier wanted) {
    return new Work(office, kernel, deadline, office.link(), wanted);
  }

  /** A moment before this one by {@code reserve}, but never less than half of what is left. */
  long before(long moment, long reserve) {
    long left = Math.max(0, moment - kernel.now());
    return moment - Math.min(reserve, left / 2);
  }

  long now() {
    return kernel.now();
  }

  long deadline() {
    return deadline;
  }

  boolean wanted() {
    return wanted.getAsBoolean();
  }

  /** Whether it is time to stop waiting: a little before the deadline. */
  boolean late() {
    return kernel.now() >= enough;
  }

  private long left(long until) {
    return Math.max(0, until - kernel.now());
  }

  Office office() {
    return office;
  }

  // --- reading

  static <T> Act<T> read(Function<Facts, T> look) {
    return (work, then, otherwise) ->
        work.reading.read(
            look,
            work.left(work.deadline),
            reply -> {
              if (reply instanceof Reply.Done<T> d) {
                then.accept(d.value());
              } else {
                otherwise.accept(Office.broken(reply));
              }
            });
  }

  static Act<List<Channel>> channels() {
    return read(Facts::channels);
  }

  static Act<Optional<Channel>> findChannel(String name) {
    return channels()
        .map(all -> all.stream().filter(c -> c.name().equalsIgnoreCase(name)).findFirst());
  }

  static Act<Channel> channel(String name) {
    return findChannel(name)
        .then(found ->
            found.isPresent()
                ? Act.value(found.get())
                : Act.refused("connection '" + name + "' does not exist on the server"));
  }

  // --- changing

  /** Runs one statement behind the fence. */
  static Act<Boolean> change(Statement statement) {
    return (work, then, otherwise) -> {
      work.sent = true;
      work.reading.run(
          work.office.guarded(statement),
          work.left(work.deadline),
          reply -> {
            if (reply instanceof Reply.Done<Boolean> d) {
              work.completed++;
              then.accept(d.value());
            } else if (reply instanceof Reply.Refused<Boolean> r && r.code() == SIGNALLED) {
              otherwise.accept(new Trouble.Deposed("another manager took office"));
            } else {
              otherwise.accept(Office.broken(reply));
            }
          });
    };
  }

  static Act<Boolean> change(String sql) {
    return change(Sql.parse(sql));
  }

  static Act<Boolean> changes(List<String> statements) {
    Act<Boolean> all = Act.value(true);
    for (String sql : statements) {
      all = all.then(change(sql));
    }
    return all;
  }

  /** From here on, a step that is broken off is undecided, though it sent nothing. */
  static Act<Boolean> waits() {
    return (work, then, otherwise) -> {
      work.sent = true;
      then.accept(true);
    };
  }

  /** A setting of our own session; nobody else is touched. */
  static Act<Boolean> session(String name, String value) {
    return (work, then, otherwise) ->
        work.reading.run(
            new Statement.SetSession(name, value),
            work.left(work.deadline),
            reply -> {
              if (reply.done()) {
                then.accept(true);
              } else {
                otherwise.accept(Office.broken(reply));
              }
            });
  }

  /** Waits on the reading link without counting as a change. */
  static Act<Boolean> ask(Statement statement) {
    return (work, then, otherwise) ->
        work.reading.run(
            statement,
            work.left(work.deadline),
            reply -> {
              if (reply instanceof Reply.Done<Boolean> d) {
                then.accept(d.value());
              } else {
                otherwise.accept(Office.broken(reply));
              }
            });
  }

  /** Another connection, for a statement that may hang. */
  static Act<Link> aside() {
    return (work, then, otherwise) ->
        Link.dial(
            work.office.manager(),
            work.office.server(),
            Account.MANAGER,
            work.left(work.deadline),
            reply -> {
              if (reply instanceof Reply.Done<Link> d) {
                then.accept(d.value());
              } else {
                otherwise.accept(Office.broken(reply));
              }
            });
  }

  static Act<Boolean> on(Link aside, Statement statement, long until) {
    return (work, then, otherwise) ->
        aside.run(
            statement,
            work.left(until),
            reply -> {
              if (reply instanceof Reply.Done<Boolean> d) {
                then.accept(d.value());
              } else {
                otherwise.accept(Office.broken(reply));
              }
            });
  }

  /** Runs one statement on another link, if we are in office at its beginning. */
  static Act<Boolean> changeOn(Link aside, Statement statement, long sooner) {
    return Act.<Boolean>of(
            work -> on(aside, work.office.guarded(new Statement.Nothing()), work.deadline))
        .rescue(why ->
            why instanceof Trouble.Broken b && b.code() == SIGNALLED
                ? Act.trouble(new Trouble.Deposed("another manager took office"))
                : Act.trouble(why))
        .then(
            (Act<Boolean>)
                (work, then, otherwise) -> {
                  work.sent = true;
                  on(aside, statement, sooner)
                      .start(
                          work,
                          ok -> {
                            work.completed++;
                            then.accept(ok);
                          },
                          otherwise);
                });
  }

  /** Ends another connection of ours, and what it was doing; no kill is proof until it is gone. */
  static Act<Boolean> killOurs(long connection) {
    return ask(new Statement.Kill(connection, true))
        .rescue(why ->
            why instanceof Trouble.Broken b && b.code() == 1094
                ? Act.value(true)
                : Act.trouble(why))
        .then(awaitGone(connection));
  }

  private static Act<Boolean> awaitGone(long connection) {
    return Act.<Boolean>of(work ->
        read(f -> work.office.server().session(connection).isPresent())
            .then(there ->
                there
                    ? pause(2 * Kernel.MILLISECOND).then(awaitGone(connection))
                    : Act.value(true)));
  }

  /** Lets a moment pass; false if it is late. */
  static Act<Boolean> pause(long nanos) {
    return (work, then, otherwise) ->
        work.office
            .manager()
            .after(Math.min(nanos, work.left(work.enough)), () -> then.accept(!work.late()));
  }

  /** How a step ended that was broken off. */
  Outcome outcome(Trouble why) {
    return switch (why) {
      case Trouble.Refused r -> new Outcome.Failed(r.reason());
      case Trouble.Late l -> new Outcome.Unknown(l.reason());
      case Trouble.Deposed d -> brokenOff(d.reason(), true);
      case Trouble.Broken b -> brokenOff(b.reason(), b.answered());
    };
  }

  private Outcome brokenOff(String reason, boolean answered) {
    if (!sent || (answered && completed == 0)) {
      return new Outcome.Failed(reason);
    }
    return new Outcome.Unknown(
        completed == 0 ? reason : reason + " (after " + completed + " statements)");
  }
}
