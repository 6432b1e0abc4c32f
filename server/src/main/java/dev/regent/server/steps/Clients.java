package dev.regent.server.steps;

/** Those whose statements pass through this process. */
public interface Clients {
  /** Nobody's do. */
  Clients NONE = () -> {};

  /**
   * To be called while they are held: returns when what they had sent before is answered; and soon,
   * also if something still is not.
   */
  void awaitQuiet();
}
