package dev.regent.sim.mutate;

import dev.regent.sim.mutate.Mutation.Edit;
import java.util.List;

/** Bugs of a session in the proxy: what leaves when it should not, what is told and is not true. */
final class ProxyMutations {
  private static final String FLIGHT = "proxy/session/Flight";
  private static final String LINKS = "proxy/session/Links";
  private static final String STATE = "proxy/session/State";

  private ProxyMutations() {}

  static List<Mutation> all() {
    return List.of(
        proxied(
            "keeps its link to a server that another one has replaced",
            4,
            40,
            new Edit(LINKS, "if (state.linkedToFormer()) {", "if (false) {"),
            new Edit(STATE, "open().equals(linked);", "open().isPresent();")),
        proxied(
            "sends statements while writes are held",
            2,
            40,
            new Edit(
                STATE,
                "return linked.isPresent() && open().equals(linked);",
                "return linked.isPresent() && table.primary().equals(linked);")),
        proxied(
            "repeats a write of which nobody knows what became",
            1,
            40,
            new Edit(
                FLIGHT,
                "case CHANGE, UNLOCK, OTHER -> Loss.UNKNOWN;",
                "case CHANGE, UNLOCK, OTHER -> Loss.HARMLESS;")),
        proxied(
            "calls a commit rolled back whose server was lost",
            40,
            100,
            new Edit(
                FLIGHT,
                "case BEGIN, UNLOCK, OTHER -> Loss.UNKNOWN;",
                "case BEGIN, UNLOCK, OTHER -> Loss.ROLLED_BACK;")),
        proxied(
            "goes on after a transaction was lost, and does not say so",
            26,
            100,
            new Edit(LINKS, "case IDLE -> state.rolledBack |= inTransaction;", "case IDLE -> {}")),
        proxied(
            "takes no settings along to another server",
            2,
            40,
            new Edit(LINKS, "mine.restoring().ifPresent(errands::add);", "")),
        proxied(
            "does not hear that its server is gone",
            2,
            40,
            new Edit(
                LINKS, "if (link == state.link && state.linked.isPresent()) {", "if (false) {")));
  }

  private static Mutation proxied(String name, long teaching, long bound, Edit... edits) {
    return new Mutation(name, teaching, bound, Trial.Proxied.class, List.of(edits));
  }
}
