package dev.regent.proxy.auth;

import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.Seed;

/**
 * A client's proof of who it is.
 *
 * @param plugin whose language it is in; empty if it is one that nobody asked for
 * @param challenge what the client was to make it with
 */
public record Answer(String plugin, Bytes proof, Bytes challenge) {
  /** The first one, made with the greeting's seed. */
  public static Answer first(Bytes proof, Seed seed) {
    return new Answer(NativePassword.PLUGIN, proof, Bytes.of(seed.bytes()));
  }

  byte[] proofBytes() {
    return proof.copy(0, proof.length());
  }

  byte[] challengeBytes() {
    return challenge.copy(0, challenge.length());
  }
}
