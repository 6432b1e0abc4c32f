package dev.regent.sim.facts;

import static dev.regent.sim.facts.Play.admin;
import static dev.regent.sim.facts.Play.awaitApplied;
import static dev.regent.sim.facts.Play.insertAll;
import static dev.regent.sim.facts.Play.pointTo;
import static dev.regent.sim.facts.Play.promote;
import static dev.regent.sim.facts.Play.start;

import dev.regent.sim.contract.ContractCase;
import dev.regent.sim.contract.ContractCase.Setting;
import dev.regent.sim.contract.Facts;
import dev.regent.sim.contract.Operation.Delete;
import dev.regent.sim.contract.Operation.LogMyWrites;
import dev.regent.sim.contract.Operation.Place;
import dev.regent.sim.contract.Operation.ResetBinlog;
import dev.regent.sim.contract.Operation.SetGlobal;
import dev.regent.sim.contract.Operation.Threads;
import dev.regent.sim.contract.Subject;
import dev.regent.sim.contract.SubjectServer;
import dev.regent.sim.contract.Variable;
import java.util.List;

/** A server made from an older copy of itself is sent what it once wrote. */
final class OwnEvents {
  private OwnEvents() {}

  static List<ContractCase> cases() {
    return List.of(
        new ContractCase(
            "ownEventsAreSkippedInSilence",
            "physics.md 5.3",
            Setting.async(2),
            (s, facts) -> rejoins(s, facts, "0", "1", false)),
        new ContractCase(
            "ownEventsAreTakenBySemiSyncReplicasInStrictMode",
            "physics.md 5.3",
            Setting.async(2),
            (s, facts) -> rejoins(s, facts, "1", "1", true)),
        new ContractCase(
            "ownEventsAreSkippedWithoutStrictMode",
            "physics.md 5.3",
            Setting.async(2),
            (s, facts) -> rejoins(s, facts, "1", "0", false)));
  }

  private static void rejoins(
      Subject subject, Facts facts, String semiSync, String strict, boolean mayBeTaken) {
    // Since MDEV-21117.
    boolean taken = mayBeTaken && subject.version().since("10.6.2");
    SubjectServer returned = subject.server(1);
    SubjectServer primary = subject.server(2);
    insertAll(returned, 1, 3);
    awaitApplied(subject, primary, "0-1-3");
    promote(primary);
    insertAll(primary, 4, 4);
    // As if it had been restored from a copy that was taken after its first row.
    admin(
        returned,
        new LogMyWrites(false),
        new Delete(2),
        new Delete(3),
        new ResetBinlog(),
        new SetGlobal(Variable.GTID_REPLICA_POS, "0-1-1"),
        new SetGlobal(Variable.SEMI_SYNC_REPLICA, semiSync),
        new SetGlobal(Variable.GTID_STRICT, strict));

    admin(returned, pointTo(2, Place.REPLICA_POS), start(Threads.BOTH));
    awaitApplied(subject, returned, "0-2-4");

    facts.is("errors", returned.status().applyError(), 0);
    facts.is("rows", returned.rows(), taken ? List.of(1L, 2L, 3L, 4L) : List.of(1L, 4L));
    facts.is("its log", returned.read(Variable.GTID_BINLOG_STATE), taken ? "0-1-3,0-2-4" : "0-2-4");
    facts.is("its source's log", primary.read(Variable.GTID_BINLOG_STATE), "0-1-3,0-2-4");
  }
}
