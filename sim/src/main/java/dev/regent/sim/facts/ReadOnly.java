package dev.regent.sim.facts;

import static dev.regent.sim.facts.Play.admin;
import static dev.regent.sim.facts.Play.awaitApplied;
import static dev.regent.sim.facts.Play.insert;
import static dev.regent.sim.facts.Play.send;
import static dev.regent.sim.facts.Play.sendAsAdmin;

import dev.regent.sim.contract.ContractCase;
import dev.regent.sim.contract.ContractCase.Setting;
import dev.regent.sim.contract.Facts;
import dev.regent.sim.contract.Operation.Begin;
import dev.regent.sim.contract.Operation.Commit;
import dev.regent.sim.contract.Operation.Insert;
import dev.regent.sim.contract.Operation.KillConnection;
import dev.regent.sim.contract.Operation.KillQuery;
import dev.regent.sim.contract.Operation.LockEverything;
import dev.regent.sim.contract.Operation.LockTable;
import dev.regent.sim.contract.Operation.SetGlobal;
import dev.regent.sim.contract.Operation.UnlockTables;
import dev.regent.sim.contract.Outcome;
import dev.regent.sim.contract.Subject;
import dev.regent.sim.contract.SubjectServer;
import dev.regent.sim.contract.SubjectServer.Login;
import dev.regent.sim.contract.SubjectSession;
import dev.regent.sim.contract.SubjectSession.Answer;
import dev.regent.sim.contract.Variable;
import dev.regent.sim.facts.Play.Hanging;
import java.util.List;

/** What closes a server, for whom, and what that waits for. */
final class ReadOnly {
  private static final SetGlobal CLOSE = new SetGlobal(Variable.READ_ONLY, "1");

  /** The server runs with read_only and this statement would write. */
  private static final Outcome REFUSED = new Outcome.Failed(1290);

  private ReadOnly() {}

  static List<ContractCase> cases() {
    return List.of(
        new ContractCase(
            "readOnlyRefusesApplicationsOnly",
            "physics.md 3.1",
            Setting.async(2),
            ReadOnly::readOnlyRefusesApplicationsOnly),
        new ContractCase(
            "openTransactionFailsAtItsCommit",
            "physics.md 3.1",
            Setting.async(1),
            ReadOnly::openTransactionFailsAtItsCommit),
        new ContractCase(
            "readOnlyWaitsForATableLock",
            "physics.md 3.1",
            Setting.async(1),
            ReadOnly::readOnlyWaitsForATableLock),
        new ContractCase(
            "globalLockLetsWritesWait",
            "physics.md 3.1",
            Setting.async(1),
            ReadOnly::globalLockLetsWritesWait),
        new ContractCase(
            "globalLockThenReadOnly",
            "physics.md 3.1",
            Setting.async(1),
            ReadOnly::globalLockThenReadOnly));
  }

  private static void readOnlyRefusesApplicationsOnly(Subject subject, Facts facts) {
    SubjectServer primary = subject.server(1);
    admin(primary, CLOSE);
    facts.is("an application", insert(primary, 1), REFUSED);
    facts.is("the administrator", sendAsAdmin(primary, new Insert(2)).end(), Outcome.OK);
    awaitApplied(subject, subject.server(2), "0-1-1");
    facts.is("a read-only replica's applier", subject.server(2).rows(), List.of(2L));
    admin(primary, new SetGlobal(Variable.READ_ONLY, "0"));
    facts.is("an application, opened", insert(primary, 3), Outcome.OK);
  }

  private static void openTransactionFailsAtItsCommit(Subject subject, Facts facts) {
    SubjectServer server = subject.server(1);
    SubjectSession app = server.open(Login.APP);
    app.must(new Begin());
    app.must(new Insert(1));
    SubjectSession admin = server.open(Login.ADMIN);
    admin.must(new Begin());
    admin.must(new Insert(2));

    facts.is("closing beside open transactions", sendAsAdmin(server, CLOSE).end(), Outcome.OK);
    facts.is("commit of an application", app.run(new Commit()), REFUSED);
    facts.is("commit of the administrator", admin.run(new Commit()), Outcome.OK);
    facts.is("rows", server.rows(), List.of(2L));
    facts.is("its log", server.read(Variable.GTID_BINLOG_STATE), "0-1-1");
  }

  private static void readOnlyWaitsForATableLock(Subject subject, Facts facts) {
    SubjectServer server = subject.server(1);
    SubjectSession holder = server.open(Login.ADMIN);
    holder.must(new LockTable());

    Hanging first = sendAsAdmin(server, CLOSE);
    facts.is("closing", first.now(), new Outcome.Hanging());
    Hanging write = send(server, new Insert(1));
    facts.is("an application meanwhile", write.now(), new Outcome.Hanging());
    admin(server, new KillQuery(first.session().id()));
    facts.is("closing, killed", first.end(), new Outcome.Failed(1317));
    facts.is("read_only", server.read(Variable.READ_ONLY), "0");

    Hanging second = sendAsAdmin(server, CLOSE);
    facts.is("closing again", second.now(), new Outcome.Hanging());
    admin(server, new KillConnection(holder.id()));
    facts.is("closing, holder killed", second.end(), Outcome.OK);
    facts.is("read_only then", server.read(Variable.READ_ONLY), "1");
  }

  private static void globalLockLetsWritesWait(Subject subject, Facts facts) {
    SubjectServer server = subject.server(1);
    SubjectSession open = server.open(Login.APP);
    open.must(new Begin());
    open.must(new Insert(1));
    SubjectSession holder = server.open(Login.ADMIN);
    facts.is("lock beside an open transaction", holder.run(new LockEverything()), Outcome.OK);

    Answer commit = open.send(new Commit());
    facts.is("commit", commit.within(Play.MOMENT), new Outcome.Hanging());
    Hanging write = send(server, new Insert(2));
    facts.is("a new write", write.now(), new Outcome.Hanging());
    facts.is("rows", server.rows(), List.of());

    holder.must(new UnlockTables());
    facts.is("commit, unlocked", commit.within(Subject.LIMIT), Outcome.OK);
    facts.is("the write, unlocked", write.end(), Outcome.OK);

    SubjectSession second = server.open(Login.ADMIN);
    second.must(new LockEverything());
    Hanging later = send(server, new Insert(3));
    facts.is("a write behind a second lock", later.now(), new Outcome.Hanging());
    admin(server, new KillConnection(second.id()));
    facts.is("the write, lock's holder killed", later.end(), Outcome.OK);
  }

  private static void globalLockThenReadOnly(Subject subject, Facts facts) {
    SubjectServer server = subject.server(1);
    SubjectSession holder = server.open(Login.ADMIN);
    holder.must(new LockEverything());
    Hanging write = send(server, new Insert(1));
    facts.is("a write", write.now(), new Outcome.Hanging());
    facts.is("closing under the lock", holder.run(CLOSE), Outcome.OK);
    facts.is("the write, closed", write.now(), new Outcome.Hanging());
    holder.must(new UnlockTables());
    facts.is("the write, unlocked", write.end(), REFUSED);
    facts.is("its log", server.read(Variable.GTID_BINLOG_STATE), "");
  }
}
