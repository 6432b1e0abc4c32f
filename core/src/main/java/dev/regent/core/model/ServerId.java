package dev.regent.core.model;

/** A server's configured name, stable over restarts, address changes and role changes. */
public record ServerId(String name) implements Comparable<ServerId> {
  public ServerId {
    Check.argument(!name.isBlank(), "server name is blank");
  }

  @Override
  public int compareTo(ServerId other) {
    return name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name;
  }
}
