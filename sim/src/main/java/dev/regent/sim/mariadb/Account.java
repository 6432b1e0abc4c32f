package dev.regent.sim.mariadb;

/**
 * Who connects.
 *
 * @param privileged may write on a read-only server, and kill
 */
public record Account(String user, boolean privileged) {
  public static final Account APPLICATION = new Account("app", false);
  public static final Account MANAGER = new Account("regent", true);
  public static final Account ADMINISTRATOR = new Account("root", true);
  public static final Account REPLICATION = new Account("repl", false);
}
