package dev.regent.sim.mutate;

import dev.regent.sim.mutate.Mutation.Edit;
import java.util.List;
import java.util.stream.Stream;

/** Bugs around it: intents, witnesses of a death, who follows, who acknowledges, what is left. */
final class CareMutations {
  private static final String REPLICAS = "core/analyze/ReplicaHealth";
  private static final String PRIMARY_WATCH = "core/analyze/PrimaryWatch";
  private static final String RECIPES = "core/plan/Recipes";

  private CareMutations() {}

  static List<Mutation> all() {
    return Stream.of(intending(), witnessing(), joining(), keeping())
        .<Mutation>flatMap(List::stream)
        .toList();
  }

  private static Edit edit(String file, String from, String to) {
    return new Edit(file, from, to);
  }

  private static List<Mutation> intending() {
    return List.of(
        Mutation.of(
            "sends a step without its intent",
            1,
            10,
            edit(
                "core/control/Engine",
                "if (steps.stream().anyMatch(Step::mutates)) {",
                "if (false) {")),
        Mutation.of(
            "sends a step before its intent is on the disk",
            1,
            10,
            edit(
                "core/control/Engine",
                "    host.store(entries, execute);\n",
                "    host.store(List.of(), execute);\n    host.store(entries, List.of());\n")));
  }

  private static List<Mutation> witnessing() {
    return List.of(
        Mutation.of(
            "needs no witness of a death",
            4,
            100,
            edit(
                PRIMARY_WATCH,
                "Optional<Statement> hearing = first(statements, Word.HEARS);",
                "Optional<Statement> hearing = Optional.empty();"),
            edit(PRIMARY_WATCH, "if (undecided.isPresent()) {", "if (false) {"),
            edit(PRIMARY_WATCH, "return unwitnessed(statements);", "return allLost(statements);")),
        Mutation.of(
            "lets one witness that lost the primary outvote one that hears it",
            23,
            300,
            edit(PRIMARY_WATCH, "if (hearing.isPresent()) {", "if (false) {")));
  }

  private static List<Mutation> joining() {
    return List.of(
        Mutation.of(
            "attaches a server without looking for errant transactions",
            25,
            100,
            edit(REPLICAS, "if (!view.lead().get().isEmpty()) {", "if (false) {"),
            edit("core/plan/SequenceRun", "return found.equals(lead.ranges())", "return true")),
        Mutation.of(
            "attaches a former primary from where it last was a replica",
            11,
            100,
            edit(
                RECIPES,
                "wrote || lostOwn(facts) || snapshot.record().unverified().contains(server);",
                "false;")),
        Mutation.of(
            "calls rows in flight errant",
            43,
            100,
            edit(
                "core/control/Watchlist",
                " || other.isEmpty() || other.get().at().nanos() - began >= 0) {",
                " || other.isEmpty()) {"),
            edit("core/plan/SequenceRun", "return found.equals(lead.ranges())", "return true")),
        Mutation.of(
            "calls a rejoined server whole without comparing it",
            6,
            300,
            edit(
                "core/plan/Receiving",
                "\"SET GLOBAL gtid_strict_mode=1, GLOBAL rpl_semi_sync_slave_enabled=1\"",
                "\"SET GLOBAL gtid_strict_mode=1, GLOBAL rpl_semi_sync_slave_enabled=\""
                    + " + (demote ? 0 : 1)"),
            edit(REPLICAS, "if (!view.lacks().isEmpty()) {", "if (false) {"),
            edit(REPLICAS, "channel.running() && whole && below", "channel.running() && below"),
            edit(REPLICAS, "if (!own.isEmpty()) {", "if (false) {")),
        Mutation.of(
            "compares a rejoined server with every new reading of the primary",
            2196,
            300,
            edit(REPLICAS, "view.mark()", "primary.facts()")),
        Mutation.ofSafe(
            "lets a server acknowledge that the sync set does not list",
            18,
            200,
            edit(
                RECIPES,
                "return safe && !members.equals(snapshot.record().syncSet())",
                "return false"),
            edit(
                "core/analyze/PrimaryHealth",
                "      } else {\n        stranger(view);\n      }",
                "      }")),
        Mutation.ofSafe(
            "takes a member from the sync set while it may still acknowledge",
            62,
            300,
            edit(
                "core/plan/LeavingRun",
                "case DISABLE -> receives() ? next(Phase.RECONNECT, reconnect()) : confirm();",
                "case DISABLE -> new Turn.Finished("
                    + "purpose(), List.of(new Note.SyncSetChanged(rest())));")));
  }

  private static List<Mutation> keeping() {
    return List.of(
        Mutation.of(
            "forgets an interrupted plan",
            14,
            100,
            edit(
                "core/analyze/Analyzer", "if (open.isPresent() && !planRunning) {", "if (false) {"),
            edit(
                "core/control/Controller",
                "    boolean interrupted = engine.isEmpty() && record.plan().isPresent();\n"
                    + "    for (",
                "    boolean interrupted = false;\n    for ("),
            edit(
                "core/control/Controller",
                "    boolean interrupted = engine.isEmpty() && record.plan().isPresent();\n"
                    + "    // Opening",
                "    boolean interrupted = false;\n    // Opening")));
  }
}
