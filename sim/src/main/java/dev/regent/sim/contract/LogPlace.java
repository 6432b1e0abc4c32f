package dev.regent.sim.contract;

/** A place in a server's binary log, as its replicas name it. */
public record LogPlace(String file, long position) {
  public LogPlace plus(long bytes) {
    return new LogPlace(file, position + bytes);
  }
}
