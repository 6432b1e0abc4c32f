package dev.regent.sim.facts;

import static dev.regent.sim.facts.Play.admin;
import static dev.regent.sim.facts.Play.awaitClients;
import static dev.regent.sim.facts.Play.awaitConnected;
import static dev.regent.sim.facts.Play.awaitReceived;
import static dev.regent.sim.facts.Play.hang;
import static dev.regent.sim.facts.Play.send;
import static dev.regent.sim.facts.Play.start;
import static dev.regent.sim.facts.Play.stop;

import dev.regent.sim.contract.ContractCase;
import dev.regent.sim.contract.ContractCase.Setting;
import dev.regent.sim.contract.Facts;
import dev.regent.sim.contract.LogPlace;
import dev.regent.sim.contract.Operation.Insert;
import dev.regent.sim.contract.Operation.SetGlobal;
import dev.regent.sim.contract.Operation.Threads;
import dev.regent.sim.contract.Outcome;
import dev.regent.sim.contract.Subject;
import dev.regent.sim.contract.SubjectServer;
import dev.regent.sim.contract.Variable;
import dev.regent.sim.facts.Play.Hanging;
import java.util.List;

/** Commits that wait for what a replica has already and does not acknowledge again. */
final class Receipts {
  private static final String SOURCE = "ARCHITECTURE.md, A lost acknowledgement is passed on";

  private Receipts() {}

  static List<ContractCase> cases() {
    return List.of(
        new ContractCase(
            "logThatNobodyEntersIsOpenedByAPlace",
            SOURCE,
            Setting.safe(2),
            Receipts::logThatNobodyEntersIsOpenedByAPlace),
        new ContractCase(
            "nobodyBehindAPlaceIsTold",
            SOURCE,
            Setting.safe(2),
            Receipts::nobodyBehindAPlaceIsTold),
        new ContractCase(
            "replicaKnowsItsPlaceWhereverItBegan",
            SOURCE,
            Setting.safe(2),
            Receipts::replicaKnowsItsPlaceWhereverItBegan));
  }

  /** Whether it acknowledges what it is sent from now on; it receives either way. */
  private static void acknowledging(Subject subject, boolean on) {
    SubjectServer replica = subject.server(2);
    admin(
        replica,
        stop(Threads.RECEIVING),
        new SetGlobal(Variable.SEMI_SYNC_REPLICA, on ? "1" : "0"),
        start(Threads.RECEIVING));
    awaitConnected(subject, replica);
    awaitClients(subject, subject.server(1), on ? 1 : 0);
  }

  private static void logThatNobodyEntersIsOpenedByAPlace(Subject subject, Facts facts) {
    SubjectServer primary = subject.server(1);
    SubjectServer replica = subject.server(2);
    acknowledging(subject, false);
    Hanging first = hang(subject, primary, 1);
    Hanging second = send(primary, new Insert(2));
    awaitReceived(subject, replica, "0-1-2");
    Hanging third = send(primary, new Insert(3));
    acknowledging(subject, true);

    facts.is("client, whose row the replica has", first.now(), new Outcome.Hanging());
    facts.is("client of the next group, the same", second.now(), new Outcome.Hanging());
    facts.is("client of a third group", third.now(), new Outcome.Hanging());
    facts.is("the log", primary.read(Variable.GTID_BINLOG_POS), "0-1-2");

    LogPlace place = replica.receivedUpTo();
    facts.is("the log up to the replica's place", primary.loggedUpTo(place), "0-1-2");
    facts.is("who says that he has so much", primary.acknowledge(place), Outcome.OK);
    facts.is("client then", first.end(), Outcome.OK);
    facts.is("client of the next group then", second.end(), Outcome.OK);
    facts.is("client of a third group, whom the replica acknowledges", third.end(), Outcome.OK);
    facts.isTrue("the replica stays connected", replica.status().connected());
    awaitClients(subject, primary, 1);
    facts.is("semi-sync status", primary.read(Variable.SEMI_SYNC_PRIMARY_STATUS), "ON");
  }

  private static void nobodyBehindAPlaceIsTold(Subject subject, Facts facts) {
    SubjectServer primary = subject.server(1);
    SubjectServer replica = subject.server(2);
    acknowledging(subject, false);
    Hanging first = hang(subject, primary, 1);
    awaitReceived(subject, replica, "0-1-1");
    LogPlace early = replica.receivedUpTo();
    Hanging second = send(primary, new Insert(2));
    awaitReceived(subject, replica, "0-1-2");
    LogPlace late = replica.receivedUpTo();

    facts.is("the log up to the first place", primary.loggedUpTo(early), "0-1-1");
    facts.is("the log within an event", primary.loggedUpTo(late.plus(-3)), "");
    facts.is("the log beyond its end", primary.loggedUpTo(late.plus(100_000)), "");
    facts.is(
        "who says that he has more than there is",
        primary.acknowledge(late.plus(100_000)),
        new Outcome.Failed(1236));
    facts.is(
        "who asks from the beginning of the oldest log",
        primary.acknowledge(new LogPlace("", 4)),
        Outcome.OK);
    facts.is("client before the first place", first.now(), new Outcome.Hanging());

    facts.is("who says that he has the first", primary.acknowledge(early), Outcome.OK);
    facts.is("client before the first place, then", first.end(), Outcome.OK);
    facts.is("client behind it", second.now(), new Outcome.Hanging());
    facts.is("who says so again", primary.acknowledge(early), Outcome.OK);
    facts.is("client behind it, then", second.now(), new Outcome.Hanging());
    facts.is("who says that he has both", primary.acknowledge(late), Outcome.OK);
    facts.is("client behind it, in the end", second.end(), Outcome.OK);
  }

  private static void replicaKnowsItsPlaceWhereverItBegan(Subject subject, Facts facts) {
    SubjectServer primary = subject.server(1);
    SubjectServer replica = subject.server(2);
    Play.insertAll(primary, 1, 3);
    Play.awaitApplied(subject, replica, "0-1-3");
    LogPlace place = replica.receivedUpTo();
    facts.is("the log up to its place", primary.loggedUpTo(place), "0-1-3");

    admin(replica, stop(Threads.RECEIVING), start(Threads.RECEIVING));
    facts.isTrue("receiving anew", comesTo(subject, replica, place));
    admin(replica, stop(Threads.BOTH), start(Threads.BOTH));
    facts.isTrue("without its relay log", comesTo(subject, replica, place));
    replica.stop();
    replica.start();
    admin(replica, start(Threads.BOTH));
    facts.isTrue("after a restart", comesTo(subject, replica, place));
    facts.is("what it has received then", replica.status().received(), "0-1-3");
  }

  private static boolean comesTo(Subject subject, SubjectServer replica, LogPlace place) {
    awaitConnected(subject, replica);
    return subject.holdsWithin(Subject.LIMIT, () -> replica.receivedUpTo().equals(place));
  }
}
