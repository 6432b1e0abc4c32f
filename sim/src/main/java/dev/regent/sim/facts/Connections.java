package dev.regent.sim.facts;

import static dev.regent.sim.facts.Play.admin;
import static dev.regent.sim.facts.Play.insert;
import static dev.regent.sim.facts.Play.tryAsAdmin;

import dev.regent.sim.contract.Attempt;
import dev.regent.sim.contract.ContractCase;
import dev.regent.sim.contract.ContractCase.Setting;
import dev.regent.sim.contract.Facts;
import dev.regent.sim.contract.Operation.Begin;
import dev.regent.sim.contract.Operation.GetLock;
import dev.regent.sim.contract.Operation.Insert;
import dev.regent.sim.contract.Operation.KillConnection;
import dev.regent.sim.contract.Operation.KillQuery;
import dev.regent.sim.contract.Operation.LockHolder;
import dev.regent.sim.contract.Operation.SetGlobal;
import dev.regent.sim.contract.Outcome;
import dev.regent.sim.contract.Subject;
import dev.regent.sim.contract.SubjectServer;
import dev.regent.sim.contract.SubjectServer.Login;
import dev.regent.sim.contract.SubjectSession;
import dev.regent.sim.contract.Variable;
import java.time.Duration;
import java.util.List;

/** How logging in fails, and what ends with a connection. */
final class Connections {
  /** The least that a server takes for its limit. */
  private static final int CONNECTIONS_LEAST = 10;

  private Connections() {}

  static List<ContractCase> cases() {
    return List.of(
        new ContractCase(
            "howLoggingInFails", "physics.md 1, DESIGN 4", Setting.async(1), Connections::fails),
        new ContractCase(
            "tooManyConnections", "DESIGN 4", Setting.async(1), Connections::tooManyConnections),
        new ContractCase(
            "frozenServerGoesOnAsIfNothingHadBeen",
            "physics.md 1",
            Setting.async(1),
            Connections::frozenServerGoesOn),
        new ContractCase(
            "namedLockEndsWithItsConnection",
            "ha.md 4.4, 4.6",
            Setting.async(1),
            Connections::namedLockEndsWithItsConnection),
        new ContractCase(
            "whatAKillDoesToTheIdle", "physics.md 4.3", Setting.async(1), Connections::kills),
        new ContractCase(
            "whatEndsWithAConnection", "physics.md 4.3", Setting.async(1), Connections::ends));
  }

  private static void fails(Subject subject, Facts facts) {
    SubjectServer server = subject.server(1);
    facts.is(
        "wrong password", server.connect(Login.STRANGER, Subject.LIMIT), new Attempt.Denied(1045));
    server.freeze();
    facts.is("frozen", server.connect(Login.ADMIN, Duration.ofMillis(700)), new Attempt.Silent());
    server.thaw();
    facts.is("thawed", connects(server, Login.ADMIN), "connected");
    server.kill();
    facts.is("killed", server.connect(Login.ADMIN, Subject.LIMIT), new Attempt.Refused());
    server.start();
    facts.is("started", connects(server, Login.APP), "connected");
  }

  private static Attempt connects(SubjectServer server, Login login) {
    return server.connect(login, Subject.LIMIT);
  }

  private static void tooManyConnections(Subject subject, Facts facts) {
    SubjectServer server = subject.server(1);
    SubjectSession admin = server.open(Login.ADMIN);
    admin.must(new SetGlobal(Variable.MAX_CONNECTIONS, Integer.toString(CONNECTIONS_LEAST)));
    for (int others = 1; others < CONNECTIONS_LEAST; others++) {
      server.open(Login.APP);
    }
    Attempt denied = new Attempt.Denied(1040);
    facts.is("an application too many", connects(server, Login.APP), denied);
    // Whoever is turned away takes that one place too, for a moment.
    facts.isTrue(
        "an administrator too many gets in",
        subject.holdsWithin(
            Subject.LIMIT, () -> connects(server, Login.ADMIN) instanceof Attempt.Connected));
    facts.is("one more", connects(server, Login.ADMIN), denied);
    facts.is(
        "those who are in", admin.run(new SetGlobal(Variable.MAX_CONNECTIONS, "100")), Outcome.OK);
    facts.is("an application then", connects(server, Login.APP), "connected");
  }

  private static void frozenServerGoesOn(Subject subject, Facts facts) {
    SubjectServer server = subject.server(1);
    SubjectSession app = server.open(Login.APP);
    server.freeze();
    SubjectSession.Answer write = app.send(new Insert(1));
    facts.is("a write, frozen", write.within(Duration.ofMillis(700)), new Outcome.Hanging());
    server.thaw();
    facts.is("a write, thawed", write.within(Subject.LIMIT), Outcome.OK);
    server.freeze();
    SubjectSession.Answer lost = app.send(new Insert(2));
    facts.is("another", lost.within(Play.MOMENT), new Outcome.Hanging());
    server.kill();
    facts.is("another, killed while frozen", lost.within(Subject.LIMIT), new Outcome.Lost());
  }

  private static void namedLockEndsWithItsConnection(Subject subject, Facts facts) {
    SubjectServer server = subject.server(1);
    SubjectSession first = server.open(Login.ADMIN);
    SubjectSession second = server.open(Login.ADMIN);
    SubjectSession third = server.open(Login.ADMIN);
    facts.is("first", first.run(new GetLock("office", 0)), new Outcome.Ok("1"));
    facts.is("second", second.run(new GetLock("office", 0)), new Outcome.Ok("0"));
    facts.is("its holder", second.run(new LockHolder("office")), new Outcome.Ok("" + first.id()));

    SubjectSession.Answer waiting = second.send(new GetLock("office", 30));
    facts.is("second waits", waiting.within(Play.MOMENT), new Outcome.Hanging());
    first.close();
    facts.is("second, first gone", waiting.within(Subject.LIMIT), new Outcome.Ok("1"));

    third.must(new KillQuery(second.id()));
    facts.is(
        "third, second's query killed", third.run(new GetLock("office", 0)), new Outcome.Ok("0"));
    third.must(new KillConnection(second.id()));
    facts.is("third, second killed", third.run(new GetLock("office", 10)), new Outcome.Ok("1"));
    facts.is(
        "another name", server.open(Login.ADMIN).run(new GetLock("else", 0)), new Outcome.Ok("1"));
  }

  private static void kills(Subject subject, Facts facts) {
    SubjectServer server = subject.server(1);
    SubjectSession idle = server.open(Login.APP);
    admin(server, new KillQuery(idle.id()));
    facts.is("next statement after KILL QUERY", idle.run(new Insert(1)), Outcome.OK);
    admin(server, new KillConnection(idle.id()));
    facts.is("next statement after KILL CONNECTION", idle.run(new Insert(2)), new Outcome.Lost());
    facts.is(
        "killing whom nobody knows",
        tryAsAdmin(server, new KillConnection(999_999)),
        new Outcome.Failed(1094));
    SubjectSession app = server.open(Login.APP);
    SubjectSession admin = server.open(Login.ADMIN);
    facts.is(
        "an application kills", app.run(new KillConnection(admin.id())), new Outcome.Failed(1095));
    facts.is(
        "an application sets",
        app.run(new SetGlobal(Variable.READ_ONLY, "1")),
        new Outcome.Failed(1227));
  }

  private static void ends(Subject subject, Facts facts) {
    SubjectServer server = subject.server(1);
    SubjectSession open = server.open(Login.APP);
    open.must(new Begin());
    open.must(new Insert(1));
    facts.is("rows, not committed", server.rows(), List.of());
    open.close();
    facts.is("the same row by another", insert(server, 1), Outcome.OK);
    facts.is("the same row again", insert(server, 1), new Outcome.Failed(1062));
    facts.is("rows", server.rows(), List.of(1L));
    facts.is("its log", server.read(Variable.GTID_BINLOG_STATE), "0-1-1");
  }
}
