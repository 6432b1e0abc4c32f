package dev.regent.server.monitor;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The events that any release of MaxScale knew, so that every {@code events=} line is understood.
 * Only those of a replicating cluster happen here: Galera's, NDB's and the internal ones of relays
 * are names and nothing more.
 */
public enum MonitorEvent {
  PRIMARY_DOWN("master_down"),
  PRIMARY_UP("master_up"),
  REPLICA_DOWN("slave_down"),
  REPLICA_UP("slave_up"),
  SERVER_DOWN("server_down"),
  SERVER_UP("server_up"),
  LOST_PRIMARY("lost_master"),
  LOST_REPLICA("lost_slave"),
  NEW_PRIMARY("new_master"),
  NEW_REPLICA("new_slave"),
  LAG_ABOVE("rlag_above"),
  LAG_BELOW("rlag_below"),
  SYNCED_DOWN("synced_down"),
  SYNCED_UP("synced_up"),
  LOST_SYNCED("lost_synced"),
  NEW_SYNCED("new_synced"),
  DONOR_DOWN("donor_down"),
  DONOR_UP("donor_up"),
  LOST_DONOR("lost_donor"),
  NEW_DONOR("new_donor"),
  NDB_DOWN("ndb_down"),
  NDB_UP("ndb_up"),
  LOST_NDB("lost_ndb"),
  NEW_NDB("new_ndb"),
  RELAY_DOWN("relay_down"),
  RELAY_UP("relay_up"),
  LOST_RELAY("lost_relay"),
  NEW_RELAY("new_relay"),
  BLR_DOWN("blr_down"),
  BLR_UP("blr_up"),
  LOST_BLR("lost_blr"),
  NEW_BLR("new_blr");

  private final String word;

  MonitorEvent(String word) {
    this.word = word;
  }

  /** As configurations and scripts write it. */
  public String word() {
    return word;
  }

  /** The event of this name; case does not matter. */
  public static Optional<MonitorEvent> named(String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    return Arrays.stream(values()).filter(e -> e.word.equals(lower)).findFirst();
  }

  public static List<String> words() {
    return Arrays.stream(values()).map(MonitorEvent::word).toList();
  }

  /** What a server's failure is called, after the role it had. */
  static MonitorEvent down(ServerState before) {
    return before.primary() ? PRIMARY_DOWN : before.replica() ? REPLICA_DOWN : SERVER_DOWN;
  }

  /** What its return is called, after the role it has. */
  static MonitorEvent up(ServerState after) {
    return after.primary() ? PRIMARY_UP : after.replica() ? REPLICA_UP : SERVER_UP;
  }

  /** Like MaxScale's, these ask no filter: the threshold is the filter. */
  boolean aboutLag() {
    return this == LAG_ABOVE || this == LAG_BELOW;
  }
}
