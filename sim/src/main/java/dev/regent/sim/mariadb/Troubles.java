package dev.regent.sim.mariadb;

import java.util.TreeSet;

/** What is wrong with a server that runs. */
public final class Troubles {
  private final TreeSet<String> denied = new TreeSet<>();
  private boolean full;
  private boolean diskFull;

  /** New connections of this user are refused; those that are open stay. */
  public void deny(String user, boolean on) {
    if (on) {
      denied.add(user);
    } else {
      denied.remove(user);
    }
  }

  boolean denies(String user) {
    return denied.contains(user);
  }

  /** Whether somebody else uses all connections. */
  public void full(boolean on) {
    full = on;
  }

  boolean full() {
    return full;
  }

  void diskFull(boolean on) {
    diskFull = on;
  }

  public boolean diskFull() {
    return diskFull;
  }

  /** All is well again. */
  public void clear() {
    denied.clear();
    full = false;
    diskFull = false;
  }
}
