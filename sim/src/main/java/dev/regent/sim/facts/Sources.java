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
import dev.regent.sim.contract.Operation.Insert;
import dev.regent.sim.contract.Operation.Place;
import dev.regent.sim.contract.Operation.PointTo;
import dev.regent.sim.contract.Operation.ResetReplica;
import dev.regent.sim.contract.Operation.StartReplication;
import dev.regent.sim.contract.Operation.StopReplication;
import dev.regent.sim.contract.Operation.Threads;
import dev.regent.sim.contract.Operation.UseDomain;
import dev.regent.sim.contract.Outcome;
import dev.regent.sim.contract.ReplicaStatus;
import dev.regent.sim.contract.Subject;
import dev.regent.sim.contract.SubjectServer;
import dev.regent.sim.contract.Variable;
import java.util.List;

/** A replica changes its source, and has two. */
final class Sources {
  private static final String EAST = "east";

  private Sources() {}

  static List<ContractCase> cases() {
    return List.of(
        new ContractCase(
            "replicaGoesOnBehindAnotherSource",
            "physics.md 2.1",
            Setting.async(3),
            Sources::replicaGoesOnBehindAnotherSource),
        new ContractCase(
            "twoSourcesByName",
            "orchestrator.md 1.9 (9)",
            Setting.async(3),
            Sources::twoSourcesByName));
  }

  /** Behind a relay, then behind the primary again, from the position that it has. */
  private static void replicaGoesOnBehindAnotherSource(Subject subject, Facts facts) {
    SubjectServer primary = subject.server(1);
    SubjectServer relay = subject.server(2);
    SubjectServer replica = subject.server(3);
    insertAll(primary, 1, 2);
    awaitApplied(subject, replica, "0-1-2");
    awaitApplied(subject, relay, "0-1-2");

    admin(replica, stop(Threads.BOTH), pointTo(2, Place.REPLICA_POS), start(Threads.BOTH));
    insertAll(primary, 3, 4);
    awaitApplied(subject, replica, "0-1-4");
    facts.is("its log, behind the relay", replica.read(Variable.GTID_BINLOG_STATE), "0-1-4");
    facts.is("its source", replica.status().source(), 2);

    relay.kill();
    subject.await("the replica to notice", () -> !replica.status().connected());
    insertAll(primary, 5, 5);
    facts.is("received", replica.status().received(), "0-1-4");
    admin(replica, stop(Threads.BOTH), pointTo(1, Place.REPLICA_POS), start(Threads.BOTH));
    awaitApplied(subject, replica, "0-1-5");
    facts.is("rows", replica.rows(), primary.rows());
    facts.is("its log", replica.read(Variable.GTID_BINLOG_STATE), "0-1-5");
  }

  private static void twoSourcesByName(Subject subject, Facts facts) {
    SubjectServer east = subject.server(2);
    SubjectServer replica = subject.server(3);
    promote(east);
    admin(
        replica,
        new PointTo(EAST, 2, Place.REPLICA_POS, 1, Play.HEARTBEAT_MILLIS),
        new StartReplication(EAST, Threads.BOTH));
    insertAll(subject.server(1), 1, 2);
    admin(east, new UseDomain(5), new Insert(3));

    awaitApplied(subject, replica, "0-1-2,5-2-1");
    facts.is("rows", replica.rows(), List.of(1L, 2L, 3L));
    facts.is("channels", names(replica), List.of("", EAST));
    facts.is(
        "their sources",
        replica.channels().stream().map(ReplicaStatus::source).toList(),
        List.of(1, 2));

    admin(replica, new StopReplication(EAST, Threads.BOTH));
    facts.is(
        "connected, one stopped",
        replica.channels().stream().map(ReplicaStatus::connected).toList(),
        List.of(true, false));
    facts.is(
        "a name that nobody has",
        tryAsAdmin(replica, new StopReplication("west", Threads.BOTH)),
        new Outcome.Failed(1617));
    admin(replica, new ResetReplica(EAST, true));
    facts.is("channels, one forgotten", names(replica), List.of(""));
    facts.is("position", replica.read(Variable.GTID_REPLICA_POS), "0-1-2,5-2-1");
  }

  private static List<String> names(SubjectServer replica) {
    return replica.channels().stream().map(ReplicaStatus::channel).toList();
  }
}
