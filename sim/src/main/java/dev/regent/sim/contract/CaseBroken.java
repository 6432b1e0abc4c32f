package dev.regent.sim.contract;

/** A case did not get as far as its facts. Whoever runs cases reports it as their failure. */
public final class CaseBroken extends IllegalStateException {
  private static final long serialVersionUID = 1;

  public CaseBroken(String message) {
    super(message);
  }
}
