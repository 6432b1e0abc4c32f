package dev.regent.sim.facts;

import static dev.regent.sim.facts.Play.admin;
import static dev.regent.sim.facts.Play.hang;
import static dev.regent.sim.facts.Play.insertAll;
import static dev.regent.sim.facts.Play.stop;

import dev.regent.sim.contract.ContractCase;
import dev.regent.sim.contract.ContractCase.Setting;
import dev.regent.sim.contract.Facts;
import dev.regent.sim.contract.Operation.SetGlobal;
import dev.regent.sim.contract.Operation.Threads;
import dev.regent.sim.contract.Outcome;
import dev.regent.sim.contract.Subject;
import dev.regent.sim.contract.SubjectServer;
import dev.regent.sim.contract.SubjectServer.StartOption;
import dev.regent.sim.contract.Variable;
import dev.regent.sim.contract.Version;
import dev.regent.sim.facts.Play.Hanging;
import java.util.List;

/** What a server has after its end that it did not have, or never should have had, before. */
final class Recovery {
  /** A background flush of InnoDB, once a second, may save what a crash would have taken. */
  private static final int TRIES = 5;

  private Recovery() {}

  static List<ContractCase> cases() {
    return List.of(
        new ContractCase(
            "orderlyShutdownCommitsWhatWaits",
            "physics.md 4.3, ha.md 5.3 (4)",
            Setting.safe(2),
            (s, facts) -> ended(s, facts, false)),
        new ContractCase(
            "recoveryCommitsWhatWaited",
            "physics.md 5.3, ha.md 5.3 (4)",
            Setting.safe(2),
            (s, facts) -> ended(s, facts, true)),
        new ContractCase(
            "roleReplicaTruncates",
            "physics.md 5.3, ha.md 5.5 (MDEV-33465)",
            Setting.safe(2),
            Recovery::roleReplicaTruncates),
        new ContractCase(
            "semiSyncReplicaTruncates",
            "physics.md 5.3, ha.md 5.5 (MDEV-33465)",
            Setting.safe(2),
            Recovery::semiSyncReplicaTruncates),
        new ContractCase(
            "truncationTakesAcknowledgedTransactionsToo",
            "physics.md 5.3",
            Setting.safe(2),
            Recovery::truncationTakesAcknowledgedTransactionsToo),
        new ContractCase(
            "relaxedInnodbForgetsWhatItsLogHolds",
            "physics.md 2.2",
            Setting.async(1),
            Recovery::relaxedInnodbForgetsWhatItsLogHolds),
        new ContractCase(
            "unsyncedLogSurvivesTheEndOfAProcess",
            "physics.md 2.2",
            Setting.async(1),
            Recovery::unsyncedLogSurvivesTheEndOfAProcess));
  }

  /**
   * Measured: an orderly shutdown of 10.5.23 releases the commits that wait, as if acknowledged.
   */
  private static void ended(Subject subject, Facts facts, boolean crash) {
    SubjectServer primary = subject.server(1);
    admin(subject.server(2), stop(Threads.RECEIVING));
    Hanging write = hang(subject, primary, 1);

    if (crash) {
      primary.kill();
    } else {
      primary.stop();
    }
    boolean toldOk = !crash && !subject.version().since("10.6.0");
    facts.is("client", write.end(), toldOk ? Outcome.OK : new Outcome.Lost());
    primary.start();
    facts.is("rows after the start", primary.rows(), List.of(1L));
    facts.is("its log", primary.read(Variable.GTID_BINLOG_STATE), "0-1-1");
    facts.is("the replica holds", subject.server(2).status().received(), "");
  }

  /** Since when it is the role, and no longer the semi-sync of a replica, that truncates. */
  private static boolean roleTruncates(Version version) {
    return version.hasFix("10.6.19", "10.11.9", "11.1.6", "11.2.5", "11.4.3");
  }

  /** The recovery that cuts off the end of the log came with MDEV-21117. */
  private static boolean truncates(Version version) {
    return version.since("10.6.2");
  }

  private static void roleReplicaTruncates(Subject subject, Facts facts) {
    restarted(subject, facts, StartOption.ROLE_REPLICA, roleTruncates(subject.version()));
  }

  private static void semiSyncReplicaTruncates(Subject subject, Facts facts) {
    restarted(
        subject,
        facts,
        StartOption.SEMI_SYNC_REPLICA,
        truncates(subject.version()) && !roleTruncates(subject.version()));
  }

  private static void restarted(
      Subject subject, Facts facts, StartOption option, boolean truncates) {
    SubjectServer primary = subject.server(1);
    insertAll(primary, 1, 3);
    Play.awaitApplied(subject, subject.server(2), "0-1-3");
    admin(subject.server(2), stop(Threads.RECEIVING));
    hang(subject, primary, 4);
    primary.kill();

    primary.start(option);

    List<Long> all = List.of(1L, 2L, 3L, 4L);
    facts.is("rows after the start", primary.rows(), truncates ? all.subList(0, 3) : all);
    facts.is("its log", primary.read(Variable.GTID_BINLOG_STATE), truncates ? "0-1-3" : "0-1-4");
  }

  /** Only the log of prepared transactions is flushed at once, not that of their commits. */
  private static void truncationTakesAcknowledgedTransactionsToo(Subject subject, Facts facts) {
    SubjectServer primary = subject.server(1);
    StartOption truncating =
        roleTruncates(subject.version()) ? StartOption.ROLE_REPLICA : StartOption.SEMI_SYNC_REPLICA;
    boolean lost = false;
    for (int row = 1; row <= TRIES && !lost; row++) {
      insertAll(primary, row, row);
      primary.kill();
      primary.start(truncating);
      lost = !primary.rows().contains((long) row);
      if (!lost) {
        openAgain(subject, primary);
      }
    }
    facts.is("an acknowledged row is gone after a crash", lost, truncates(subject.version()));
    facts.is(
        "the replica holds what its primary does not",
        !subject.server(2).status().received().equals(primary.read(Variable.GTID_BINLOG_POS)),
        lost);
  }

  private static void openAgain(Subject subject, SubjectServer primary) {
    admin(
        primary,
        new SetGlobal(Variable.SEMI_SYNC_PRIMARY, "1"),
        new SetGlobal(Variable.READ_ONLY, "0"));
    Play.awaitConnected(subject, subject.server(2));
    Play.awaitClients(subject, primary, 1);
  }

  private static void relaxedInnodbForgetsWhatItsLogHolds(Subject subject, Facts facts) {
    SubjectServer server = subject.server(1);
    boolean lost = false;
    for (int row = 1; row <= TRIES && !lost; row++) {
      admin(
          server,
          new SetGlobal(Variable.READ_ONLY, "0"),
          new SetGlobal(Variable.FLUSH_LOG_AT_COMMIT, "0"));
      insertAll(server, row, row);
      server.kill();
      server.start();
      lost = !server.rows().contains((long) row);
      if (lost) {
        facts.is("its log", server.read(Variable.GTID_BINLOG_STATE), "0-1-" + row);
      }
    }
    facts.isTrue("a row told OK is gone, its transaction in the log", lost);
  }

  /** What the kernel has been given outlives the process: a kill shows nothing of a power cut. */
  private static void unsyncedLogSurvivesTheEndOfAProcess(Subject subject, Facts facts) {
    SubjectServer server = subject.server(1);
    admin(
        server,
        new SetGlobal(Variable.SYNC_BINLOG, "0"),
        new SetGlobal(Variable.FLUSH_LOG_AT_COMMIT, "2"));
    insertAll(server, 1, 5);
    server.kill();
    server.start();
    facts.is("rows", server.rows(), List.of(1L, 2L, 3L, 4L, 5L));
    facts.is("its log", server.read(Variable.GTID_BINLOG_STATE), "0-1-5");
  }
}
