package dev.regent.sim.mutate;

import dev.regent.sim.mutate.Mutation.Edit;
import java.util.List;
import java.util.stream.Stream;

/** Bugs of a session in the proxy: what leaves when it should not, what is told and is not true. */
final class ProxyMutations {
  private static final String EXECUTIONS = "proxy/session/Executions";
  private static final String FLIGHT = "proxy/session/Flight";
  private static final String LINK = "proxy/session/Link";
  private static final String LINKS = "proxy/session/Links";
  private static final String LOSSES = "proxy/session/Losses";
  private static final String MEMORY = "proxy/session/Memory";
  private static final String RESTORATION = "proxy/session/Restoration";
  private static final String ROUTER = "proxy/session/Router";

  private ProxyMutations() {}

  static List<Mutation> all() {
    return Stream.of(writing(), preparing(), pooling(), reading()).flatMap(List::stream).toList();
  }

  private static List<Mutation> writing() {
    return List.of(
        proxied(
            "keeps its link to a server that another one has replaced",
            4,
            40,
            new Edit(LINKS, "if (state.linkedToFormer(link)) {", "if (false) {"),
            new Edit(
                ROUTER,
                "return state.open().equals(link.server);",
                "return state.open().isPresent();")),
        proxied(
            "sends statements while writes are held",
            2,
            40,
            new Edit(
                ROUTER,
                "return state.open().equals(link.server);",
                "return state.table().primary().equals(link.server);")),
        proxied(
            "repeats a write of which nobody knows what became",
            1,
            40,
            new Edit(
                FLIGHT,
                "case CHANGE -> opens ? Loss.HARMLESS : Loss.UNKNOWN;",
                "case CHANGE -> Loss.HARMLESS;")),
        proxied(
            "calls a commit rolled back whose server was lost",
            40,
            100,
            new Edit(
                FLIGHT,
                "case BEGIN, BEGIN_READ_ONLY, COMMIT, NEXT_TRANSACTION, SETTING, UNLOCK, OTHER ->\n"
                    + "            Loss.UNKNOWN;",
                "case BEGIN, BEGIN_READ_ONLY, COMMIT, NEXT_TRANSACTION, SETTING, UNLOCK, OTHER ->"
                    + " Loss.ROLLED_BACK;")),
        proxied(
            "takes no settings along to another server",
            2,
            40,
            new Edit(RESTORATION, "said(state.mine().restoring(insertId()))", "said(List.of())")),
        proxied(
            "does not hear that its server is gone",
            2,
            40,
            new Edit(LINKS, "state.link(link).ifPresent(gone -> losses.lost(gone, false));", "")),
        proxied(
            "goes on after a lost transaction as if nothing had been",
            1,
            40,
            new Edit(LOSSES, "state.repeats = Optional.of(link);", "")));
  }

  private static List<Mutation> preparing() {
    return List.of(
        proxied(
            "takes what another server has prepared for prepared",
            2,
            40,
            new Edit(LINK, "prepared.clear();\n    typed.clear();", "typed.clear();")),
        proxied(
            "does not tell another server the types of what it executes",
            2,
            40,
            new Edit(
                EXECUTIONS,
                "return brought.isPresent() || known.isEmpty()",
                "return brought.isPresent() || known.isPresent() || known.isEmpty()")));
  }

  private static List<Mutation> pooling() {
    return List.of(
        proxied(
            "leaves a link to others though it has what no reset takes back",
            4,
            40,
            new Edit(MEMORY, "return !unforgettable && !pins", "return !pins")));
  }

  private static List<Mutation> reading() {
    return List.of(
        proxied(
            "reads at a replica what has not come there yet",
            3,
            40,
            new Edit(
                ROUTER,
                "case SESSION -> state.mine().written();",
                "case SESSION -> Positions.NONE;")),
        proxied(
            "does not tell those who read globally what others have written",
            7,
            40,
            new Edit(ROUTER, "fleet.wrote(state.mine().written());", "")),
        proxied(
            "reads whoever is to lead, though it was started again",
            117,
            120,
            new Edit(LINKS, "restoration.all(leads)", "restoration.all(false)")),
        proxied(
            "reads at a replica that was too late",
            5,
            40,
            new Edit(
                LINKS,
                "state.way.awaited = Optional.empty();\n      proceed();",
                "ready(state.way.status);"),
            new Edit(
                ROUTER, "Duration LATE = Duration.ofSeconds(5)", "Duration LATE = Duration.ZERO")),
        proxied(
            "goes on at a replica as if it had what another one had",
            162,
            300,
            new Edit(LINK, "waited = false;\n    reached = Positions.NONE;", "waited = false;")),
        proxied(
            "writes at the replica that it read from last",
            3,
            40,
            new Edit(
                ROUTER, "case PRIMARY -> false;", "case PRIMARY -> mayLeave(state.replica);")));
  }

  private static Mutation proxied(String name, long teaching, long bound, Edit... edits) {
    return new Mutation(name, teaching, bound, Trial.Proxied.class, List.of(edits));
  }
}
