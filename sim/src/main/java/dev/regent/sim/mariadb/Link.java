package dev.regent.sim.mariadb;

import dev.regent.core.model.Observation.Kind;
import dev.regent.sim.kernel.Alarm;
import dev.regent.sim.kernel.Connection;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.kernel.Network;
import dev.regent.sim.kernel.SimProcess;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A connection as its client has it, in the manner of the production driver: one statement at a
 * time, each with a deadline after which the connection is cut, and once lost it stays lost.
 */
public final class Link {
  private final SimServer server;
  private final SimProcess client;
  private final Connection connection;
  private final Session session;
  private Consumer<String> lost = why -> {};
  private Runnable onEnd = () -> {};
  private boolean usable = true;

  private Link(SimServer server, SimProcess client, Connection connection, Session session) {
    this.server = server;
    this.client = client;
    this.connection = connection;
    this.session = session;
    connection.client().onLost(this::ended);
  }

  /** An attempt to open one; it can be given up. */
  public static final class Dialing {
    private final Consumer<Reply<Link>> then;
    private Alarm limit = Alarm.past();
    private Runnable giveUp = () -> {};
    private boolean accepted;
    private boolean over;

    private Dialing(Consumer<Reply<Link>> then) {
      this.then = then;
    }

    /** The other side's kernel took it; the server may be frozen all the same. */
    public boolean accepted() {
      return accepted;
    }

    public boolean over() {
      return over;
    }

    private boolean finish() {
      boolean first = !over;
      over = true;
      limit.cancel();
      return first;
    }

    private void tell(Reply<Link> reply) {
      if (finish()) {
        then.accept(reply);
      }
    }

    public void abandon() {
      if (finish()) {
        giveUp.run();
      }
    }
  }

  /** Opens a connection, within so many nanoseconds; the result is told inside the client. */
  public static Dialing dial(
      SimProcess client,
      SimServer server,
      Account account,
      long nanos,
      Consumer<Reply<Link>> then) {
    Dialing dialing = new Dialing(then);
    dialing.limit =
        client.after(
            nanos,
            () -> {
              dialing.giveUp.run();
              dialing.tell(new Reply.Lost<>(Kind.TIMEOUT, "no answer in time"));
            });
    dialing.giveUp =
        server
            .network()
            .connect(
                client,
                server,
                Network.attempt(
                    c -> accepted(dialing, client, server, account, c),
                    () -> dialing.tell(new Reply.Lost<>(Kind.REFUSED, "connection refused"))));
    return dialing;
  }

  private static void accepted(
      Dialing dialing,
      SimProcess client,
      SimServer server,
      Account account,
      Connection connection) {
    if (dialing.over) {
      connection.client().close();
      return;
    }
    dialing.accepted = true;
    dialing.giveUp = connection.client()::close;
    connection
        .client()
        .onLost(() -> dialing.tell(new Reply.Lost<>(Kind.RESET, "connection reset")));
    connection
        .client()
        .send(() ->
            server
                .desk()
                .login(connection, account, r -> answered(dialing, client, server, connection, r)));
  }

  private static void answered(
      Dialing dialing,
      SimProcess client,
      SimServer server,
      Connection connection,
      Reply<Session> reply) {
    switch (reply) {
      case Reply.Done<Session> d ->
          dialing.tell(new Reply.Done<>(new Link(server, client, connection, d.value())));
      case Reply.Refused<Session> r -> dialing.tell(new Reply.Refused<>(r.code(), r.text()));
      case Reply.Lost<Session> l -> dialing.tell(new Reply.Lost<>(l.kind(), l.text()));
    }
  }

  // --- using it

  public SimServer server() {
    return server;
  }

  /** The server's number of this connection. */
  public long id() {
    return session.id();
  }

  public boolean usable() {
    return usable;
  }

  /** Runs a statement; done with its yes or no. */
  public void run(Statement statement, long nanos, Consumer<Reply<Boolean>> then) {
    ask(reply -> server.desk().statement(session, statement, reply), nanos, then);
  }

  /** Looks at the server; takes a moment there. */
  public <T> void read(Function<Facts, T> look, long nanos, Consumer<Reply<T>> then) {
    this.<T>ask(
        reply ->
            server
                .process()
                .after(
                    40 * Kernel.MICROSECOND,
                    () -> reply.accept(new Reply.Done<>(look.apply(server.facts())))),
        nanos,
        then);
  }

  private <T> void ask(Consumer<Consumer<Reply<T>>> question, long nanos, Consumer<Reply<T>> then) {
    if (!usable) {
      client.after(0, () -> then.accept(new Reply.Lost<>(Kind.RESET, "connection is lost")));
      return;
    }
    Once<T> once = new Once<>(then);
    Alarm limit =
        client.after(
            Math.max(0, nanos),
            () -> {
              cut();
              once.tell(new Reply.Lost<>(Kind.TIMEOUT, "no answer in time"));
            });
    lost =
        why -> {
          limit.cancel();
          once.tell(new Reply.Lost<>(Kind.RESET, why));
        };
    Consumer<Reply<T>> back =
        reply -> {
          limit.cancel();
          lost = why -> {};
          once.tell(reply);
        };
    connection
        .client()
        .send(() -> question.accept(r -> connection.server().send(() -> back.accept(r))));
  }

  private static final class Once<T> {
    private final Consumer<Reply<T>> then;
    private boolean told;

    Once(Consumer<Reply<T>> then) {
      this.then = then;
    }

    void tell(Reply<T> reply) {
      if (!told) {
        told = true;
        then.accept(reply);
      }
    }
  }

  private void ended() {
    if (usable) {
      usable = false;
      onEnd.run();
      lost.accept("connection reset");
    }
  }

  /** Told when it is lost without our doing. */
  public void onEnd(Runnable then) {
    onEnd = then;
  }

  /** Ends it at once; a statement under way is not told of any more. */
  public void cut() {
    usable = false;
    connection.client().close();
  }

  /** Ends it at once; the outcome of a statement under way is unknown. */
  public void drop(String why) {
    cut();
    lost.accept(why);
  }
}
