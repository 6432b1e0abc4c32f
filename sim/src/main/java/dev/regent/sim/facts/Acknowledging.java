package dev.regent.sim.facts;

import static dev.regent.sim.facts.Play.admin;
import static dev.regent.sim.facts.Play.hang;
import static dev.regent.sim.facts.Play.insert;
import static dev.regent.sim.facts.Play.send;
import static dev.regent.sim.facts.Play.sendAsAdmin;
import static dev.regent.sim.facts.Play.start;
import static dev.regent.sim.facts.Play.stop;

import dev.regent.sim.contract.ContractCase;
import dev.regent.sim.contract.ContractCase.Setting;
import dev.regent.sim.contract.Facts;
import dev.regent.sim.contract.Operation.Insert;
import dev.regent.sim.contract.Operation.KillQuery;
import dev.regent.sim.contract.Operation.LockEverything;
import dev.regent.sim.contract.Operation.SetGlobal;
import dev.regent.sim.contract.Operation.Threads;
import dev.regent.sim.contract.Outcome;
import dev.regent.sim.contract.Subject;
import dev.regent.sim.contract.SubjectServer;
import dev.regent.sim.contract.Variable;
import dev.regent.sim.contract.Version;
import dev.regent.sim.facts.Play.Hanging;
import java.time.Duration;
import java.util.List;

/** What a commit waits for, and what waits behind it. */
final class Acknowledging {
  private Acknowledging() {}

  static List<ContractCase> cases() {
    return List.of(
        new ContractCase(
            "oneAcknowledgementIsEnough",
            "physics.md 4.3",
            Setting.safe(3),
            Acknowledging::oneAcknowledgementIsEnough),
        new ContractCase(
            "commitWaitsAndIsInvisible",
            "physics.md 4.3",
            Setting.safe(2),
            Acknowledging::commitWaitsAndIsInvisible),
        new ContractCase(
            "afterCommitOthersSeeWhatWaits",
            "ha.md 5.5",
            Setting.safe(2),
            Acknowledging::afterCommitOthersSeeWhatWaits),
        new ContractCase(
            "readOnlyHangsBehindACommit",
            "physics.md 3.1, 4.3",
            Setting.safe(2),
            Acknowledging::readOnlyHangsBehindACommit),
        new ContractCase(
            "globalLockHangsBehindACommit",
            "physics.md 3.1, 4.3",
            Setting.safe(2),
            Acknowledging::globalLockHangsBehindACommit),
        new ContractCase(
            "timeoutIsASilentOk",
            "physics.md 4.3",
            Setting.safe(2),
            Acknowledging::timeoutIsASilentOk),
        new ContractCase(
            "loweredTimeoutReleasesNobody",
            "physics.md 4.3",
            Setting.safe(2),
            Acknowledging::loweredTimeoutReleasesNobody),
        new ContractCase(
            "withoutReplicasNobodyWaitsUnlessToldTo",
            "physics.md 4.3",
            Setting.safe(2),
            Acknowledging::withoutReplicasNobodyWaitsUnlessToldTo),
        new ContractCase(
            "lastMemberThatLeavesReleasesAll",
            "ARCHITECTURE.md, what no manual says",
            Setting.safe(2),
            Acknowledging::lastMemberThatLeavesReleasesAll));
  }

  private static void oneAcknowledgementIsEnough(Subject subject, Facts facts) {
    SubjectServer primary = subject.server(1);
    subject.server(3).freeze();

    facts.is("client, one of two replicas frozen", insert(primary, 1), Outcome.OK);
    facts.is("the other replica holds", subject.server(2).status().received(), "0-1-1");
    facts.is(
        "acknowledging replicas, as the primary tells",
        primary.read(Variable.SEMI_SYNC_CLIENTS),
        "2");
    subject.server(3).thaw();
  }

  private static void commitWaitsAndIsInvisible(Subject subject, Facts facts) {
    SubjectServer primary = subject.server(1);
    SubjectServer replica = subject.server(2);
    admin(replica, stop(Threads.RECEIVING));
    Hanging write = hang(subject, primary, 1);

    facts.is("client, nobody to acknowledge", write.now(), new Outcome.Hanging());
    facts.is("rows that others see, who can still log in", primary.rows(), List.of());
    facts.is("the log holds", primary.read(Variable.GTID_BINLOG_POS), "0-1-1");
    facts.is("semi-sync status", primary.read(Variable.SEMI_SYNC_PRIMARY_STATUS), "ON");

    admin(replica, start(Threads.RECEIVING));
    facts.is("client, replica back", write.end(), Outcome.OK);
    facts.is("rows that others see then", primary.rows(), List.of(1L));
  }

  private static void afterCommitOthersSeeWhatWaits(Subject subject, Facts facts) {
    SubjectServer primary = subject.server(1);
    admin(primary, new SetGlobal(Variable.WAIT_POINT, "AFTER_COMMIT"));
    admin(subject.server(2), stop(Threads.RECEIVING));
    Hanging write = hang(subject, primary, 1);
    facts.is("client", write.now(), new Outcome.Hanging());
    facts.is("rows that others see", primary.rows(), List.of(1L));
    facts.is("the replica holds", subject.server(2).status().received(), "");
    admin(subject.server(2), start(Threads.RECEIVING));
    facts.is("client, replica back", write.end(), Outcome.OK);
  }

  private static void readOnlyHangsBehindACommit(Subject subject, Facts facts) {
    SubjectServer primary = subject.server(1);
    SubjectServer replica = subject.server(2);
    admin(replica, stop(Threads.RECEIVING));
    Hanging write = hang(subject, primary, 1);

    Hanging first = sendAsAdmin(primary, new SetGlobal(Variable.READ_ONLY, "1"));
    facts.is("SET GLOBAL read_only", first.now(), new Outcome.Hanging());
    facts.is("read_only meanwhile", primary.read(Variable.READ_ONLY), "0");
    admin(primary, new KillQuery(first.session().id()));
    facts.is("SET GLOBAL read_only, killed", first.end(), new Outcome.Failed(1317));
    facts.is("the commit, meanwhile", write.now(), new Outcome.Hanging());

    Hanging second = sendAsAdmin(primary, new SetGlobal(Variable.READ_ONLY, "1"));
    facts.is("once more", second.now(), new Outcome.Hanging());
    admin(replica, start(Threads.RECEIVING));
    facts.is("SET GLOBAL read_only, replica back", second.end(), Outcome.OK);
    facts.is("client, replica back", write.end(), Outcome.OK);
    facts.is("read_only at last", primary.read(Variable.READ_ONLY), "1");
  }

  private static void globalLockHangsBehindACommit(Subject subject, Facts facts) {
    SubjectServer primary = subject.server(1);
    SubjectServer replica = subject.server(2);
    admin(replica, stop(Threads.RECEIVING));
    Hanging write = hang(subject, primary, 1);

    Hanging lock = sendAsAdmin(primary, new LockEverything());
    facts.is("FLUSH TABLES WITH READ LOCK", lock.now(), new Outcome.Hanging());
    Hanging behind = send(primary, new Insert(2));
    facts.is("a write that comes after it", behind.now(), new Outcome.Hanging());

    admin(replica, start(Threads.RECEIVING));
    facts.is("the lock, replica back", lock.end(), Outcome.OK);
    facts.is("the first write, replica back", write.end(), Outcome.OK);
    facts.is("the write behind the lock", behind.now(), new Outcome.Hanging());
  }

  private static void timeoutIsASilentOk(Subject subject, Facts facts) {
    SubjectServer primary = subject.server(1);
    SubjectServer replica = subject.server(2);
    admin(primary, new SetGlobal(Variable.SEMI_SYNC_TIMEOUT, "700"));
    admin(replica, stop(Threads.RECEIVING));

    Duration begun = subject.now();
    facts.is("first client, nobody to acknowledge", insert(primary, 1), Outcome.OK);
    facts.isBetween(
        "told after", subject.now().minus(begun), Duration.ofMillis(600), Duration.ofSeconds(5));
    facts.is("semi-sync status", primary.read(Variable.SEMI_SYNC_PRIMARY_STATUS), "OFF");
    begun = subject.now();
    facts.is("second client", insert(primary, 2), Outcome.OK);
    facts.isBetween(
        "told after that", subject.now().minus(begun), Duration.ZERO, Duration.ofMillis(600));

    admin(replica, start(Threads.RECEIVING));
    facts.isTrue(
        "semi-sync is on again without a write",
        subject.holdsWithin(
            Subject.LIMIT, () -> primary.read(Variable.SEMI_SYNC_PRIMARY_STATUS).equals("ON")));
  }

  private static void loweredTimeoutReleasesNobody(Subject subject, Facts facts) {
    SubjectServer primary = subject.server(1);
    admin(subject.server(2), stop(Threads.RECEIVING));
    Hanging write = hang(subject, primary, 1);
    admin(primary, new SetGlobal(Variable.SEMI_SYNC_TIMEOUT, "100"));
    facts.is(
        "client, long after the new timeout",
        write.answer().within(Duration.ofMillis(600)),
        new Outcome.Hanging());
  }

  /** Since then the primary stays ready to wait when its last member leaves. */
  private static boolean staysOnWithoutMembers(Version version) {
    // Measured on these; it came somewhere between 10.11.5 and them.
    return version.hasFix("10.11.18", "11.4.5");
  }

  private static void withoutReplicasNobodyWaitsUnlessToldTo(Subject subject, Facts facts) {
    SubjectServer primary = subject.server(1);
    boolean staysOn = staysOnWithoutMembers(subject.version());
    admin(primary, new SetGlobal(Variable.WAIT_NO_REPLICA, "0"));
    admin(subject.server(2), stop(Threads.RECEIVING));
    Play.awaitClients(subject, primary, 0);

    facts.is("client, no replica there", insert(primary, 1), Outcome.OK);
    facts.is(
        "semi-sync status",
        primary.read(Variable.SEMI_SYNC_PRIMARY_STATUS),
        staysOn ? "ON" : "OFF");
    facts.is("the replica holds", subject.server(2).status().received(), "");
    admin(primary, new SetGlobal(Variable.WAIT_NO_REPLICA, "1"));
    facts.is(
        "client, told to wait",
        send(primary, new Insert(2)).now(),
        staysOn ? new Outcome.Hanging() : Outcome.OK);
  }

  private static void lastMemberThatLeavesReleasesAll(Subject subject, Facts facts) {
    SubjectServer primary = subject.server(1);
    SubjectServer replica = subject.server(2);
    replica.freeze();
    Hanging write = hang(subject, primary, 1);
    admin(primary, new SetGlobal(Variable.WAIT_NO_REPLICA, "0"));
    facts.is("client, the last member silent", write.now(), new Outcome.Hanging());
    replica.kill();
    facts.is("client, the last member gone", write.end(), Outcome.OK);
    facts.is("rows on the primary", primary.rows(), List.of(1L));
  }
}
