package dev.regent.sim.mariadb;

import dev.regent.sim.commit.Locks;
import dev.regent.sim.commit.Settings;
import dev.regent.sim.kernel.Connection;
import dev.regent.sim.kernel.Dice;
import dev.regent.sim.kernel.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Who is connected to a server: lets clients in, gives their statements a turn, ends them. */
final class Sessions {
  private static final int ACCESS_DENIED = 1045;
  private static final int TOO_MANY = 1040;

  private final SimServer server;
  private final Settings settings;
  private final Locks locks;
  private final Dice dice;
  private final List<Session> sessions = new ArrayList<>();
  private long nextSession = 10;
  private long nextStatement;

  Sessions(SimServer server, Settings settings, Locks locks, Dice dice) {
    this.server = server;
    this.settings = settings;
    this.locks = locks;
    this.dice = dice;
  }

  List<Session> all() {
    return sessions;
  }

  long newNumber() {
    nextSession++;
    return nextSession;
  }

  /** Lets a client in, or not; the answer is given inside its process. */
  void login(Connection connection, Account account, Consumer<Reply<Session>> answer) {
    enter(connection, account, reply -> connection.server().send(() -> answer.accept(reply)));
  }

  /** The same, the answer being given here, before a refused connection is closed. */
  void enter(Connection connection, Account account, Consumer<Reply<Session>> here) {
    long nanos = dice.tailed(150 * Kernel.MICROSECOND, 300 * Kernel.MICROSECOND);
    server.process().after(nanos, () -> admit(connection, account, here));
  }

  private void admit(Connection connection, Account account, Consumer<Reply<Session>> here) {
    if (!connection.server().open()) {
      return;
    }
    int refusal = refusal(account.user(), account.privileged());
    if (refusal > 0) {
      String text = refusal == TOO_MANY ? "Too many connections" : "Access denied";
      here.accept(new Reply.Refused<>(refusal, text));
      connection.server().close();
      return;
    }
    Session session = new Session(newNumber(), account, connection);
    sessions.add(session);
    connection.server().onLost(() -> clientGone(session));
    here.accept(new Reply.Done<>(session));
  }

  /**
   * The number of the error with which this user would be turned away; 0 if it would not. One place
   * is kept for whoever may end others.
   */
  int refusal(String user, boolean privileged) {
    if (server.troubles().denies(user)) {
      return ACCESS_DENIED;
    }
    int places = settings.connectionsMax + (privileged ? 1 : 0);
    boolean full = server.troubles().full() || sessions.size() >= places;
    return full ? TOO_MANY : 0;
  }

  private void clientGone(Session session) {
    session.clientGone();
    if (!session.busy()) {
      end(session);
    }
  }

  /** One statement of a session. It replies once, unless the server dies or the client is gone. */
  void statement(Session session, Statement statement, Consumer<Reply<Boolean>> reply) {
    if (session.killed()) {
      return;
    }
    nextStatement++;
    session.begin(nextStatement);
    server.run(
        session,
        statement,
        result -> {
          boolean ends = session.finish();
          reply.accept(result);
          if (ends) {
            end(session);
          }
        });
  }

  void kill(Session session, boolean whole) {
    session.kill(whole);
    if (whole && !session.busy()) {
      end(session);
    }
  }

  private void end(Session session) {
    if (sessions.remove(session)) {
      session.connection().server().close();
      locks.forget(session);
    }
  }

  void died() {
    sessions.clear();
  }
}
