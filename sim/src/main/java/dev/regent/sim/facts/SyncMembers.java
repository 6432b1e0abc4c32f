package dev.regent.sim.facts;

import static dev.regent.sim.facts.Play.admin;
import static dev.regent.sim.facts.Play.awaitClients;
import static dev.regent.sim.facts.Play.awaitConnected;
import static dev.regent.sim.facts.Play.insert;
import static dev.regent.sim.facts.Play.send;
import static dev.regent.sim.facts.Play.sendAsAdmin;
import static dev.regent.sim.facts.Play.start;
import static dev.regent.sim.facts.Play.stop;

import dev.regent.sim.contract.ContractCase;
import dev.regent.sim.contract.ContractCase.Setting;
import dev.regent.sim.contract.Facts;
import dev.regent.sim.contract.Operation.Insert;
import dev.regent.sim.contract.Operation.Place;
import dev.regent.sim.contract.Operation.PointTo;
import dev.regent.sim.contract.Operation.SetGlobal;
import dev.regent.sim.contract.Operation.Threads;
import dev.regent.sim.contract.Outcome;
import dev.regent.sim.contract.Subject;
import dev.regent.sim.contract.SubjectServer;
import dev.regent.sim.contract.Variable;
import dev.regent.sim.facts.Play.Hanging;
import java.time.Duration;
import java.util.List;

/** Who acknowledges: since when, until when, and who only seems to. */
final class SyncMembers {
  private SyncMembers() {}

  static List<ContractCase> cases() {
    return List.of(
        new ContractCase(
            "memberJoinsWhenItReconnects",
            "DESIGN 6",
            Setting.safe(2),
            SyncMembers::memberJoinsWhenItReconnects),
        new ContractCase(
            "memberLeavesWhenItReconnects",
            "DESIGN 6",
            Setting.safe(2),
            SyncMembers::memberLeavesWhenItReconnects),
        new ContractCase(
            "replicaThatCameBeforeSemiSyncIsAMemberOfIt",
            "ARCHITECTURE.md, A switchover in safe",
            Setting.async(2),
            SyncMembers::replicaThatCameBeforeSemiSyncIsAMemberOfIt),
        new ContractCase(
            "deadReplicaCountsUntilItIsWrittenTo",
            "physics.md 1, ha.md 5.3 (6)",
            Setting.safe(2),
            SyncMembers::deadReplicaCountsUntilItIsWrittenTo),
        new ContractCase(
            "semiSyncPrimarySideStallsALeafsApplier",
            "ha.md 5.3 (7), physics.md 4.3",
            Setting.safe(2),
            SyncMembers::semiSyncPrimarySideStallsALeafsApplier),
        new ContractCase(
            "settingsDoNotOutliveARestart",
            "ARCHITECTURE.md, Chosen is not for ever",
            Setting.safe(2),
            SyncMembers::settingsDoNotOutliveARestart),
        new ContractCase(
            "leavingAFrozenSourceTakesTheKillTimeout",
            "ha.md 5.5, ARCHITECTURE.md",
            Setting.safe(2),
            SyncMembers::leavingAFrozenSourceTakesTheKillTimeout));
  }

  private static void memberJoinsWhenItReconnects(Subject subject, Facts facts) {
    SubjectServer primary = subject.server(1);
    SubjectServer replica = subject.server(2);
    admin(
        replica,
        stop(Threads.RECEIVING),
        new SetGlobal(Variable.SEMI_SYNC_REPLICA, "0"),
        start(Threads.RECEIVING));
    awaitConnected(subject, replica);
    awaitClients(subject, primary, 0);

    admin(replica, new SetGlobal(Variable.SEMI_SYNC_REPLICA, "1"));
    facts.is("replica, switched on", replica.read(Variable.SEMI_SYNC_REPLICA_STATUS), "OFF");
    Hanging write = send(primary, new Insert(1));
    facts.is("client", write.now(), new Outcome.Hanging());
    facts.is("the replica has it, though", replica.status().received(), "0-1-1");

    admin(replica, stop(Threads.RECEIVING), start(Threads.RECEIVING));
    awaitConnected(subject, replica);
    awaitClients(subject, primary, 1);
    facts.is("replica, connected anew", replica.read(Variable.SEMI_SYNC_REPLICA_STATUS), "ON");
    facts.is("client, whose row the replica had before", write.now(), new Outcome.Hanging());
    facts.is("the next client", insert(primary, 2), Outcome.OK);
    facts.is("client, after the next one", write.end(), Outcome.OK);
  }

  private static void memberLeavesWhenItReconnects(Subject subject, Facts facts) {
    SubjectServer primary = subject.server(1);
    SubjectServer replica = subject.server(2);
    admin(replica, new SetGlobal(Variable.SEMI_SYNC_REPLICA, "0"));
    facts.is("replica, switched off", replica.read(Variable.SEMI_SYNC_REPLICA_STATUS), "ON");
    facts.is("client", send(primary, new Insert(1)).end(), Outcome.OK);

    admin(replica, stop(Threads.RECEIVING), start(Threads.RECEIVING));
    awaitConnected(subject, replica);
    awaitClients(subject, primary, 0);
    facts.is("replica reconnected", replica.read(Variable.SEMI_SYNC_REPLICA_STATUS), "OFF");
    facts.is("client then", send(primary, new Insert(2)).now(), new Outcome.Hanging());
    facts.isTrue(
        "the replica receives all the same",
        subject.holdsWithin(Subject.LIMIT, () -> replica.status().received().equals("0-1-2")));
  }

  private static void replicaThatCameBeforeSemiSyncIsAMemberOfIt(Subject subject, Facts facts) {
    SubjectServer primary = subject.server(1);
    SubjectServer replica = subject.server(2);
    admin(
        replica,
        stop(Threads.RECEIVING),
        new SetGlobal(Variable.SEMI_SYNC_REPLICA, "1"),
        start(Threads.RECEIVING));
    awaitConnected(subject, replica);
    awaitClients(subject, primary, 1);
    facts.is("replica", replica.read(Variable.SEMI_SYNC_REPLICA_STATUS), "ON");
    facts.is("semi-sync status", primary.read(Variable.SEMI_SYNC_PRIMARY_STATUS), "OFF");
    facts.is("client, before", insert(primary, 1), Outcome.OK);

    admin(primary, new SetGlobal(Variable.SEMI_SYNC_PRIMARY, "1"));
    facts.is("semi-sync status then", primary.read(Variable.SEMI_SYNC_PRIMARY_STATUS), "ON");
    facts.is("client", insert(primary, 2), Outcome.OK);
    admin(replica, stop(Threads.RECEIVING));
    facts.is("client without it", send(primary, new Insert(3)).now(), new Outcome.Hanging());
  }

  private static void deadReplicaCountsUntilItIsWrittenTo(Subject subject, Facts facts) {
    SubjectServer primary = subject.server(1);
    SubjectServer replica = subject.server(2);
    // Heartbeats would find out, one after the other.
    admin(
        replica,
        stop(Threads.BOTH),
        new PointTo("", 1, Place.REPLICA_POS, Play.RETRY_SECONDS, 30_000),
        start(Threads.BOTH));
    awaitConnected(subject, replica);
    awaitClients(subject, primary, 1);
    replica.kill();

    facts.isTrue(
        "it counts still, half a second later",
        !subject.holdsWithin(
            Duration.ofMillis(500), () -> !primary.read(Variable.SEMI_SYNC_CLIENTS).equals("1")));
    facts.is("threads that serve replicas", primary.dumpThreads(), 1);

    // The first that is sent may vanish in a connection that the kernel has not found to be dead.
    Hanging first = send(primary, new Insert(1));
    facts.is("client", first.now(), new Outcome.Hanging());
    Hanging second = send(primary, new Insert(2));
    facts.isTrue(
        "it counts no longer when it was written to",
        subject.holdsWithin(
            Subject.LIMIT, () -> primary.read(Variable.SEMI_SYNC_CLIENTS).equals("0")));
    facts.isTrue(
        "no thread serves replicas any more",
        subject.holdsWithin(Subject.LIMIT, () -> primary.dumpThreads() == 0));
    facts.is("client then", first.now(), new Outcome.Hanging());
    facts.is("the next client", second.now(), new Outcome.Hanging());
  }

  private static void semiSyncPrimarySideStallsALeafsApplier(Subject subject, Facts facts) {
    SubjectServer primary = subject.server(1);
    SubjectServer replica = subject.server(2);
    admin(replica, new SetGlobal(Variable.SEMI_SYNC_PRIMARY, "1"));

    facts.is("client", insert(primary, 1), Outcome.OK);
    subject.await(
        "the replica's log", () -> replica.read(Variable.GTID_BINLOG_POS).equals("0-1-1"));
    facts.is("rows on the replica", stillNone(subject, replica), true);
    facts.is("the replica's position", replica.read(Variable.GTID_REPLICA_POS), "");

    admin(replica, new SetGlobal(Variable.SEMI_SYNC_PRIMARY, "0"));
    Play.awaitApplied(subject, replica, "0-1-1");
    facts.is("rows on the replica, switched off", replica.rows(), List.of(1L));
  }

  private static boolean stillNone(Subject subject, SubjectServer replica) {
    return !subject.holdsWithin(Play.MOMENT, () -> !replica.rows().isEmpty());
  }

  private static void settingsDoNotOutliveARestart(Subject subject, Facts facts) {
    SubjectServer primary = subject.server(1);
    primary.kill();
    primary.start();
    facts.is("waits for acknowledgements", primary.read(Variable.SEMI_SYNC_PRIMARY), "0");
    facts.is("read_only, as configured", primary.read(Variable.READ_ONLY), "1");
    SubjectServer replica = subject.server(2);
    replica.kill();
    replica.start();
    facts.is("acknowledges", replica.read(Variable.SEMI_SYNC_REPLICA), "0");
    facts.is("receives", replica.status().receiving(), "NO");
    facts.is("applies", replica.status().applying(), false);
    facts.is("is still pointed to", replica.status().source(), 1);
  }

  /** A member takes leave by ending its source's thread, on a connection of its own. */
  private static void leavingAFrozenSourceTakesTheKillTimeout(Subject subject, Facts facts) {
    SubjectServer replica = subject.server(2);
    admin(replica, new SetGlobal(Variable.KILL_SOURCE_TIMEOUT, "1"));
    subject.server(1).freeze();
    Duration begun = subject.now();
    facts.is(
        "stop beside a frozen source",
        sendAsAdmin(replica, stop(Threads.RECEIVING)).end(),
        Outcome.OK);
    facts.isBetween(
        "it takes", subject.now().minus(begun), Duration.ofMillis(900), Duration.ofMillis(3500));
    subject.server(1).thaw();
  }
}
