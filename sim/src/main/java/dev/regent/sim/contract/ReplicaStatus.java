package dev.regent.sim.contract;

/**
 * One row of {@code SHOW ALL SLAVES STATUS}.
 *
 * @param channel the empty text for the connection without a name
 * @param source number of the server it is pointed to
 * @param receiving {@code Slave_IO_Running}; "Preparing" counts as connecting
 * @param applying {@code Slave_SQL_Running}
 * @param receiveError {@code Last_IO_Errno}, 0 for none
 * @param applyError {@code Last_SQL_Errno}, 0 for none
 * @param received {@code Gtid_IO_Pos}, sorted by domain
 * @param gtidMode {@code Using_Gtid}: "No", "Slave_Pos" or "Current_Pos"
 * @param heartbeats {@code Slave_received_heartbeats}
 */
public record ReplicaStatus(
    String channel,
    int source,
    Receiving receiving,
    boolean applying,
    int receiveError,
    int applyError,
    String received,
    String gtidMode,
    long heartbeats) {

  /** {@code Slave_IO_Running}. */
  public enum Receiving {
    YES,
    CONNECTING,
    NO
  }

  public boolean connected() {
    return receiving == Receiving.YES;
  }
}
