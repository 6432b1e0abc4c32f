package dev.regent.sim.world;

import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.kernel.SimProcess;
import dev.regent.sim.mariadb.Account;
import dev.regent.sim.mariadb.Link;
import dev.regent.sim.mariadb.Reply;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.mariadb.Sql;
import dev.regent.sim.mariadb.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Somebody with all rights at an SQL prompt: sets a cluster up, and tampers with it. */
public final class Administrator {
  private static final long PATIENCE = 60 * Kernel.SECOND;

  private final Kernel kernel;
  private final SimProcess process;
  private final List<String> complaints = new ArrayList<>();

  Administrator(Kernel kernel, SimProcess process) {
    this.kernel = kernel;
    this.process = process;
    process.start();
  }

  public SimProcess process() {
    return process;
  }

  /** Refusals and lost connections, in the order in which they came. */
  public List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** Runs statements in order over one connection; a refusal ends it, and is kept. */
  public void run(SimServer server, String... sql) {
    List<Statement> statements = new ArrayList<>();
    for (String one : sql) {
      statements.add(Sql.parse(one));
    }
    run(server, statements, reply -> note(server, reply));
  }

  /** The last reply, or the first that is not what was hoped for. */
  public void run(SimServer server, List<Statement> statements, Consumer<Reply<Boolean>> then) {
    Link.dial(
        process,
        server,
        Account.ADMINISTRATOR,
        PATIENCE,
        reply -> {
          if (reply instanceof Reply.Done<Link> d) {
            next(d.value(), statements, then);
          } else {
            then.accept(new Reply.Refused<>(0, "cannot connect"));
          }
        });
  }

  /** Does something whose effect ends with the session, and keeps that open for so long. */
  public void hold(SimServer server, Statement statement, long nanos) {
    Link.dial(
        process,
        server,
        Account.ADMINISTRATOR,
        PATIENCE,
        reply -> {
          if (reply instanceof Reply.Done<Link> d) {
            d.value().run(statement, PATIENCE, ignored -> {});
            process.after(nanos, d.value()::cut);
          }
        });
  }

  private void next(Link link, List<Statement> rest, Consumer<Reply<Boolean>> then) {
    link.run(
        rest.getFirst(),
        PATIENCE,
        reply -> {
          if (reply.done() && rest.size() > 1) {
            next(link, rest.subList(1, rest.size()), then);
          } else {
            link.cut();
            then.accept(reply);
          }
        });
  }

  private void note(SimServer server, Reply<Boolean> reply) {
    if (!reply.done()) {
      complaints.add(server.name() + ": " + reply);
      kernel.trace().tell("admin", complaints.size(), () -> server.name() + ": " + reply);
    }
  }
}
