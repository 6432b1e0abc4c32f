package dev.regent.proxy.auth;

import java.util.function.Function;

/** Whether a client has proved itself, and how it is passed on to servers. */
public sealed interface Proved {
  record Not() implements Proved {}

  record As(Identity identity) implements Proved {}

  /**
   * It has, but servers want a proof that only the password itself can make.
   *
   * @param known a password is known, but not this one
   */
  record Alone(boolean known) implements Proved {}

  /**
   * @param key made of a password that may be right
   */
  static Proved with(PublicKey stored, SigningKey key, Function<SigningKey, Identity> as) {
    return key.shown().equals(stored) ? new As(as.apply(key)) : new Alone(true);
  }
}
