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
            new Edit(STATE, "open().equals(primary.server);", "open().isPresent();")),
        proxied(
            "sends statements while writes are held",
            2,
            40,
            new Edit(
                STATE,
                "return primary.server.isPresent() && open().equals(primary.server);",
                "return primary.server.isPresent() && table.primary().equals(primary.server);")),
        proxied(
            "repeats a write of which nobody knows what became",
            1,
            40,
            new Edit(
                FLIGHT,
                "case CHANGE, COMMIT, UNLOCK, OTHER -> Loss.UNKNOWN;",
                "case CHANGE, COMMIT, UNLOCK, OTHER -> Loss.HARMLESS;")),
        proxied(
            "calls a commit rolled back whose server was lost",
            40,
            100,
            new Edit(
                FLIGHT,
                "case BEGIN, BEGIN_READ_ONLY, COMMIT, NEXT_TRANSACTION, UNLOCK, OTHER -> Loss.UNKNOWN;",
                "case BEGIN, BEGIN_READ_ONLY, COMMIT, NEXT_TRANSACTION, UNLOCK, OTHER ->"
                    + " Loss.ROLLED_BACK;")),
        proxied(
            "takes no settings along to another server",
            2,
            40,
            new Edit(LINKS, "mine.restoring().map(Errand.Say::new).ifPresent(errands::add);", "")),
        proxied(
            "does not hear that its server is gone",
            2,
            40,
            new Edit(
                LINKS, "state.link(link).ifPresent(gone -> lost(gone, false));", "")));
  }

  private static Mutation proxied(String name, long teaching, long bound, Edit... edits) {
    return new Mutation(name, teaching, bound, Trial.Proxied.class, List.of(edits));
  }
}
