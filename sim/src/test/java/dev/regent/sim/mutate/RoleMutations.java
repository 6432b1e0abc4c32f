package dev.regent.sim.mutate;

import dev.regent.sim.mutate.Mutation.Edit;
import java.util.List;
import java.util.stream.Stream;

/** Bugs on the way of the role from one server to the next: revoke, elect, begin a reign, open. */
final class RoleMutations {
  private static final String FAILOVER = "core/plan/FailoverRun";
  private static final String PROMOTION = "core/plan/PromotionRun";
  private static final String SUCCESSION = "core/plan/Succession";
  private static final String ELECTION = "core/plan/Election";
  private static final String RESUMPTION = "core/plan/Resumption";
  private static final String READ_ONLY = "sim/steps/ReadOnly";
  private static final String ENGINE = "core/control/Engine";
  private static final String UNKNOWN_REIGN = "case Outcome.Unknown u -> ";
  private static final String PROMOTING = "sim/steps/PromotingActs";

  private RoleMutations() {}

  static List<Mutation> all() {
    return Stream.of(revoking(), electing(), reigning(), guessing(), retrying(), opening())
        .<Mutation>flatMap(List::stream)
        .toList();
  }

  private static Edit edit(String file, String from, String to) {
    return new Edit(file, from, to);
  }

  private static List<Mutation> revoking() {
    return List.of(
        Mutation.ofSafe(
            "skips the revocation: positions are read while replicas still receive",
            19,
            200,
            edit(
                FAILOVER,
                "new Receiving.StopReceiving(server, brief.channel(server), REVOKE_DEADLINE)",
                "new Receiving.Examine(server)")),
        Mutation.of(
            "resets the winner before it has drained its relay log",
            40,
            100,
            edit(FAILOVER, "if (pupil.applied().covers(pupil.received())) {", "if (true) {")),
        Mutation.ofSafe(
            "starts a stopped applier in GTID mode, which deletes the relay log",
            61,
            200,
            edit(
                "sim/steps/Rescue",
                ": applyRest(channel, place.get()).then(awaitEnd(step, false)).then(applied(step));",
                ": Work.change(\"START SLAVE\" + Step.channel(channel.name()) + \" SQL_THREAD\")"
                    + ".then(awaitEnd(step, false)).then(applied(step));")),
        Mutation.ofSafe(
            "fences with KILL QUERY, which tells waiting clients OK",
            17,
            200,
            edit(
                READ_ONLY,
                "in -> in ? SemiSync.endWaiting() : Act.value(true)",
                "in -> killQueries()"),
            edit(
                READ_ONLY,
                "  private static Statement limit(long nanos) {",
                """
                private static Act<Boolean> killQueries() {
                  return Act.of(work -> {
                    var server = work.office().server();
                    Act<Boolean> all = Act.value(true);
                    for (var session : server.sessions()) {
                      if (session.waitsForAcknowledgement()) {
                        all = all.then(Work.change(new Statement.Kill(session.id(), false)));
                      }
                    }
                    return all;
                  });
                }

                private static Statement limit(long nanos) {\
                """)),
        Mutation.of(
            "believes a deposed server closed without closing it",
            2,
            100,
            edit(
                READ_ONLY,
                "closed ? Act.value(true) : Work.aside().then(aside -> over(aside, sooner, deposed)));",
                "Act.value(true));")));
  }

  private static List<Mutation> electing() {
    return List.of(
        Mutation.ofSafe(
            "elects by what is applied",
            40,
            100,
            edit(
                ELECTION,
                "one.received().covers(s.received())",
                "one.applied().covers(s.applied())")),
        Mutation.ofSafe(
            "looks at the first domain only",
            121,
            250,
            edit(
                ELECTION,
                "s -> one.received().covers(s.received())",
                """
                s -> s.received().gtids().stream()
                    .limit(1)
                    .allMatch(g -> one.received().sequence(g.domain()) >= g.sequence())\
                """)),
        Mutation.ofSafe(
            "promotes although a sync member was not reached",
            13,
            100,
            edit(SUCCESSION, "if (!brief.safe() || brief.force()) {", "if (true) {"),
            edit(
                FAILOVER,
                "if (brief.safe() && !brief.force() && !unreached.isEmpty()) {",
                "if (false) {"),
            edit(
                SUCCESSION,
                "if (snapshot.policy().profile() == Profile.SAFE && !members.isEmpty()"
                    + " && !wish.force()) {",
                "if (false) {")),
        Mutation.ofSafe(
            "trusts Rpl_semi_sync_master_clients, which counts those long gone too",
            13,
            100,
            edit(
                "core/plan/Brief",
                "  ClusterSpec spec() {",
                """
                  boolean allCounted() {
                    return oldFacts()
                        .flatMap(ServerFacts::semiSyncStatus)
                        .filter(s -> s.clients() >= members().size())
                        .isPresent();
                  }

                  ClusterSpec spec() {\
                """),
            edit(
                SUCCESSION,
                "m -> !brief.direct().contains(m))",
                "m -> !brief.direct().contains(m) && !brief.allCounted())"),
            edit(
                ELECTION,
                "m -> !reached.contains(m))",
                "m -> !reached.contains(m) && !brief.allCounted())")),
        Mutation.of(
            "says that nothing is lost",
            4,
            100,
            edit(
                "core/plan/Brief",
                "if (safe() && allReached && kept.covers(received) && ranges.isEmpty()) {",
                "if (true) {")));
  }

  private static List<Mutation> reigning() {
    return List.of(
        Mutation.of(
            "publishes before it opens",
            1,
            20,
            edit(
                PROMOTION,
                "    return open(notes);",
                "    notes.add(new Note.Opened(brief.epoch(), winner));\n    return open(notes);")),
        Mutation.of(
            "uses an epoch twice",
            1,
            50,
            edit(
                "core/model/ClusterRecord",
                "return Math.max(epoch(), sent) + 1;",
                "return Math.max(1, Math.max(epoch(), sent));"),
            edit(PROMOTING, "return other.equals(step.reign().primary().name())", "return true")),
        Mutation.ofSafe(
            "lets the sync set shrink before the reign began",
            24,
            300,
            edit(
                PROMOTION,
                "List.of(new Note.ReignSent(winner))",
                "List.of(new Note.ReignSent(winner), new Note.SyncSetChanged(newMembers()))")));
  }

  /** Nobody knows: it was done, was not done, or is going to be. */
  private static List<Mutation> guessing() {
    return List.of(
        Mutation.of(
            "ignores Unknown: an opening that nobody answered counts as done",
            56,
            200,
            edit(
                PROMOTION,
                "private Turn opened(Outcome outcome) {\n    if (outcome.done()) {",
                "private Turn opened(Outcome outcome) {\n"
                    + "    if (!(outcome instanceof Outcome.Failed)) {")),
        Mutation.of(
            "ignores Unknown: whatever nobody answered counts as done",
            45,
            200,
            edit(
                ENGINE,
                "void ended(int number, Outcome outcome, Moment now) {",
                "void ended(int number, Outcome told, Moment now) {\n"
                    + "    Outcome outcome = told instanceof Outcome.Unknown ? Outcome.ok() : told;")),
        Mutation.of(
            "ignores Unknown: begins a reign whose row may not have arrived",
            45,
            200,
            edit(PROMOTION, UNKNOWN_REIGN + "look();", UNKNOWN_REIGN + "begun();")),
        Mutation.ofSafe(
            "takes a reign row that nobody answered for as refused, and chooses anew",
            102,
            300,
            edit(
                PROMOTION,
                UNKNOWN_REIGN + "look();",
                UNKNOWN_REIGN + "undo.because(kind, \"no answer\", false);")));
  }

  private static List<Mutation> retrying() {
    return List.of(
        Mutation.of(
            "retries blindly: another server gets the reign row that may have arrived",
            14,
            200,
            edit(RESUMPTION, "return plan.reignSentTo().isPresent()", "return false")),
        Mutation.of(
            "retries blindly: the reign row is sent again when nobody answered",
            6,
            200,
            edit(PROMOTION, UNKNOWN_REIGN + "look();", UNKNOWN_REIGN + "reign();")),
        Mutation.of(
            "retries blindly: whatever nobody answered is sent again",
            4,
            50,
            edit(
                ENGINE,
                "    Step step = steps.get(index);\n",
                """
                    Step step = steps.get(index);
                    if (outcome instanceof Outcome.Unknown && again.add(step.sentence())) {
                      outcomes.remove(index);
                      host.store(
                          List.of(), List.of(new Effect.Execute(plan.id(), number, step)));
                      return;
                    }
                """),
            edit(
                ENGINE,
                "  private Run run;\n",
                "  private Run run;\n  private final SortedSet<String> again = new TreeSet<>();\n")),
        Mutation.of(
            "gives the role back to a primary that restarted meanwhile",
            15,
            100,
            edit(
                RESUMPTION,
                "return lostItsEnd || diagnosed(Diagnosis.PrimaryRestarted.class);",
                "return false;"),
            edit("sim/steps/FreezingActs", "closed ? demand(step) :", "")));
  }

  private static List<Mutation> opening() {
    return List.of(
        Mutation.of(
            "leaves durability relaxed after a drain",
            49,
            200,
            edit(
                FAILOVER,
                "private Optional<Step> restore() {\n",
                "private Optional<Step> restore() {\n    if (true) return Optional.empty();\n"),
            edit(
                "core/analyze/Analyzer",
                "    if (!planRunning) {\n      snapshot",
                "    if (false) {\n      snapshot")),
        Mutation.ofSafe(
            "opens the winner of profile safe without semi-sync",
            56,
            200,
            edit(PROMOTION, "if (!brief.policy().replication().manageSemiSync()) {", "if (true) {"),
            edit(
                PROMOTION,
                "return brief.safe() && brief.policy().replication().manageSemiSync()"
                    + " && !newMembers().isEmpty();",
                "return false;")),
        Mutation.of(
            "switches over without waiting for the candidate",
            28,
            100,
            edit(
                "core/plan/SwitchoverRun",
                "              p.position(),\n",
                "              GtidPosition.EMPTY,\n"),
            edit(PROMOTING, "            held.covers(before)\n", "            true\n")));
  }
}
