package dev.regent.lab.drill;

import dev.regent.lab.measure.Figures;
import dev.regent.server.store.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import tools.jackson.databind.node.ObjectNode;

/**
 * The figures of one round.
 *
 * @param outageMillis the longest time without an acknowledgement that ended after the first blow
 * @param phases where it went, if the role moved
 * @param lost acknowledged, and the last primary does not have it
 * @param errant transactions that only servers have which are held out
 * @param twoWritableMillis how long two servers certainly took writes at once
 * @param forced an operator had to give the word
 * @param redundantMillis from the first blow until every server was back in its place, or held out
 *     for good
 * @param behind the proxy
 */
record Tally(
    OptionalDouble outageMillis,
    Map<String, Double> phases,
    int acknowledged,
    int failed,
    int unknown,
    int lost,
    long errant,
    double twoWritableMillis,
    boolean forced,
    double redundantMillis,
    Behind behind) {
  Tally {
    phases = new LinkedHashMap<>(phases);
  }

  void into(ObjectNode node) {
    if (outageMillis.isPresent()) {
      node.put("outage_ms", Figures.rounded(outageMillis.getAsDouble()));
    } else {
      node.putNull("outage_ms");
    }
    ObjectNode spans = Json.object();
    phases.forEach((name, millis) -> spans.put(name, Figures.rounded(millis)));
    node.set("phases", spans);
    node.put("acknowledged", acknowledged);
    node.put("failed", failed);
    node.put("unknown", unknown);
    node.put("lost", lost);
    node.put("errant", errant);
    node.put("two_writable_ms", Figures.rounded(twoWritableMillis));
    node.put("forced", forced);
    node.put("redundant_ms", Figures.rounded(redundantMillis));
    node.set("proxied", behind.json());
  }
}
