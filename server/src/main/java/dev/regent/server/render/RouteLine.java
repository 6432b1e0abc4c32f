package dev.regent.server.render;

import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.RoutingTable;
import dev.regent.server.store.Json;
import tools.jackson.databind.node.ObjectNode;

/** Where writes go, as the JSON object that subscribers of the primary read. */
public final class RouteLine {
  private RouteLine() {}

  /** Whether the primary takes writes now. */
  enum Writes {
    OPEN,
    HELD,
    CLOSED;

    static Writes of(RoutingTable table) {
      if (table.writesHeld()) {
        return HELD;
      }
      return table.primary().isPresent() ? OPEN : CLOSED;
    }
  }

  public static String render(RoutingTable table, ClusterSpec spec) {
    return node(table, spec).toString();
  }

  static ObjectNode node(RoutingTable table, ClusterSpec spec) {
    ObjectNode node = Json.object();
    node.put("epoch", table.epoch());
    if (table.primary().isPresent()) {
      ClusterSpec.Server primary = spec.server(table.primary().get());
      node.put("primary", primary.id().name());
      node.put("address", primary.address().toString());
    } else {
      node.putNull("primary");
      node.putNull("address");
    }
    return node.put("writes", Page.word(Writes.of(table)));
  }
}
