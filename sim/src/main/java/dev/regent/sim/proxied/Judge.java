package dev.regent.sim.proxied;

/** Whoever ends the run when a promise is broken. */
@FunctionalInterface
public interface Judge {
  void broken(String promise, String words);
}
