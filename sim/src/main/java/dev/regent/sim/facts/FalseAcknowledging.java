package dev.regent.sim.facts;

import static dev.regent.sim.facts.Play.admin;
import static dev.regent.sim.facts.Play.hang;
import static dev.regent.sim.facts.Play.insert;
import static dev.regent.sim.facts.Play.promote;
import static dev.regent.sim.facts.Play.send;
import static dev.regent.sim.facts.Play.sendAsAdmin;
import static dev.regent.sim.facts.Play.start;
import static dev.regent.sim.facts.Play.stop;

import dev.regent.sim.contract.ContractCase;
import dev.regent.sim.contract.ContractCase.Setting;
import dev.regent.sim.contract.Facts;
import dev.regent.sim.contract.Operation.Insert;
import dev.regent.sim.contract.Operation.KillConnection;
import dev.regent.sim.contract.Operation.KillQuery;
import dev.regent.sim.contract.Operation.SetGlobal;
import dev.regent.sim.contract.Operation.Threads;
import dev.regent.sim.contract.Outcome;
import dev.regent.sim.contract.Subject;
import dev.regent.sim.contract.SubjectServer;
import dev.regent.sim.contract.Variable;
import dev.regent.sim.facts.Play.Hanging;
import java.util.ArrayList;
import java.util.List;

/** How a client is told OK for what no replica has, or for what the wrong replica has. */
final class FalseAcknowledging {
  private FalseAcknowledging() {}

  static List<ContractCase> cases() {
    return List.of(
        new ContractCase(
            "killQueryTellsOk",
            "ha.md 5.3 (1), physics.md 4.3",
            Setting.safe(2),
            FalseAcknowledging::killQueryTellsOk),
        new ContractCase(
            "switchingSemiSyncOffTellsOk",
            "ha.md 5.3 (2), physics.md 4.3",
            Setting.safe(2),
            FalseAcknowledging::switchingSemiSyncOffTellsOk),
        new ContractCase(
            "killConnectionTellsNothing",
            "ha.md 5.3 (1), physics.md 4.3",
            Setting.safe(2),
            FalseAcknowledging::killConnectionTellsNothing),
        new ContractCase(
            "killConnectionOfAGroupLeaderTellsOthersOk",
            "ARCHITECTURE.md, what no manual says",
            Setting.safe(2),
            FalseAcknowledging::killConnectionOfAGroupLeaderTellsOthersOk),
        new ContractCase(
            "whoIsKilledBehindAnotherDoesNotWait",
            "ARCHITECTURE.md, what no manual says",
            Setting.safe(2),
            FalseAcknowledging::whoIsKilledBehindAnotherDoesNotWait),
        new ContractCase(
            "closingBehindAHungCommitLetsNobodyJoinIt",
            "ARCHITECTURE.md, what no manual says",
            Setting.safe(2),
            FalseAcknowledging::closingBehindAHungCommitLetsNobodyJoinIt),
        new ContractCase(
            "forgottenReplicaAcknowledgesTheDeposed",
            "ha.md 5.3 (5)",
            Setting.safe(3),
            FalseAcknowledging::forgottenReplicaAcknowledgesTheDeposed),
        new ContractCase(
            "onlyOneOfTwoMayHoldWhatWasAcknowledged",
            "ha.md 5.3 (6)",
            Setting.safe(3),
            FalseAcknowledging::onlyOneOfTwoMayHoldWhatWasAcknowledged));
  }

  private static void killQueryTellsOk(Subject subject, Facts facts) {
    SubjectServer primary = subject.server(1);
    admin(subject.server(2), stop(Threads.RECEIVING));
    Hanging write = hang(subject, primary, 1);

    admin(primary, new KillQuery(write.session().id()));

    facts.is("client", write.end(), Outcome.OK);
    facts.is("rows on the primary", primary.rows(), List.of(1L));
    facts.is("the replica holds", subject.server(2).status().received(), "");
  }

  private static void switchingSemiSyncOffTellsOk(Subject subject, Facts facts) {
    SubjectServer primary = subject.server(1);
    admin(subject.server(2), stop(Threads.RECEIVING));
    Hanging write = hang(subject, primary, 1);

    admin(primary, new SetGlobal(Variable.SEMI_SYNC_PRIMARY, "0"));

    facts.is("client", write.end(), Outcome.OK);
    facts.is("rows on the primary", primary.rows(), List.of(1L));
    facts.is("the replica holds", subject.server(2).status().received(), "");
  }

  private static void killConnectionTellsNothing(Subject subject, Facts facts) {
    SubjectServer primary = subject.server(1);
    admin(subject.server(2), stop(Threads.RECEIVING));
    Hanging write = hang(subject, primary, 1);

    admin(primary, new KillConnection(write.session().id()));

    facts.is("client", write.end(), new Outcome.Lost());
    subject.await("the row", () -> !primary.rows().isEmpty());
    facts.is("rows on the primary", primary.rows(), List.of(1L));
    facts.is("the replica holds", subject.server(2).status().received(), "");
  }

  /** The first two writes wait each alone; those behind them become one group that one leads. */
  private static void killConnectionOfAGroupLeaderTellsOthersOk(Subject subject, Facts facts) {
    SubjectServer primary = subject.server(1);
    admin(subject.server(2), stop(Threads.RECEIVING));
    hang(subject, primary, 1);
    List<Hanging> writes = new ArrayList<>();
    for (int row = 2; row <= 6; row++) {
      writes.add(send(primary, new Insert(row)));
    }
    facts.is("a write behind others", writes.getLast().now(), new Outcome.Hanging());

    killWhoWaits(subject, primary);
    killWhoWaits(subject, primary);
    long leader = killWhoWaits(subject, primary);

    List<String> told = new ArrayList<>();
    for (Hanging write : writes) {
      Outcome outcome = write.end();
      told.add(write.session().id() == leader ? "leader: " + outcome : outcome.toString());
    }
    facts.is(
        "clients",
        told.stream().sorted().toList(),
        List.of("OK", "OK", "OK", "connection lost", "leader: connection lost"));
    facts.is("rows on the primary", primary.rows().size(), 6);
    facts.is("the replica holds", subject.server(2).status().received(), "");
  }

  /** Not even once its turn has come. */
  private static void whoIsKilledBehindAnotherDoesNotWait(Subject subject, Facts facts) {
    SubjectServer primary = subject.server(1);
    admin(subject.server(2), stop(Threads.RECEIVING));
    Hanging first = hang(subject, primary, 1);
    Hanging behind = send(primary, new Insert(2));
    facts.is("a write behind it", behind.now(), new Outcome.Hanging());

    admin(primary, new KillConnection(behind.session().id()));
    facts.is("who waits", primary.waiting(), List.of(first.session().id()));
    admin(primary, new KillConnection(first.session().id()));

    facts.is("first client", first.end(), new Outcome.Lost());
    facts.is("the one behind", behind.end(), new Outcome.Lost());
    subject.await("both rows", () -> primary.rows().size() == 2);
    facts.is("who waits now", primary.waiting(), List.of());
    facts.is("the replica holds", subject.server(2).status().received(), "");
  }

  /** So whoever is ended behind it takes nobody along. */
  private static void closingBehindAHungCommitLetsNobodyJoinIt(Subject subject, Facts facts) {
    SubjectServer primary = subject.server(1);
    admin(subject.server(2), stop(Threads.RECEIVING));
    Hanging write = hang(subject, primary, 1);
    Hanging closing = sendAsAdmin(primary, new SetGlobal(Variable.READ_ONLY, "1"));
    facts.is("closing", closing.now(), new Outcome.Hanging());
    Hanging later = send(primary, new Insert(2));
    facts.is("a write behind it", later.now(), new Outcome.Hanging());

    admin(primary, new KillConnection(write.session().id()));

    facts.is("client", write.end(), new Outcome.Lost());
    facts.is("closing, once that has ended", closing.end(), Outcome.OK);
    facts.is("the write behind it", later.end(), new Outcome.Failed(1290));
    facts.is("rows on the primary", primary.rows(), List.of(1L));
  }

  private static long killWhoWaits(Subject subject, SubjectServer primary) {
    subject.await("somebody to wait", () -> primary.waiting().size() == 1);
    long waiting = primary.waiting().getFirst();
    admin(primary, new KillConnection(waiting));
    subject.await("the next one", () -> !primary.waiting().contains(waiting));
    return waiting;
  }

  private static void forgottenReplicaAcknowledgesTheDeposed(Subject subject, Facts facts) {
    SubjectServer deposed = subject.server(1);
    SubjectServer promoted = subject.server(2);
    SubjectServer forgotten = subject.server(3);
    admin(promoted, stop(Threads.RECEIVING));
    admin(forgotten, stop(Threads.RECEIVING));
    Hanging write = hang(subject, deposed, 1);
    promote(promoted);
    facts.is("client of the promoted", insert(promoted, 2), Outcome.OK);

    admin(forgotten, start(Threads.RECEIVING));

    facts.is("client of the deposed", write.end(), Outcome.OK);
    facts.is("rows of the promoted", promoted.rows(), List.of(2L));
    facts.is("rows of the deposed", deposed.rows(), List.of(1L));
  }

  private static void onlyOneOfTwoMayHoldWhatWasAcknowledged(Subject subject, Facts facts) {
    SubjectServer primary = subject.server(1);
    admin(subject.server(2), stop(Threads.RECEIVING));

    facts.is("client", insert(primary, 1), Outcome.OK);

    facts.is("one replica holds", subject.server(3).status().received(), "0-1-1");
    facts.is("the other holds", subject.server(2).status().received(), "");
  }
}
