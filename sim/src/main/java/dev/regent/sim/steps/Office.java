package dev.regent.sim.steps;

import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.kernel.SimProcess;
import dev.regent.sim.mariadb.Account;
import dev.regent.sim.mariadb.Link;
import dev.regent.sim.mariadb.Reply;
import dev.regent.sim.mariadb.Session;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.mariadb.SimServer.FenceRow;
import dev.regent.sim.mariadb.Statement;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one connection through which a manager changes a server, as production's control session
 * (ha.md 4.6, layer 3): a named lock, a row that says whose it is, statements that look at both
 * before they act. A lost session is lost office, and is never reopened in passing.
 */
public final class Office {
  private static final int NO_SUCH_THREAD = 1094;
  private static final long GHOST_POLL = 5 * Kernel.MILLISECOND;

  private final Mandate mandate;
  private final SimProcess manager;
  private final SimServer server;
  private final String cluster;
  private final Kernel kernel;
  private @Nullable Link link;
  private long writtenEpoch;

  public Office(
      Mandate mandate, SimProcess manager, SimServer server, String cluster, Kernel kernel) {
    this.mandate = mandate;
    this.manager = manager;
    this.server = server;
    this.cluster = cluster;
    this.kernel = kernel;
  }

  SimServer server() {
    return server;
  }

  SimProcess manager() {
    return manager;
  }

  public boolean held() {
    return link != null && link.usable();
  }

  public boolean behind() {
    return writtenEpoch < mandate.epoch();
  }

  Link link() {
    Link current = link;
    if (current == null) {
      throw new IllegalStateException("office on " + server.name() + " is not held");
    }
    return current;
  }

  private String lock() {
    return "regent/" + cluster;
  }

  /** How the taking of office ended. */
  public sealed interface Taken {
    record InOffice() implements Taken {}

    record NotNow(Trouble why) implements Taken {}

    default String reason() {
      return this instanceof NotNow n ? n.why().reason() : "";
    }

    /** Whether somebody later is there. */
    default boolean keptOut() {
      return this instanceof NotNow n && n.why() instanceof Trouble.Deposed;
    }
  }

  /** Takes office if it is not held, or is found to be lost now. */
  public void ensure(long deadline, Consumer<Taken> then) {
    if (!held()) {
      take(deadline, then);
      return;
    }
    long mine = link().id();
    link()
        .read(
            f -> server.lockHolder(lock()) == mine,
            left(deadline),
            reply -> {
              switch (reply) {
                case Reply.Done<Boolean> d when d.value() -> then.accept(new Taken.InOffice());
                case Reply.Lost<Boolean> l when kernel.now() >= deadline ->
                    then.accept(new Taken.NotNow(broken(l)));
                default -> take(deadline, then);
              }
            });
  }

  private long left(long deadline) {
    return Math.max(0, deadline - kernel.now());
  }

  static Trouble broken(Reply<?> reply) {
    return switch (reply) {
      case Reply.Refused<?> r -> new Trouble.Broken(r.code(), true, r.code() + " " + r.text());
      case Reply.Lost<?> l -> new Trouble.Broken(0, false, l.text());
      case Reply.Done<?> d -> throw new IllegalStateException("nothing is broken");
    };
  }

  /** Deposes an earlier manager, or one's own ghost. */
  private void take(long deadline, Consumer<Taken> then) {
    close();
    Link.dial(
        manager,
        server,
        Account.MANAGER,
        left(deadline),
        reply -> {
          if (reply instanceof Reply.Done<Link> d) {
            new Taking(d.value(), deadline, then).outranked(this::lockFree);
          } else {
            then.accept(new Taken.NotNow(broken(reply)));
          }
        });
  }

  private void lockFree(Taking taking) {
    taking.seize();
  }

  /** One attempt, on a fresh link. */
  private final class Taking {
    private final Link fresh;
    private final long deadline;
    private final Consumer<Taken> then;

    Taking(Link fresh, long deadline, Consumer<Taken> then) {
      this.fresh = fresh;
      this.deadline = deadline;
      this.then = then;
    }

    private void fail(Trouble why) {
      fresh.cut();
      then.accept(new Taken.NotNow(why));
    }

    void outranked(Consumer<Taking> next) {
      fresh.read(
          f -> Optional.ofNullable(server.fence().get(cluster)),
          left(deadline),
          reply -> {
            if (!(reply instanceof Reply.Done<Optional<FenceRow>> d)) {
              fail(broken(reply));
            } else if (d.value().filter(this::outranks).isPresent()) {
              fail(
                  new Trouble.Deposed(
                      server.name() + " is in the hands of " + d.value().get().manager()));
            } else {
              next.accept(this);
            }
          });
    }

    private boolean outranks(FenceRow row) {
      if (row.epoch() != mandate.epoch()) {
        return row.epoch() > mandate.epoch();
      }
      return row.incarnation() > mandate.incarnation()
          || (row.incarnation() == mandate.incarnation()
              && !row.manager().equals(mandate.manager()));
    }

    void seize() {
      fresh.read(
          f -> server.lockHolder(lock()),
          left(deadline),
          reply -> {
            if (!(reply instanceof Reply.Done<Long> d)) {
              fail(broken(reply));
            } else if (d.value() == 0) {
              takeLock();
            } else {
              kill(d.value());
            }
          });
    }

    private void takeLock() {
      fresh.run(
          new Statement.TakeLock(lock()),
          left(deadline),
          reply -> {
            if (!(reply instanceof Reply.Done<Boolean> d)) {
              fail(broken(reply));
            } else if (d.value()) {
              outranked(Taking::write);
            } else {
              manager.after(GHOST_POLL, this::seize);
            }
          });
    }

    /** No kill is proof until the lock is free. */
    private void kill(long holder) {
      fresh.run(
          new Statement.Kill(holder, true),
          left(deadline),
          reply -> {
            boolean gone =
                reply.done()
                    || (reply instanceof Reply.Refused<Boolean> r && r.code() == NO_SUCH_THREAD);
            if (gone) {
              manager.after(GHOST_POLL, this::seize);
            } else {
              fail(broken(reply));
            }
          });
    }

    private void write() {
      long epoch = mandate.epoch();
      fresh.run(
          row(fresh.id()),
          left(deadline),
          reply -> {
            if (reply.done()) {
              writtenEpoch = epoch;
              link = fresh;
              then.accept(new Taken.InOffice());
            } else {
              fail(broken(reply));
            }
          });
    }
  }

  /** The epoch of the row never goes back. */
  private Statement row(long connection) {
    long epoch = mandate.epoch();
    return new Statement.WriteLocal(() -> {
      FenceRow old = server.fence().get(cluster);
      long newest = old == null ? epoch : Math.max(old.epoch(), epoch);
      server
          .fence()
          .put(cluster, new FenceRow(newest, mandate.incarnation(), mandate.manager(), connection));
    });
  }

  /** Writes the newest epoch into our row, in its own time. */
  public void raiseEpoch(long deadline, Runnable then) {
    if (!held() || !behind()) {
      then.run();
      return;
    }
    long epoch = mandate.epoch();
    link()
        .run(
            row(link().id()),
            left(deadline),
            reply -> {
              if (reply.done()) {
                writtenEpoch = epoch;
              }
              then.run();
            });
  }

  /** A statement that first looks whether this connection is still in office. */
  Statement guarded(Statement statement) {
    long holder = link().id();
    return new Statement.Guarded(s -> inOffice(holder), statement);
  }

  private boolean inOffice(long holder) {
    FenceRow row = server.fence().get(cluster);
    return server.lockHolder(lock()) == holder
        && row != null
        && row.incarnation() == mandate.incarnation()
        && row.manager().equals(mandate.manager())
        && row.connection() == holder;
  }

  /** Whether a session is one of ours. */
  static boolean foreign(Session session) {
    return !session.account().equals(Account.MANAGER)
        && !session.account().equals(Account.REPLICATION);
  }

  public void close() {
    if (link != null) {
      link.cut();
      link = null;
    }
  }
}
