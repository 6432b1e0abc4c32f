package dev.regent.sim.facts;

import static dev.regent.sim.facts.Play.admin;
import static dev.regent.sim.facts.Play.awaitConnected;
import static dev.regent.sim.facts.Play.awaitReceived;
import static dev.regent.sim.facts.Play.insertAll;
import static dev.regent.sim.facts.Play.pointTo;
import static dev.regent.sim.facts.Play.sendAsAdmin;
import static dev.regent.sim.facts.Play.start;
import static dev.regent.sim.facts.Play.stop;
import static dev.regent.sim.facts.Play.tryAsAdmin;

import dev.regent.sim.contract.ContractCase;
import dev.regent.sim.contract.ContractCase.Setting;
import dev.regent.sim.contract.Facts;
import dev.regent.sim.contract.Operation.Place;
import dev.regent.sim.contract.Operation.PointTo;
import dev.regent.sim.contract.Operation.ResetReplica;
import dev.regent.sim.contract.Operation.SetGlobal;
import dev.regent.sim.contract.Operation.Threads;
import dev.regent.sim.contract.Outcome;
import dev.regent.sim.contract.ReplicaStatus;
import dev.regent.sim.contract.ReplicaStatus.Receiving;
import dev.regent.sim.contract.Subject;
import dev.regent.sim.contract.SubjectServer;
import dev.regent.sim.contract.Variable;
import java.time.Duration;
import java.util.List;

/** What a replica tells of its source, and when. */
final class Receivers {
  private Receivers() {}

  static List<ContractCase> cases() {
    return List.of(
        new ContractCase(
            "crashedSourceShowsAndIsFoundAgain",
            "physics.md 1",
            Setting.async(2),
            (s, facts) -> endedSource(s, facts, true)),
        new ContractCase(
            "stoppedSourceShowsAndIsFoundAgain",
            "physics.md 1",
            Setting.async(2),
            (s, facts) -> endedSource(s, facts, false)),
        new ContractCase(
            "frozenSourceShowsAfterTheNetTimeout",
            "physics.md 1",
            Setting.async(2),
            Receivers::frozenSourceShowsAfterTheNetTimeout),
        new ContractCase(
            "heartbeatsTellThatAnIdleSourceLives",
            "physics.md 1",
            Setting.async(2),
            Receivers::heartbeatsTellThatAnIdleSourceLives),
        new ContractCase(
            "retryWaitsForItsGridUnlessStartedAnew",
            "physics.md 2.3",
            Setting.async(2),
            Receivers::retryWaitsForItsGridUnlessStartedAnew),
        new ContractCase(
            "stoppingAReceiverThatConnectsToAFrozenSource",
            "ARCHITECTURE.md, server",
            Setting.async(2),
            Receivers::stoppingAReceiverThatConnectsToAFrozenSource),
        new ContractCase(
            "threadsAreStoppedEachAlone",
            "DESIGN 5, 7",
            Setting.async(2),
            Receivers::threadsAreStoppedEachAlone),
        new ContractCase(
            "whatIsSaidTwiceOrTooEarly",
            "DESIGN 7",
            Setting.async(2),
            Receivers::whatIsSaidTwiceOrTooEarly));
  }

  private static void endedSource(Subject subject, Facts facts, boolean crash) {
    SubjectServer source = subject.server(1);
    SubjectServer replica = subject.server(2);
    if (crash) {
      source.kill();
    } else {
      source.stop();
    }
    subject.await("the replica to notice", () -> !replica.status().connected());
    // A process that is being torn down may still accept, and then end, one more connection.
    facts.isTrue(
        "error 2003",
        subject.holdsWithin(Subject.LIMIT, () -> replica.status().receiveError() == 2003));
    facts.is("receiving", replica.status().receiving(), "CONNECTING");
    facts.is("applying", replica.status().applying(), true);

    source.start();
    awaitConnected(subject, replica);
    facts.is("error, source back", replica.status().receiveError(), 0);
  }

  private static void frozenSourceShowsAfterTheNetTimeout(Subject subject, Facts facts) {
    SubjectServer source = subject.server(1);
    SubjectServer replica = subject.server(2);
    admin(
        replica,
        stop(Threads.BOTH),
        new SetGlobal(Variable.NET_TIMEOUT, "2"),
        new PointTo("", 1, Place.REPLICA_POS, 1, 500),
        start(Threads.BOTH));
    awaitConnected(subject, replica);
    source.freeze();
    Duration begun = subject.now();
    facts.isTrue(
        "still receiving half a second later",
        !subject.holdsWithin(Duration.ofMillis(500), () -> !replica.status().connected()));

    subject.await("the replica to notice", () -> !replica.status().connected());
    ReplicaStatus noticed = replica.status();
    facts.isBetween(
        "it takes", subject.now().minus(begun), Duration.ofMillis(1200), Duration.ofSeconds(6));
    facts.is("receiving", noticed.receiving(), "CONNECTING");
    facts.is("error", noticed.receiveError(), 0);
    source.thaw();
    awaitConnected(subject, replica);
  }

  private static void heartbeatsTellThatAnIdleSourceLives(Subject subject, Facts facts) {
    SubjectServer replica = subject.server(2);
    admin(
        replica,
        stop(Threads.BOTH),
        new PointTo("", 1, Place.REPLICA_POS, Play.RETRY_SECONDS, 100),
        start(Threads.BOTH));
    awaitConnected(subject, replica);
    long before = replica.status().heartbeats();
    subject.await("heartbeats", () -> replica.status().heartbeats() >= before + 3);
    subject.server(1).freeze();
    // One may be on its way.
    subject.holdsWithin(Duration.ofMillis(150), () -> false);
    long silent = replica.status().heartbeats();
    facts.isTrue(
        "a frozen source sends none",
        !subject.holdsWithin(Duration.ofMillis(500), () -> replica.status().heartbeats() > silent));
    facts.is("receiving", replica.status().receiving(), "YES");
    subject.server(1).thaw();
    facts.isTrue(
        "a thawed one does",
        subject.holdsWithin(Subject.LIMIT, () -> replica.status().heartbeats() > silent));
  }

  private static void retryWaitsForItsGridUnlessStartedAnew(Subject subject, Facts facts) {
    SubjectServer source = subject.server(1);
    SubjectServer replica = subject.server(2);
    source.kill();
    admin(
        replica,
        stop(Threads.BOTH),
        new PointTo("", 1, Place.REPLICA_POS, 60, Play.HEARTBEAT_MILLIS),
        start(Threads.BOTH));
    subject.await("a first attempt", () -> replica.status().receiveError() != 0);
    source.start();
    facts.isTrue(
        "still not connected",
        !subject.holdsWithin(Duration.ofMillis(1500), () -> replica.status().connected()));
    admin(replica, stop(Threads.RECEIVING), start(Threads.RECEIVING));
    facts.isTrue(
        "connected, started anew",
        subject.holdsWithin(Duration.ofSeconds(5), () -> replica.status().connected()));
  }

  /** From some version on the receiving thread waits for a greeting and hears nothing else. */
  private static void stoppingAReceiverThatConnectsToAFrozenSource(Subject subject, Facts facts) {
    SubjectServer replica = subject.server(2);
    admin(replica, stop(Threads.BOTH), new SetGlobal(Variable.NET_TIMEOUT, "2"));
    subject.server(1).freeze();
    admin(replica, new PointTo("", 1, Place.REPLICA_POS, 1, 500), start(Threads.BOTH));
    subject.await("an attempt", () -> replica.status().receiving() == Receiving.CONNECTING);
    // It says so a little before it connects.
    subject.holdsWithin(Play.MOMENT, () -> false);

    // Measured: 10.5, 10.11.5 and 10.11.18 stop at once, 11.4.5 and 11.8.9 do not.
    boolean deaf = subject.version().since("11.0.0");
    Duration begun = subject.now();
    Play.Hanging stop = sendAsAdmin(replica, stop(Threads.RECEIVING));
    facts.is("stop", stop.now(), deaf ? new Outcome.Hanging() : Outcome.OK);
    facts.is("stop, in the end", stop.end(), Outcome.OK);
    facts.isBetween(
        "it takes",
        subject.now().minus(begun),
        Duration.ofMillis(deaf ? 500 : 0),
        Duration.ofSeconds(6));
    subject.server(1).thaw();
  }

  private static void threadsAreStoppedEachAlone(Subject subject, Facts facts) {
    SubjectServer replica = subject.server(2);
    admin(replica, stop(Threads.APPLYING));
    facts.is("applier stopped: receiving", replica.status().receiving(), "YES");
    facts.is("applier stopped: applying", replica.status().applying(), false);
    insertAll(subject.server(1), 1, 2);
    awaitReceived(subject, replica, "0-1-2");
    facts.is("applied", replica.read(Variable.GTID_REPLICA_POS), "");
    admin(replica, start(Threads.APPLYING));
    Play.awaitApplied(subject, replica, "0-1-2");
    admin(replica, stop(Threads.RECEIVING));
    facts.is("receiver stopped: receiving", replica.status().receiving(), "NO");
    facts.is("receiver stopped: applying", replica.status().applying(), true);
    facts.is("receiver stopped: received", replica.status().received(), "0-1-2");
  }

  private static void whatIsSaidTwiceOrTooEarly(Subject subject, Facts facts) {
    SubjectServer replica = subject.server(2);
    Outcome running = new Outcome.Failed(1198);
    facts.is("start, running", tryAsAdmin(replica, start(Threads.BOTH)), Outcome.OK);
    facts.is("pointing, running", tryAsAdmin(replica, pointTo(1, Place.REPLICA_POS)), running);
    facts.is("reset, running", tryAsAdmin(replica, new ResetReplica("", false)), running);
    admin(replica, stop(Threads.RECEIVING));
    facts.is(
        "pointing, applier running", tryAsAdmin(replica, pointTo(1, Place.REPLICA_POS)), running);
    admin(replica, stop(Threads.BOTH));
    facts.is("stop, stopped", tryAsAdmin(replica, stop(Threads.BOTH)), Outcome.OK);
    admin(replica, new ResetReplica("", false));
    facts.is("still pointed to", replica.status().source(), 1);
    admin(replica, new ResetReplica("", true));
    facts.is("channels", replica.channels(), List.of());
    facts.is(
        "start, pointed to nobody",
        tryAsAdmin(replica, start(Threads.BOTH)),
        new Outcome.Failed(1200));
    facts.is("stop, pointed to nobody", tryAsAdmin(replica, stop(Threads.BOTH)), Outcome.OK);
  }
}
