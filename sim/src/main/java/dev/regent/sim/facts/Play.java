package dev.regent.sim.facts;

import dev.regent.sim.contract.Operation;
import dev.regent.sim.contract.Operation.Insert;
import dev.regent.sim.contract.Operation.Place;
import dev.regent.sim.contract.Operation.PointTo;
import dev.regent.sim.contract.Operation.StartReplication;
import dev.regent.sim.contract.Operation.StopReplication;
import dev.regent.sim.contract.Operation.Threads;
import dev.regent.sim.contract.Outcome;
import dev.regent.sim.contract.Subject;
import dev.regent.sim.contract.SubjectServer;
import dev.regent.sim.contract.SubjectServer.Login;
import dev.regent.sim.contract.SubjectSession;
import dev.regent.sim.contract.SubjectSession.Answer;
import dev.regent.sim.contract.Variable;
import java.time.Duration;

/** What many stories do. */
final class Play {
  /** Who has not answered after this is taken to wait for something. */
  static final Duration MOMENT = Duration.ofMillis(200);

  /** The retry grid and the heartbeat that replicas have unless a story is about them. */
  static final int RETRY_SECONDS = 1;

  static final int HEARTBEAT_MILLIS = 500;

  private Play() {}

  /** A statement without an answer yet. */
  record Hanging(SubjectSession session, Answer answer) {
    Outcome now() {
      return answer.within(MOMENT);
    }

    Outcome end() {
      return answer.within(Subject.LIMIT);
    }
  }

  static Hanging send(SubjectServer server, Operation operation) {
    SubjectSession session = server.open(Login.APP);
    return new Hanging(session, session.send(operation));
  }

  static Hanging sendAsAdmin(SubjectServer server, Operation operation) {
    SubjectSession session = server.open(Login.ADMIN);
    return new Hanging(session, session.send(operation));
  }

  /** What an application is told. */
  static Outcome insert(SubjectServer server, long row) {
    return send(server, new Insert(row)).end();
  }

  /** Rows {@code from} to {@code to}, each its own transaction, all of them acknowledged. */
  static void insertAll(SubjectServer server, long from, long to) {
    SubjectSession app = server.open(Login.APP);
    for (long row = from; row <= to; row++) {
      app.must(new Insert(row));
    }
    app.close();
  }

  /** A write that waits for its acknowledgement. */
  static Hanging hang(Subject subject, SubjectServer server, long row) {
    Hanging write = send(server, new Insert(row));
    subject.await(
        "a commit to wait for its acknowledgement",
        () -> server.waiting().contains(write.session().id()));
    return write;
  }

  static String admin(SubjectServer server, Operation... operations) {
    SubjectSession admin = server.open(Login.ADMIN);
    String value = "";
    for (Operation operation : operations) {
      value = admin.must(operation);
    }
    admin.close();
    return value;
  }

  /** What the administrator is told. */
  static Outcome tryAsAdmin(SubjectServer server, Operation operation) {
    return sendAsAdmin(server, operation).end();
  }

  static StartReplication start(Threads threads) {
    return new StartReplication("", threads);
  }

  static StopReplication stop(Threads threads) {
    return new StopReplication("", threads);
  }

  static PointTo pointTo(int source, Place place) {
    return new PointTo("", source, place, RETRY_SECONDS, HEARTBEAT_MILLIS);
  }

  static void awaitConnected(Subject subject, SubjectServer replica) {
    subject.await(
        "server" + replica.number() + " to be connected", () -> replica.status().connected());
  }

  static void awaitReceived(Subject subject, SubjectServer replica, String position) {
    subject.await(
        "server" + replica.number() + " to receive " + position,
        () -> replica.status().received().equals(position));
  }

  static void awaitApplied(Subject subject, SubjectServer replica, String position) {
    subject.await(
        "server" + replica.number() + " to apply " + position,
        () -> replica.read(Variable.GTID_REPLICA_POS).equals(position));
  }

  static void awaitClients(Subject subject, SubjectServer primary, int count) {
    subject.await(
        count + " acknowledging replicas",
        () -> primary.read(Variable.SEMI_SYNC_CLIENTS).equals(Integer.toString(count)));
  }

  /** Ends the reign of nobody in particular: an open server that follows nobody. */
  static void promote(SubjectServer replica) {
    admin(
        replica,
        stop(Threads.BOTH),
        new Operation.ResetReplica("", true),
        new Operation.SetGlobal(Variable.READ_ONLY, "0"));
  }
}
