package dev.regent.lab.drill;

import dev.regent.lab.measure.Figures;
import dev.regent.lab.scenario.Scenario;
import dev.regent.server.store.Json;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * How one round of a scenario ended.
 *
 * @param number from 1
 * @param tally empty if the round broke off before it could be counted
 * @param complaints what did not hold; empty if all of it did
 * @param story what was done and what came of it
 * @param events what the manager told, with the milliseconds since the first blow
 * @param traces what the manager and the servers said last; only of a round that did not hold
 */
record Round(
    Scenario scenario,
    String profile,
    int number,
    Optional<Tally> tally,
    List<String> complaints,
    List<String> story,
    List<String> events,
    String traces) {
  Round {
    complaints = List.copyOf(complaints);
    story = List.copyOf(story);
    events = List.copyOf(events);
  }

  boolean held() {
    return complaints.isEmpty();
  }

  /** Whether clients waited longer than this scenario usually takes. */
  boolean late() {
    double usual = scenario.expected().outageMax().toMillis();
    return tally.map(t -> t.outageMillis().orElse(0) > usual).orElse(false);
  }

  /** One line as it ends. */
  String line() {
    String counts =
        tally
            .map(t ->
                "outage "
                    + (t.outageMillis().isPresent()
                        ? Figures.number(t.outageMillis().getAsDouble()) + " ms"
                        : "not known")
                    + (late() ? " (LATE)" : "")
                    + ", "
                    + t.acknowledged()
                    + " acknowledged, "
                    + t.failed()
                    + " failed, "
                    + t.unknown()
                    + " unknown, "
                    + t.lost()
                    + " lost"
                    + (t.errant() == 0 ? "" : ", " + t.errant() + " errant and held out")
                    + proxied(t.behind())
                    + (t.forced() ? "; took an operator's word" : "")
                    + "; redundant after "
                    + Figures.number(t.redundantMillis() / 1000)
                    + " s")
            .orElse("broken off");
    return (held() ? "held: " : "DID NOT HOLD: ") + counts;
  }

  private static String proxied(Behind behind) {
    return behind.anybody()
        ? "; through the proxy: "
            + behind.acknowledged()
            + " acknowledged, longest pause "
            + Figures.number(behind.pauseMillis())
            + " ms, "
            + behind.errors()
            + " errors"
        : "";
  }

  ObjectNode json() {
    ObjectNode node = Json.object();
    node.put("scenario", scenario.name());
    node.put("profile", profile);
    node.put("fault", scenario.fault().text());
    node.put("round", number);
    node.put("held", held());
    node.put("late", late());
    tally.ifPresent(t -> t.into(node));
    node.putArray("complaints");
    complaints.forEach(c -> node.withArray("complaints").add(c));
    node.putArray("story");
    story.forEach(s -> node.withArray("story").add(s));
    return node;
  }
}
