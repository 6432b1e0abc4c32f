package dev.regent.server.monitor;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Which events follow from a server's state before and after: pure, one server at a time.
 *
 * <p>{@link #corrected}: a failure or a return is one event, named after the role that is lost with
 * it or back with it. Between two states of a server that runs, each role that is gone and each
 * that is new is an event; a promotion is {@code new_master} alone. A server in maintenance is
 * silent.
 *
 * <p>{@link #strict}: MaxScale 1.2, where the first of its rules that matches wins, on the whole
 * status. So a primary that is demoted to a replica is a {@code new_slave} and never a {@code
 * lost_master}, and any word that moves beside a role tells that role as new.
 */
final class Derivation {
  private Derivation() {}

  static List<MonitorEvent> corrected(ServerState before, ServerState after) {
    if (before.maintenance() || after.maintenance()) {
      return List.of();
    }
    if (before.running() != after.running()) {
      return List.of(after.running() ? MonitorEvent.up(after) : MonitorEvent.down(before));
    }
    List<MonitorEvent> events = new ArrayList<>();
    if (before.primary() && !after.primary()) {
      events.add(MonitorEvent.LOST_PRIMARY);
    }
    if (before.replica() && !after.replica() && !after.primary()) {
      events.add(MonitorEvent.LOST_REPLICA);
    }
    if (!before.primary() && after.primary()) {
      events.add(MonitorEvent.NEW_PRIMARY);
    }
    if (!before.replica() && after.replica()) {
      events.add(MonitorEvent.NEW_REPLICA);
    }
    return events;
  }

  static List<MonitorEvent> strict(ServerState before, ServerState after) {
    if (before.sameWords(after)) {
      return List.of();
    }
    boolean went = before.running() && !after.running();
    boolean came = !before.running() && after.running();
    if (went || came) {
      return List.of(went ? MonitorEvent.down(before) : MonitorEvent.up(after));
    }
    if (!before.running()) {
      return List.of();
    }
    if (after.primary()) {
      return List.of(MonitorEvent.NEW_PRIMARY);
    }
    if (after.replica()) {
      return List.of(MonitorEvent.NEW_REPLICA);
    }
    if (before.primary()) {
      return List.of(MonitorEvent.LOST_PRIMARY);
    }
    return before.replica() ? List.of(MonitorEvent.LOST_REPLICA) : List.of();
  }

  /** A lag that nobody knows is neither above nor below. */
  static List<MonitorEvent> lag(ServerState before, ServerState after, long threshold) {
    OptionalLong was = before.lagSeconds();
    OptionalLong is = after.lagSeconds();
    if (after.maintenance() || is.isEmpty()) {
      return List.of();
    }
    boolean high = is.getAsLong() > threshold;
    boolean wasHigh = was.isPresent() && was.getAsLong() > threshold;
    if (high == wasHigh) {
      return List.of();
    }
    return List.of(high ? MonitorEvent.LAG_ABOVE : MonitorEvent.LAG_BELOW);
  }
}
