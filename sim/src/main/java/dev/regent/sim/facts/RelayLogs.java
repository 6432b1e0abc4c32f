package dev.regent.sim.facts;

import static dev.regent.sim.facts.Play.admin;
import static dev.regent.sim.facts.Play.awaitApplied;
import static dev.regent.sim.facts.Play.awaitReceived;
import static dev.regent.sim.facts.Play.insertAll;
import static dev.regent.sim.facts.Play.start;
import static dev.regent.sim.facts.Play.stop;

import dev.regent.sim.contract.ContractCase;
import dev.regent.sim.contract.ContractCase.Setting;
import dev.regent.sim.contract.Facts;
import dev.regent.sim.contract.Operation;
import dev.regent.sim.contract.Operation.LockTable;
import dev.regent.sim.contract.Operation.PointToRelayLog;
import dev.regent.sim.contract.Operation.ResetReplica;
import dev.regent.sim.contract.Operation.Threads;
import dev.regent.sim.contract.Operation.UnlockTables;
import dev.regent.sim.contract.Subject;
import dev.regent.sim.contract.SubjectServer;
import dev.regent.sim.contract.SubjectServer.Login;
import dev.regent.sim.contract.SubjectSession;
import dev.regent.sim.contract.Variable;
import java.time.Duration;
import java.util.List;

/** When what was received and not applied survives, and when it is deleted. */
final class RelayLogs {
  private static final List<String> RECEIVED = List.of("0-1-1", "0-1-2", "0-1-3");
  private static final List<Long> ROWS = List.of(1L, 2L, 3L);

  private RelayLogs() {}

  static List<ContractCase> cases() {
    return List.of(
        relay("applierStartedBesideAReceiverAppliesAll", RelayLogs::startedBesideAReceiver),
        relay("laggingApplierAppliesAllWithoutAReceiver", RelayLogs::lagging),
        relay(
            "applierStartedAloneDeletes",
            (s, facts) -> deleted(s, facts, stop(Threads.RECEIVING), start(Threads.APPLYING))),
        relay(
            "bothStoppedThenApplierStartedDeletes",
            (s, facts) -> deleted(s, facts, stop(Threads.BOTH), start(Threads.APPLYING))),
        relay(
            "receiverRestartedWithoutApplierDeletes",
            (s, facts) -> deleted(s, facts, stop(Threads.RECEIVING), start(Threads.RECEIVING))),
        relay(
            "bothStoppedThenBothStartedDeletes",
            (s, facts) -> deleted(s, facts, stop(Threads.BOTH), start(Threads.BOTH))),
        relay(
            "resetDeletes",
            (s, facts) -> deleted(s, facts, stop(Threads.BOTH), new ResetReplica("", false))),
        relay("applierStartedAfterACrashDeletes", RelayLogs::startedAfterACrash),
        relay("restartForgetsWhatWasReceived", RelayLogs::restartForgetsWhatWasReceived),
        relay("rescueOutsideGtidModeAppliesAll", (s, facts) -> rescued(s, facts, false)),
        relay("rescueAfterACrashAppliesAll", (s, facts) -> rescued(s, facts, true)));
  }

  private static ContractCase relay(String name, ContractCase.Story story) {
    return new ContractCase(name, "orchestrator.md 1.9", Setting.async(2), story);
  }

  /** A replica whose applier stands and whose source is dead; it holds three rows more. */
  private static SubjectServer behind(Subject subject) {
    SubjectServer replica = subject.server(2);
    admin(replica, stop(Threads.APPLYING));
    insertAll(subject.server(1), 1, 3);
    awaitReceived(subject, replica, "0-1-3");
    subject.server(1).kill();
    return replica;
  }

  private static void startedBesideAReceiver(Subject subject, Facts facts) {
    SubjectServer replica = behind(subject);
    facts.is("relay log", replica.relayLog(), RECEIVED);
    facts.is("applied before", replica.read(Variable.GTID_REPLICA_POS), "");
    admin(replica, start(Threads.APPLYING));
    awaitApplied(subject, replica, "0-1-3");
    facts.is("rows", replica.rows(), ROWS);
  }

  /** Its applier waits for a table lock, so it runs and is behind. */
  private static void lagging(Subject subject, Facts facts) {
    SubjectServer replica = subject.server(2);
    SubjectSession holder = replica.open(Login.ADMIN);
    holder.must(new LockTable());
    insertAll(subject.server(1), 1, 3);
    awaitReceived(subject, replica, "0-1-3");
    admin(replica, stop(Threads.RECEIVING));
    facts.is("received, receiver stopped", replica.status().received(), "0-1-3");
    facts.is("applier runs", replica.status().applying(), true);
    holder.must(new UnlockTables());
    awaitApplied(subject, replica, "0-1-3");
    facts.is("rows", replica.rows(), ROWS);
  }

  private static void deleted(Subject subject, Facts facts, Operation first, Operation second) {
    SubjectServer replica = behind(subject);
    admin(replica, first);
    facts.is("relay log, after the first statement", replica.relayLog(), RECEIVED);
    admin(replica, second);
    nothingIsLeft(subject, facts, replica);
  }

  private static void nothingIsLeft(Subject subject, Facts facts, SubjectServer replica) {
    facts.is("relay log", replica.relayLog(), List.of());
    if (!replica.status().applying()) {
      admin(replica, start(Threads.APPLYING));
    }
    subject.await("an applier", () -> replica.status().applying());
    facts.isTrue(
        "no row appears",
        !subject.holdsWithin(Duration.ofMillis(200), () -> !replica.rows().isEmpty()));
    facts.is("applied", replica.read(Variable.GTID_REPLICA_POS), "");
  }

  private static void startedAfterACrash(Subject subject, Facts facts) {
    SubjectServer replica = behind(subject);
    replica.kill();
    replica.start();
    admin(replica, start(Threads.APPLYING));
    nothingIsLeft(subject, facts, replica);
  }

  private static void restartForgetsWhatWasReceived(Subject subject, Facts facts) {
    SubjectServer replica = behind(subject);
    facts.is("received", replica.status().received(), "0-1-3");
    replica.stop();
    replica.start();
    facts.is("received, after a restart", replica.status().received(), "");
    facts.is("relay log, after a restart", replica.relayLog(), RECEIVED);
  }

  private static void rescued(Subject subject, Facts facts, boolean crash) {
    SubjectServer replica = behind(subject);
    facts.is("GTID mode", replica.status().gtidMode(), "Slave_Pos");
    admin(replica, stop(Threads.BOTH));
    if (crash) {
      replica.kill();
      replica.start();
    }
    admin(replica, new PointToRelayLog());
    facts.is("GTID mode, pointed to its relay log", replica.status().gtidMode(), "No");
    facts.is("relay log", replica.relayLog(), RECEIVED);
    admin(replica, start(Threads.APPLYING));
    awaitApplied(subject, replica, "0-1-3");
    facts.is("rows", replica.rows(), ROWS);
    facts.is("its log", replica.read(Variable.GTID_BINLOG_STATE), "0-1-3");
  }
}
