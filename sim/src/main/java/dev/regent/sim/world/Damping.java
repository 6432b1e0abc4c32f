package dev.regent.sim.world;

import dev.regent.core.control.Event;
import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.ClusterRecord.PastFailover;
import dev.regent.core.model.Policy;
import dev.regent.core.model.ServerId;
import dev.regent.sim.runtime.SimManager;
import java.util.List;
import java.util.Optional;

/**
 * Not more automatic failovers away from one server than the policy allows, by what the store holds
 * and the manager's clock says. One that was interrupted is the same one.
 */
final class Damping implements Surroundings.Watcher {
  /** What was ordered is stored by then, or the manager died before. */
  private static final long STORED_MILLIS = 1000;

  private final Policy.Flapping flapping;

  /** When somebody acknowledged them last; it may take a moment until that is stored. */
  private long acknowledged;

  Damping(World world) {
    this.flapping = world.setup().spec().policy().flapping();
  }

  @Override
  public void told(SimManager manager, Event event) {
    if (event instanceof Event.Ordered ordered && ordered.command().equals("resume")) {
      acknowledged = ordered.atMillis();
    }
    if (event instanceof Event.PlanOpened opened
        && opened.automatic()
        && opened.purpose().startsWith("fail over from ")) {
      judge(manager.store().state(), opened);
    }
  }

  private void judge(ClusterRecord record, Event.PlanOpened opened) {
    Optional<ServerId> from = record.reign().map(ClusterRecord.Reign::primary);
    long now = opened.atMillis();
    List<PastFailover> recent =
        record.failovers().stream()
            .filter(f -> from.filter(f.from()::equals).isPresent() && !f.acknowledged())
            .filter(f -> f.atMillis() > acknowledged || now - acknowledged > STORED_MILLIS)
            .filter(f -> now - f.atMillis() < flapping.window().toMillis())
            .toList();
    boolean cooling =
        !recent.isEmpty() && now - recent.getLast().atMillis() < flapping.coolDown().toMillis();
    if (recent.size() >= flapping.limit() || cooling) {
      throw new BrokenPromise(
          "flapping is damped", opened.purpose() + " after " + recent.size() + " others");
    }
  }
}
