package dev.regent.sim.mariadb;

import dev.regent.core.model.Gtid;
import dev.regent.core.model.GtidPosition;
import dev.regent.sim.commit.Commits;
import dev.regent.sim.commit.Locks;
import dev.regent.sim.commit.Settings;
import dev.regent.sim.kernel.Dice;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.replication.ReplicaChannel;
import dev.regent.sim.storage.Transaction;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** What statements do. Called inside the server's process; each replies once, now or later. */
final class Execution {
  private static final int NO_SUCH_THREAD = 1094;
  private static final int READ_ONLY = 1290;
  private static final int MUST_STOP_FIRST = 1198;
  private static final int NO_CHANNEL = 1617;
  private static final int CONFLICTS_WITH_LOG = 1947;
  private static final int SIGNALLED = 1644;
  private static final int DUPLICATE = 1062;
  private static final int NOT_CONFIGURED = 1200;
  private static final int NOT_YOURS = 1095;
  private static final int OUT_OF_ORDER = 1950;
  private static final int NOT_IN_LOG = 1236;

  private final SimServer server;
  private final Settings settings;
  private final Locks locks;
  private final Commits commits;
  private final Dice dice;

  Execution(SimServer server, Settings settings, Locks locks, Commits commits, Dice dice) {
    this.server = server;
    this.settings = settings;
    this.locks = locks;
    this.commits = commits;
    this.dice = dice;
  }

  void run(Session session, Statement statement, Consumer<Reply<Boolean>> reply) {
    switch (statement) {
      case Statement.StopReplica s -> stop(s, reply);
      case Statement.StartReplica s -> start(s, reply);
      case Statement.ResetReplica s -> reset(s, reply);
      case Statement.ChangeSource s -> change(s, reply);
      case Statement.SetReplicated s -> setReplicated(s.position(), reply);
      case Statement.WaitReplicated s ->
          awaitReplicated(s.position(), server.now() + s.nanos(), reply);
      case Statement.ResetLog s -> {
        server.resetLog();
        reply.accept(Reply.ok());
      }
      case Statement.AcknowledgeLog s -> acknowledge(s, reply);
      case Statement.SetGlobal s -> new Assignments(server, settings, locks).set(session, s, reply);
      case Statement.SetSession s -> set(session, s, reply);
      case Statement.LockAll s -> locks.takeAll(session, s.nanos(), granted(reply));
      case Statement.LockTables s -> {
        locks.lockTables(session);
        reply.accept(Reply.ok());
      }
      case Statement.UnlockTables s -> {
        locks.unlock(session);
        reply.accept(Reply.ok());
      }
      case Statement.TakeLock s ->
          locks.takeNamed(
              s.name(), session, s.nanos(), mine -> reply.accept(new Reply.Done<>(mine)));
      case Statement.Kill s -> kill(session, s, reply);
      case Statement.KillAll s -> {
        server.sessions().stream()
            .filter(s.which())
            .filter(other -> !other.equals(session))
            .toList()
            .forEach(other -> server.desk().kill(other, true));
        reply.accept(Reply.ok());
      }
      case Statement.Flush s -> flush(session, s, reply);
      case Statement.Write s -> write(session, s, reply);
      case Statement.Delete s ->
          change(session, entry(s.domain(), Transaction.Kind.DELETE, s.row(), 0, ""), reply);
      case Statement.Begin s -> {
        session.transaction(true);
        reply.accept(Reply.ok());
      }
      case Statement.Commit s -> commit(session, session.transaction(false), reply);
      case Statement.Rollback s -> {
        session.transaction(false);
        reply.accept(Reply.ok());
      }
      case Statement.Alter s ->
          change(session, entry(s.domain(), Transaction.Kind.DDL, 0, 0, ""), reply);
      case Statement.CreateReigns s -> createReigns(session, reply);
      case Statement.InsertReign s -> insertReign(session, s, reply);
      case Statement.WriteLocal s -> local(session, s.change(), reply);
      case Statement.Nothing s -> reply.accept(Reply.ok());
      case Statement.Guarded s -> {
        if (s.condition().test(session)) {
          run(session, s.statement(), reply);
        } else {
          reply.accept(new Reply.Refused<>(SIGNALLED, "regent: out of office"));
        }
      }
      case Statement.Several s -> several(session, s.statements(), reply);
    }
  }

  private void several(
      Session session, List<Statement> statements, Consumer<Reply<Boolean>> reply) {
    if (statements.isEmpty()) {
      reply.accept(Reply.ok());
      return;
    }
    run(
        session,
        statements.getFirst(),
        first -> {
          if (first.done()) {
            several(session, statements.subList(1, statements.size()), reply);
          } else {
            reply.accept(first);
          }
        });
  }

  static IntConsumer granted(Consumer<Reply<Boolean>> reply) {
    return code ->
        reply.accept(
            code == Locks.GRANTED ? Reply.ok() : refused(code, "gave up waiting for a lock"));
  }

  private static Reply<Boolean> refused(int code, String text) {
    return new Reply.Refused<>(code, text);
  }

  // --- replication

  private Optional<ReplicaChannel> channel(String name, Consumer<Reply<Boolean>> reply) {
    Optional<ReplicaChannel> channel = server.channel(name);
    if (channel.isEmpty()) {
      reply.accept(refused(NO_CHANNEL, "There is no master connection '" + name + "'"));
    }
    return channel;
  }

  private void stop(Statement.StopReplica s, Consumer<Reply<Boolean>> reply) {
    if (s.channel().isEmpty() && server.channel("").isEmpty()) {
      reply.accept(Reply.ok());
      return;
    }
    channel(s.channel(), reply)
        .ifPresent(c -> {
          Runnable then = () -> reply.accept(Reply.ok());
          Runnable applier = s.sql() ? () -> c.applier().stop(then) : then;
          if (s.io()) {
            c.receiver().stop(applier);
          } else {
            applier.run();
          }
        });
  }

  private void start(Statement.StartReplica s, Consumer<Reply<Boolean>> reply) {
    if (s.channel().isEmpty() && server.channel("").isEmpty()) {
      reply.accept(refused(NOT_CONFIGURED, "The server is not configured as slave"));
      return;
    }
    channel(s.channel(), reply)
        .ifPresent(c -> {
          c.start(s.io(), s.sql());
          reply.accept(Reply.ok());
        });
  }

  private void reset(Statement.ResetReplica s, Consumer<Reply<Boolean>> reply) {
    channel(s.channel(), reply)
        .ifPresent(c -> {
          if (!c.stopped()) {
            reply.accept(refused(MUST_STOP_FIRST, "it has to be stopped first"));
            return;
          }
          c.relay().purge();
          c.relay().receivedIs(GtidPosition.EMPTY);
          if (s.all()) {
            server.forget(c);
          }
          // It deletes files, and syncs the folder.
          later(1, 4, () -> reply.accept(Reply.ok()));
        });
  }

  private void later(long leastMillis, long mostMillis, Runnable then) {
    long nanos = dice.between(leastMillis * Kernel.MILLISECOND, mostMillis * Kernel.MILLISECOND);
    server.process().after(nanos, then);
  }

  /** Makes the connection if there is none; deletes the relay log unless a place in it is named. */
  private void change(Statement.ChangeSource s, Consumer<Reply<Boolean>> reply) {
    Optional<ReplicaChannel> found = server.channel(s.channel());
    if (found.isEmpty() && s.source().isEmpty()) {
      reply.accept(refused(NO_CHANNEL, "There is no master connection '" + s.channel() + "'"));
      return;
    }
    ReplicaChannel c = found.orElseGet(() -> server.open(s.channel(), s.source().orElseThrow()));
    if (!c.stopped()) {
      reply.accept(refused(MUST_STOP_FIRST, "it has to be stopped first"));
      return;
    }
    if (s.relayFile().isPresent()) {
      if (!c.relay().seek(s.relayFile().get(), s.relayPosition().orElse(4))) {
        reply.accept(refused(1380, "Could not find target log during relay log initialization"));
        return;
      }
    } else {
      c.relay().purge();
      c.relay().receivedIs(GtidPosition.EMPTY);
    }
    s.source().ifPresent(c::pointTo);
    s.user().ifPresent(c::user);
    s.gtid().ifPresent(c::usesGtid);
    s.retry().ifPresent(c::retry);
    s.heartbeat().ifPresent(c::heartbeat);
    s.delay().ifPresent(c::delay);
    later(2, 8, () -> reply.accept(Reply.ok()));
  }

  private void acknowledge(Statement.AcknowledgeLog s, Consumer<Reply<Boolean>> reply) {
    if (!server.log().known(s.file(), s.place())) {
      reply.accept(refused(NOT_IN_LOG, "there is no such place in the binary log"));
      return;
    }
    server.acknowledge(s.place());
    later(1, 8, () -> reply.accept(Reply.ok()));
  }

  private void setReplicated(GtidPosition position, Consumer<Reply<Boolean>> reply) {
    boolean running = server.channels().stream().anyMatch(c -> c.applier().running());
    boolean behind =
        position.gtids().stream().anyMatch(g -> server.log().sequence(g.domain()) > g.sequence());
    if (running) {
      reply.accept(refused(MUST_STOP_FIRST, "it has to be stopped first"));
    } else if (settings.strict && behind) {
      reply.accept(refused(CONFLICTS_WITH_LOG, position + " conflicts with the binary log"));
    } else {
      server.engine().setReplicated(position);
      reply.accept(Reply.ok());
    }
  }

  /** It does not notice that the SQL thread stops (physics 2.2). */
  private void awaitReplicated(GtidPosition position, long until, Consumer<Reply<Boolean>> reply) {
    if (server.engine().replicated().covers(position)) {
      reply.accept(Reply.ok());
    } else if (server.now() >= until) {
      reply.accept(new Reply.Done<>(false));
    } else {
      long step = Math.min(2 * Kernel.MILLISECOND, until - server.now());
      server.process().after(step, () -> awaitReplicated(position, until, reply));
    }
  }

  // --- sessions

  private void set(Session session, Statement.SetSession s, Consumer<Reply<Boolean>> reply) {
    switch (s.name()) {
      case "sql_log_bin" -> session.logged = s.value().equals("1");
      case "gtid_seq_no" -> {
        long sequence = Long.parseLong(s.value());
        if (settings.strict && sequence <= server.log().sequence(0)) {
          reply.accept(refused(OUT_OF_ORDER, "it would be out of order, in strict mode"));
          return;
        }
        session.sequence = sequence;
      }
      case "lock_wait_timeout" -> session.lockWait(Long.parseLong(s.value()) * Kernel.SECOND);
      default -> {}
    }
    reply.accept(Reply.ok());
  }

  private void kill(Session session, Statement.Kill s, Consumer<Reply<Boolean>> reply) {
    Optional<Session> other =
        server.sessions().stream().filter(o -> o.id() == s.session()).findFirst();
    if (other.isEmpty()) {
      reply.accept(refused(NO_SUCH_THREAD, "Unknown thread id: " + s.session()));
      return;
    }
    boolean own = other.get().account().equals(session.account());
    if (!own && !session.account().privileged()) {
      reply.accept(refused(NOT_YOURS, "You are not owner of thread " + s.session()));
      return;
    }
    server.desk().kill(other.get(), s.connection());
    if (other.get() != session) {
      reply.accept(Reply.ok());
    }
  }

  // --- data

  private Transaction entry(
      long domain, Transaction.Kind kind, long row, long epoch, String owner) {
    return new Transaction(new Gtid(domain, 0, 0), kind, row, epoch, owner, server.now());
  }

  private void flush(Session session, Statement.Flush s, Consumer<Reply<Boolean>> reply) {
    if (s.logged() && session.logged) {
      change(session, entry(0, Transaction.Kind.NOTHING, 0, 0, ""), reply);
      return;
    }
    later(
        1,
        8,
        () -> {
          server.log().sync();
          server.engine().flush();
          reply.accept(Reply.ok());
        });
  }

  private void write(Session session, Statement.Write s, Consumer<Reply<Boolean>> reply) {
    if (!session.inTransaction()) {
      change(session, entry(s.domain(), Transaction.Kind.WRITE, s.row(), 0, ""), reply);
    } else if (closedFor(session)) {
      reply.accept(readOnly());
    } else {
      session.remember(s);
      reply.accept(Reply.ok());
    }
  }

  private void commit(
      Session session, List<Statement.Write> writes, Consumer<Reply<Boolean>> reply) {
    if (writes.isEmpty()) {
      reply.accept(Reply.ok());
      return;
    }
    // One row stands for the whole transaction.
    Statement.Write last = writes.getLast();
    change(session, entry(last.domain(), Transaction.Kind.WRITE, last.row(), 0, ""), reply);
  }

  private boolean closedFor(Session session) {
    return server.readOnly() && !session.account().privileged();
  }

  private static Reply<Boolean> readOnly() {
    return refused(READ_ONLY, "The MariaDB server is running with the --read-only option");
  }

  /** A statement that writes: waits for locks, runs, is committed. */
  private void change(Session session, Transaction transaction, Consumer<Reply<Boolean>> reply) {
    if (closedFor(session) || (locks.closingSoon() && !session.account().privileged())) {
      reply.accept(readOnly());
    } else if (locks.holdsUp(session)) {
      locks.park(
          session,
          () -> change(session, transaction, reply),
          () -> reply.accept(refused(Locks.INTERRUPTED, "Query execution was interrupted")));
    } else {
      locks.writeBegins();
      long execution = dice.tailed(40 * Kernel.MICROSECOND, 120 * Kernel.MICROSECOND);
      server.process().after(execution, () -> executed(session, transaction, reply));
    }
  }

  private void executed(Session session, Transaction transaction, Consumer<Reply<Boolean>> reply) {
    locks.writeEnds();
    if (session.killed()) {
      reply.accept(refused(Locks.INTERRUPTED, "Query execution was interrupted"));
      locks.look();
    } else if (duplicate(transaction)) {
      reply.accept(refused(DUPLICATE, "Duplicate entry '" + transaction.row() + "'"));
      locks.look();
    } else if (session.logged) {
      commits.local(
          session,
          numbered(session, transaction),
          gtid -> {
            session.committed(gtid);
            reply.accept(Reply.ok());
          });
    } else {
      server.engine().commit(transaction, false, server.now());
      reply.accept(Reply.ok());
      locks.look();
    }
  }

  private boolean duplicate(Transaction transaction) {
    return transaction.kind() == Transaction.Kind.WRITE
        && server.engine().hasRow(transaction.row());
  }

  private static Transaction numbered(Session session, Transaction transaction) {
    Gtid asked = new Gtid(transaction.gtid().domain(), 0, session.sequence);
    session.sequence = 0;
    return transaction.with(asked);
  }

  private void createReigns(Session session, Consumer<Reply<Boolean>> reply) {
    if (server.engine().hasReignTable()) {
      reply.accept(Reply.ok());
    } else {
      change(session, entry(0, Transaction.Kind.REIGN_TABLE, 0, 0, ""), reply);
    }
  }

  private void insertReign(
      Session session, Statement.InsertReign s, Consumer<Reply<Boolean>> reply) {
    if (server.engine().reigns().containsKey(s.epoch())) {
      reply.accept(refused(DUPLICATE, "Duplicate entry '" + s.epoch() + "' for key 'PRIMARY'"));
      return;
    }
    change(session, entry(0, Transaction.Kind.REIGN, 0, s.epoch(), s.server()), reply);
  }

  /** Not logged, so no acknowledgement is waited for; but locks are. */
  private void local(Session session, Runnable change, Consumer<Reply<Boolean>> reply) {
    if (server.troubles().diskFull()) {
      later(500, 500, () -> local(session, change, reply));
      return;
    }
    if (locks.holdsUp(session)) {
      locks.park(
          session,
          () -> local(session, change, reply),
          () -> reply.accept(refused(Locks.INTERRUPTED, "Query execution was interrupted")));
      return;
    }
    long commit = dice.tailed(200 * Kernel.MICROSECOND, 400 * Kernel.MICROSECOND);
    server
        .process()
        .after(
            commit,
            () -> {
              change.run();
              reply.accept(Reply.ok());
            });
  }
}
