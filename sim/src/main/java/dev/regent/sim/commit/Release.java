package dev.regent.sim.commit;

/**
 * What differs between versions.
 *
 * @param initRole {@code --init-rpl-role=SLAVE} exists and cuts off, at start, what the engine had
 *     not committed; before that {@code rpl_semi_sync_slave_enabled} did (ha.md 5.5)
 */
public record Release(String version, boolean initRole) {
  public static final Release V10_5 = new Release("10.5.25-MariaDB", false);
  public static final Release V10_11 = new Release("10.11.19-MariaDB", true);
  public static final Release V11_4 = new Release("11.4.5-MariaDB", true);
  public static final Release V11_8 = new Release("11.8.2-MariaDB", true);
}
