package dev.regent.server.publish;

import dev.regent.core.control.Picture;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.RoutingTable;
import dev.regent.server.render.RouteLine;
import dev.regent.server.render.Told;
import java.util.Optional;

/**
 * What those who look can see: the latest picture, where writes go, the last events. The control
 * loop puts it here and never waits.
 */
public final class Desk {
  /** Enough for the story of several role changes; the audit trail has the rest. */
  private static final int EVENTS_KEPT = 1000;

  private final ClusterSpec spec;
  private final Topic<String> route = new Topic<>(1);
  private final Topic<Told> events = new Topic<>(EVENTS_KEPT);
  private volatile Optional<Picture> picture = Optional.empty();

  public Desk(ClusterSpec spec) {
    this.spec = spec;
    publish(RoutingTable.closed());
  }

  public void show(Picture shown) {
    picture = Optional.of(shown);
  }

  public void publish(RoutingTable table) {
    route.publish(RouteLine.render(table, spec));
  }

  /** Takes a line of the audit trail. */
  public void tell(String line) {
    Told.parse(line).ifPresent(events::publish);
  }

  public ClusterSpec spec() {
    return spec;
  }

  /** The latest; empty until something was seen. */
  public Optional<Picture> picture() {
    return picture;
  }

  /** Where writes go, one JSON object per change. */
  Topic<String> route() {
    return route;
  }

  Topic<Told> events() {
    return events;
  }

  /** Lets go of subscribers that hung up. */
  void sweep() {
    route.sweep();
    events.sweep();
  }

  /** Ends all subscriptions. */
  void close() {
    route.close();
    events.close();
  }
}
