package dev.regent.sim.facts;

import static dev.regent.sim.facts.Play.admin;
import static dev.regent.sim.facts.Play.awaitApplied;
import static dev.regent.sim.facts.Play.insert;
import static dev.regent.sim.facts.Play.insertAll;
import static dev.regent.sim.facts.Play.promote;
import static dev.regent.sim.facts.Play.sendAsAdmin;
import static dev.regent.sim.facts.Play.start;
import static dev.regent.sim.facts.Play.stop;
import static dev.regent.sim.facts.Play.tryAsAdmin;

import dev.regent.sim.contract.ContractCase;
import dev.regent.sim.contract.ContractCase.Setting;
import dev.regent.sim.contract.Facts;
import dev.regent.sim.contract.Operation.AwaitApplied;
import dev.regent.sim.contract.Operation.FlushStatus;
import dev.regent.sim.contract.Operation.Insert;
import dev.regent.sim.contract.Operation.LogMyWrites;
import dev.regent.sim.contract.Operation.ResetBinlog;
import dev.regent.sim.contract.Operation.SetGlobal;
import dev.regent.sim.contract.Operation.Threads;
import dev.regent.sim.contract.Operation.UseDomain;
import dev.regent.sim.contract.Operation.UseSequence;
import dev.regent.sim.contract.Outcome;
import dev.regent.sim.contract.Subject;
import dev.regent.sim.contract.SubjectServer;
import dev.regent.sim.contract.SubjectServer.Login;
import dev.regent.sim.contract.SubjectSession;
import dev.regent.sim.contract.Variable;
import dev.regent.sim.facts.Play.Hanging;
import java.time.Duration;
import java.util.List;

/** What positions and states say, and what changes them. */
final class Gtids {
  private Gtids() {}

  static List<ContractCase> cases() {
    return List.of(
        new ContractCase(
            "errantWriteShowsInTheStateAndStopsTheApplier",
            "physics.md 5.2, 5.6",
            Setting.async(2),
            Gtids::errantWriteShowsInTheStateAndStopsTheApplier),
        new ContractCase(
            "withoutStrictModeTheApplierGoesOn",
            "physics.md 5.1",
            Setting.async(2),
            Gtids::withoutStrictModeTheApplierGoesOn),
        new ContractCase(
            "unloggedWriteLeavesNoTrace",
            "physics.md 5.6",
            Setting.async(2),
            Gtids::unloggedWriteLeavesNoTrace),
        new ContractCase(
            "flushIsATransactionUnlessToldOtherwise",
            "physics.md 5.6",
            Setting.async(2),
            Gtids::flushIsATransactionUnlessToldOtherwise),
        new ContractCase(
            "domainsCountApart", "physics.md 5.2", Setting.async(2), Gtids::domainsCountApart),
        new ContractCase(
            "strictModeRefusesAnOldSequence",
            "physics.md 5.1",
            Setting.async(1),
            Gtids::strictModeRefusesAnOldSequence),
        new ContractCase(
            "positionBehindTheLogIsRefusedInStrictMode",
            "physics.md 5.1",
            Setting.async(1),
            Gtids::positionBehindTheLogIsRefusedInStrictMode),
        new ContractCase(
            "whatARunningReplicaDoesNotLetChange",
            "java.md 2 (lab), orchestrator.md 1.9",
            Setting.async(2),
            Gtids::whatARunningReplicaDoesNotLetChange),
        new ContractCase(
            "promotedServerGoesOnCounting",
            "physics.md 5.2",
            Setting.async(2),
            Gtids::promotedServerGoesOnCounting),
        new ContractCase(
            "positionsOutliveACrash", "physics.md 5.3", Setting.async(2), Gtids::outliveACrash),
        new ContractCase(
            "waitForAPositionIgnoresAStoppedApplier",
            "physics.md 2.2",
            Setting.async(2),
            Gtids::waitForAPositionIgnoresAStoppedApplier));
  }

  /** The primary has written row 1, somebody else row 9 on its replica. */
  private static SubjectServer errant(Subject subject) {
    SubjectServer replica = subject.server(2);
    insertAll(subject.server(1), 1, 1);
    awaitApplied(subject, replica, "0-1-1");
    admin(replica, new Insert(9));
    return replica;
  }

  private static void errantWriteShowsInTheStateAndStopsTheApplier(Subject subject, Facts facts) {
    SubjectServer replica = errant(subject);
    facts.is("its log", replica.read(Variable.GTID_BINLOG_STATE), "0-1-1,0-2-2");
    facts.is("its position as a replica", replica.read(Variable.GTID_REPLICA_POS), "0-1-1");
    facts.is("its threads, until then", replica.status().applying(), true);

    insertAll(subject.server(1), 2, 2);
    subject.await("the applier to stop", () -> !replica.status().applying());
    facts.is("error", replica.status().applyError(), 1950);
    facts.is("receiving", replica.status().receiving(), "YES");
    facts.is("rows", replica.rows(), List.of(1L, 9L));
    // The same number twice in one domain: only the server id tells them apart.
    facts.is("the primary's log", subject.server(1).read(Variable.GTID_BINLOG_STATE), "0-1-2");
  }

  private static void withoutStrictModeTheApplierGoesOn(Subject subject, Facts facts) {
    SubjectServer replica = errant(subject);
    admin(replica, new SetGlobal(Variable.GTID_STRICT, "0"));
    insertAll(subject.server(1), 2, 2);
    awaitApplied(subject, replica, "0-1-2");
    facts.is("rows", replica.rows(), List.of(1L, 2L, 9L));
    facts.is("its log", replica.read(Variable.GTID_BINLOG_STATE), "0-1-2,0-2-2");
  }

  private static void unloggedWriteLeavesNoTrace(Subject subject, Facts facts) {
    SubjectServer primary = subject.server(1);
    admin(primary, new LogMyWrites(false), new Insert(1));
    facts.is("rows", primary.rows(), List.of(1L));
    facts.is("its log", primary.read(Variable.GTID_BINLOG_STATE), "");
    insertAll(primary, 2, 2);
    awaitApplied(subject, subject.server(2), "0-1-1");
    facts.is("rows on the replica", subject.server(2).rows(), List.of(2L));
  }

  private static void flushIsATransactionUnlessToldOtherwise(Subject subject, Facts facts) {
    SubjectServer replica = subject.server(2);
    admin(replica, new FlushStatus(false));
    facts.is("not logged", replica.read(Variable.GTID_BINLOG_STATE), "");
    admin(replica, new FlushStatus(true));
    facts.is("logged, on a read-only replica", replica.read(Variable.GTID_BINLOG_STATE), "0-2-1");
  }

  private static void domainsCountApart(Subject subject, Facts facts) {
    SubjectServer primary = subject.server(1);
    insertAll(primary, 1, 2);
    admin(primary, new UseDomain(7), new Insert(3));
    facts.is("its log", primary.read(Variable.GTID_BINLOG_STATE), "0-1-2,7-1-1");
    SubjectServer replica = subject.server(2);
    awaitApplied(subject, replica, "0-1-2,7-1-1");
    facts.is("rows on the replica", replica.rows(), List.of(1L, 2L, 3L));
    facts.is("received", replica.status().received(), "0-1-2,7-1-1");
  }

  private static void strictModeRefusesAnOldSequence(Subject subject, Facts facts) {
    SubjectServer server = subject.server(1);
    insertAll(server, 1, 2);
    SubjectSession admin = server.open(Login.ADMIN);
    facts.is("an old number", admin.run(new UseSequence(2)), new Outcome.Failed(1950));
    facts.is("one that leaves a gap", admin.run(new UseSequence(10)), Outcome.OK);
    admin.must(new Insert(3));
    facts.is("its log", server.read(Variable.GTID_BINLOG_STATE), "0-1-10");
    facts.is("its log then", next(server), "0-1-11");
  }

  private static String next(SubjectServer server) {
    insertAll(server, 4, 4);
    return server.read(Variable.GTID_BINLOG_STATE);
  }

  private static void positionBehindTheLogIsRefusedInStrictMode(Subject subject, Facts facts) {
    SubjectServer server = subject.server(1);
    insertAll(server, 1, 3);
    SetGlobal back = new SetGlobal(Variable.GTID_REPLICA_POS, "0-1-1");
    facts.is("gtid_slave_pos behind the log", tryAsAdmin(server, back), new Outcome.Failed(1947));
    admin(server, new SetGlobal(Variable.GTID_STRICT, "0"));
    facts.is("without strict mode", tryAsAdmin(server, back), Outcome.OK);
    admin(server, new SetGlobal(Variable.GTID_STRICT, "1"), new ResetBinlog());
    facts.is("its log, reset", server.read(Variable.GTID_BINLOG_STATE), "");
    facts.is("its position then", server.read(Variable.GTID_REPLICA_POS), "0-1-1");
    facts.is("without a log", tryAsAdmin(server, back), Outcome.OK);
  }

  private static void whatARunningReplicaDoesNotLetChange(Subject subject, Facts facts) {
    SubjectServer replica = subject.server(2);
    SetGlobal position = new SetGlobal(Variable.GTID_REPLICA_POS, "");
    SetGlobal threads = new SetGlobal(Variable.PARALLEL_THREADS, "2");
    Outcome refused = new Outcome.Failed(1198);
    facts.is("gtid_slave_pos", tryAsAdmin(replica, position), refused);
    facts.is("parallel threads", tryAsAdmin(replica, threads), refused);
    admin(replica, stop(Threads.APPLYING));
    facts.is("gtid_slave_pos, receiver alone", tryAsAdmin(replica, position), Outcome.OK);
    facts.is("parallel threads, receiver alone", tryAsAdmin(replica, threads), Outcome.OK);

    admin(replica, start(Threads.APPLYING));
    insertAll(subject.server(1), 1, 20);
    awaitApplied(subject, replica, "0-1-20");
    facts.is("rows, applied in parallel", replica.rows(), subject.server(1).rows());
    facts.is("log, written in parallel", replica.read(Variable.GTID_BINLOG_STATE), "0-1-20");
  }

  private static void promotedServerGoesOnCounting(Subject subject, Facts facts) {
    SubjectServer promoted = subject.server(2);
    insertAll(subject.server(1), 1, 3);
    awaitApplied(subject, promoted, "0-1-3");
    promote(promoted);
    insertAll(promoted, 4, 4);
    facts.is("its log", promoted.read(Variable.GTID_BINLOG_STATE), "0-1-3,0-2-4");
    facts.is("the end of its log", promoted.read(Variable.GTID_BINLOG_POS), "0-2-4");
    facts.is("as a replica", promoted.read(Variable.GTID_REPLICA_POS), "0-1-3");
    facts.is("both together", promoted.read(Variable.GTID_CURRENT_POS), "0-2-4");
    facts.is("channels", promoted.channels(), List.of());
  }

  private static void outliveACrash(Subject subject, Facts facts) {
    SubjectServer replica = subject.server(2);
    insertAll(subject.server(1), 1, 3);
    awaitApplied(subject, replica, "0-1-3");
    replica.kill();
    replica.start();
    facts.is("position", replica.read(Variable.GTID_REPLICA_POS), "0-1-3");
    facts.is("log", replica.read(Variable.GTID_BINLOG_STATE), "0-1-3");
    subject.server(1).kill();
    subject.server(1).start();
    facts.is("log of a primary", subject.server(1).read(Variable.GTID_BINLOG_STATE), "0-1-3");
    facts.is("rows", subject.server(1).rows(), replica.rows());
    admin(subject.server(1), new SetGlobal(Variable.READ_ONLY, "0"));
    facts.is("client", insert(subject.server(1), 4), Outcome.OK);
    facts.is("its log then", subject.server(1).read(Variable.GTID_BINLOG_STATE), "0-1-4");
  }

  private static void waitForAPositionIgnoresAStoppedApplier(Subject subject, Facts facts) {
    SubjectServer replica = subject.server(2);
    admin(replica, stop(Threads.APPLYING));
    insertAll(subject.server(1), 1, 1);
    Duration begun = subject.now();
    facts.is(
        "the wait beside a stopped applier",
        tryAsAdmin(replica, new AwaitApplied("0-1-1", 1)),
        new Outcome.Ok("-1"));
    facts.isBetween(
        "it takes", subject.now().minus(begun), Duration.ofMillis(900), Duration.ofSeconds(5));

    Hanging wait = sendAsAdmin(replica, new AwaitApplied("0-1-1", 30));
    facts.is("a longer wait", wait.now(), new Outcome.Hanging());
    admin(replica, start(Threads.APPLYING));
    facts.is("when it is applied", wait.end(), new Outcome.Ok("0"));
  }
}
