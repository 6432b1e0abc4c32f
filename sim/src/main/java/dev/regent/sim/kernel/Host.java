package dev.regent.sim.kernel;

/** A machine on the network. While it is down nothing answers, not even with a refusal. */
public final class Host {
  private final String name;
  private final int number;
  private boolean up = true;

  Host(String name, int number) {
    this.name = name;
    this.number = number;
  }

  public String name() {
    return name;
  }

  int number() {
    return number;
  }

  public boolean up() {
    return up;
  }

  public void power(boolean on) {
    up = on;
  }

  @Override
  public String toString() {
    return name;
  }
}
