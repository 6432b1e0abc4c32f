package dev.regent.sim.commit;

import java.util.List;

/**
 * What differs between versions, as the contract measured it on these five.
 *
 * @param truncation what makes a recovery cut off the end of the log
 * @param takesOwn a strict replica that acknowledges executes its own events when they come back
 * @param endsInOk an orderly shutdown tells those whose commits wait that they are acknowledged
 * @param staysOn the primary stays ready to wait when its last member leaves, though none has to be
 *     there
 * @param deaf a receiving thread that waits for a greeting cannot be stopped
 */
public record Release(
    String version,
    Truncation truncation,
    boolean takesOwn,
    boolean endsInOk,
    boolean staysOn,
    boolean deaf) {

  /** MDEV-21117, MDEV-33465. */
  public enum Truncation {
    NEVER,
    /** {@code rpl_semi_sync_slave_enabled}. */
    SEMI_SYNC_REPLICA,
    /** {@code --init-rpl-role=SLAVE}. */
    ROLE_REPLICA
  }

  public static final Release V10_5 =
      new Release("10.5.23-MariaDB", Truncation.NEVER, false, true, false, false);
  public static final Release V10_11_5 =
      new Release("10.11.5-MariaDB", Truncation.SEMI_SYNC_REPLICA, true, false, false, false);
  public static final Release V10_11 =
      new Release("10.11.18-MariaDB", Truncation.ROLE_REPLICA, true, false, true, false);
  public static final Release V11_4 =
      new Release("11.4.5-MariaDB", Truncation.ROLE_REPLICA, true, false, true, true);
  public static final Release V11_8 =
      new Release("11.8.9-MariaDB", Truncation.ROLE_REPLICA, true, false, true, true);

  public static List<Release> all() {
    return List.of(V10_5, V10_11_5, V10_11, V11_4, V11_8);
  }
}
