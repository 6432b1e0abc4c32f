package dev.regent.sim.steps;

/** Why a piece of work did not come to its end. */
public sealed interface Trouble {
  String reason();

  /**
   * The link failed, or the server answered with an error.
   *
   * @param answered the server said so, and the link is as good as before
   */
  record Broken(int code, boolean answered, String reason) implements Trouble {}

  /** Another manager holds office on the server. */
  record Deposed(String reason) implements Trouble {}

  /** It must not or cannot be done; it has not taken effect. */
  record Refused(String reason) implements Trouble {}

  /** The time is over while the server is still at it: it may yet take effect. */
  record Late(String reason) implements Trouble {}
}
