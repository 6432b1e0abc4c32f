package dev.regent.sim.load;

import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The newest routing table that clients know; older ones are not obeyed. */
public final class Routes {
  private final List<Runnable> readers = new ArrayList<>();
  private RoutingTable table = RoutingTable.closed();

  public RoutingTable table() {
    return table;
  }

  public void onChange(Runnable reader) {
    readers.add(reader);
  }

  /** Takes over a table, unless a newer one is known. */
  public void take(RoutingTable newer) {
    if (newer.epoch() >= table.epoch()) {
      table = newer;
      readers.forEach(Runnable::run);
    }
  }

  /** Where a write may go now. */
  public Optional<ServerId> target() {
    return table.writesHeld() ? Optional.empty() : table.primary();
  }
}
