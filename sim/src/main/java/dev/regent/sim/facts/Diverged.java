package dev.regent.sim.facts;

import static dev.regent.sim.facts.Play.admin;
import static dev.regent.sim.facts.Play.awaitApplied;
import static dev.regent.sim.facts.Play.insertAll;
import static dev.regent.sim.facts.Play.pointTo;
import static dev.regent.sim.facts.Play.promote;
import static dev.regent.sim.facts.Play.start;
import static dev.regent.sim.facts.Play.stop;
import static dev.regent.sim.facts.Play.tryAsAdmin;

import dev.regent.sim.contract.ContractCase;
import dev.regent.sim.contract.ContractCase.Setting;
import dev.regent.sim.contract.Facts;
import dev.regent.sim.contract.Operation.Delete;
import dev.regent.sim.contract.Operation.LogMyWrites;
import dev.regent.sim.contract.Operation.Place;
import dev.regent.sim.contract.Operation.ResetBinlog;
import dev.regent.sim.contract.Operation.SetGlobal;
import dev.regent.sim.contract.Operation.Threads;
import dev.regent.sim.contract.Outcome;
import dev.regent.sim.contract.Subject;
import dev.regent.sim.contract.SubjectServer;
import dev.regent.sim.contract.Variable;
import java.util.List;

/** How an old primary comes back, and how it is turned away. */
final class Diverged {
  private Diverged() {}

  static List<ContractCase> cases() {
    return List.of(
        new ContractCase(
            "demotedPrimaryWithoutErrantsFollows",
            "physics.md 3.2, ha.md 5.5",
            Setting.async(2),
            Diverged::demotedPrimaryWithoutErrantsFollows),
        refused("errantIsRefusedBelowItsNumber", Place.DEMOTED, 10),
        refused("errantIsRefusedAboveItsNumber", Place.DEMOTED, 14),
        refused("errantIsRefusedByCurrentPositionToo", Place.CURRENT_POS, 14),
        new ContractCase(
            "withoutAPositionEverythingIsFetched",
            "physics.md 5.1",
            Setting.async(2),
            Diverged::withoutAPositionEverythingIsFetched),
        new ContractCase(
            "withoutStrictModeItRunsIntoItsOwnRows",
            "physics.md 5.1",
            Setting.async(2),
            Diverged::withoutStrictModeItRunsIntoItsOwnRows),
        new ContractCase(
            "sourceThatLacksWhatItsReplicaHasRefusesIt",
            "ARCHITECTURE.md, A switchover in safe",
            Setting.async(2),
            Diverged::sourceThatLacksWhatItsReplicaHasRefusesIt));
  }

  private static ContractCase refused(String name, Place place, long lastRow) {
    return new ContractCase(
        name,
        "physics.md 5.1",
        Setting.async(2),
        (s, facts) -> errantIsRefused(s, facts, place, lastRow));
  }

  private static void demotedPrimaryWithoutErrantsFollows(Subject subject, Facts facts) {
    SubjectServer old = subject.server(1);
    SubjectServer promoted = subject.server(2);
    insertAll(old, 1, 3);
    awaitApplied(subject, promoted, "0-1-3");
    promote(promoted);
    insertAll(promoted, 4, 4);

    boolean known = subject.version().since("10.10.0");
    facts.is(
        "MASTER_DEMOTE_TO_SLAVE",
        tryAsAdmin(old, pointTo(2, Place.DEMOTED)),
        known ? Outcome.OK : new Outcome.Failed(1064));
    if (!known) {
      admin(old, new SetGlobal(Variable.GTID_REPLICA_POS, "0-1-3"), pointTo(2, Place.REPLICA_POS));
    }
    facts.is("its position as a replica", old.read(Variable.GTID_REPLICA_POS), "0-1-3");
    admin(old, start(Threads.BOTH));
    awaitApplied(subject, old, "0-2-4");
    facts.is("GTID mode", old.status().gtidMode(), "Slave_Pos");
    facts.is("rows", old.rows(), List.of(1L, 2L, 3L, 4L));
    facts.is("its log", old.read(Variable.GTID_BINLOG_STATE), "0-1-3,0-2-4");
  }

  /** Server 1 has rows 1 to 3; server 2 was promoted with row 1 and has rows 10 to the last. */
  private static SubjectServer errant(Subject subject, long lastRow) {
    SubjectServer old = subject.server(1);
    SubjectServer promoted = subject.server(2);
    insertAll(old, 1, 1);
    awaitApplied(subject, promoted, "0-1-1");
    admin(promoted, stop(Threads.RECEIVING));
    insertAll(old, 2, 3);
    promote(promoted);
    insertAll(promoted, 10, lastRow);
    return old;
  }

  private static void errantIsRefused(Subject subject, Facts facts, Place place, long lastRow) {
    SubjectServer old = errant(subject, lastRow);
    if (place == Place.DEMOTED && !subject.version().since("10.10.0")) {
      admin(old, new SetGlobal(Variable.GTID_REPLICA_POS, "0-1-3"), pointTo(2, Place.REPLICA_POS));
    } else {
      admin(old, pointTo(2, place));
    }
    admin(old, start(Threads.BOTH));

    subject.await("the answer", () -> old.status().receiveError() != 0);
    facts.is("error", old.status().receiveError(), 1236);
    facts.is("receiving", old.status().receiving(), "NO");
    facts.is("applying", old.status().applying(), true);
    facts.is("rows", old.rows(), List.of(1L, 2L, 3L));
    facts.is("its log", old.read(Variable.GTID_BINLOG_STATE), "0-1-3");
    facts.is(
        "its source's log",
        subject.server(2).read(Variable.GTID_BINLOG_STATE),
        "0-1-1,0-2-" + (lastRow - 8));
  }

  private static void withoutAPositionEverythingIsFetched(Subject subject, Facts facts) {
    SubjectServer old = errant(subject, 10);
    admin(old, pointTo(2, Place.REPLICA_POS), start(Threads.BOTH));
    subject.await("the applier to stop", () -> !old.status().applying());
    facts.is("error", old.status().applyError(), 1950);
    facts.is("receiving", old.status().receiving(), "YES");
    facts.is("received", old.status().received(), "0-2-2");
  }

  private static void withoutStrictModeItRunsIntoItsOwnRows(Subject subject, Facts facts) {
    SubjectServer old = errant(subject, 10);
    insertAll(subject.server(2), 2, 2);
    admin(
        old,
        new SetGlobal(Variable.GTID_STRICT, "0"),
        new SetGlobal(Variable.GTID_REPLICA_POS, "0-1-1"),
        pointTo(2, Place.REPLICA_POS),
        start(Threads.BOTH));
    subject.await("the applier to stop", () -> !old.status().applying());
    facts.is("error", old.status().applyError(), 1062);
    facts.is("rows, those of two histories", old.rows(), List.of(1L, 2L, 3L, 10L));
  }

  private static void sourceThatLacksWhatItsReplicaHasRefusesIt(Subject subject, Facts facts) {
    SubjectServer primary = subject.server(1);
    SubjectServer replica = subject.server(2);
    insertAll(primary, 1, 3);
    awaitApplied(subject, replica, "0-1-3");
    admin(replica, stop(Threads.BOTH));
    // As after a recovery that cut off the last one.
    admin(
        primary,
        new LogMyWrites(false),
        new Delete(3),
        new ResetBinlog(),
        new SetGlobal(Variable.GTID_BINLOG_STATE, "0-1-2"));

    admin(replica, start(Threads.BOTH));

    subject.await("the answer", () -> replica.status().receiveError() != 0);
    facts.is("error", replica.status().receiveError(), 1236);
    facts.is("receiving", replica.status().receiving(), "NO");
    facts.is("rows of the replica", replica.rows(), List.of(1L, 2L, 3L));
  }
}
