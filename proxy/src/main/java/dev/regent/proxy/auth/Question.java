package dev.regent.proxy.auth;

import dev.regent.proxy.wire.Bytes;

/**
 * What a client is asked, so that it proves itself as its account has it.
 *
 * @param plugin whose language is spoken, as clients know it
 * @param chance how many bytes of chance the proof is to be made with
 * @param prompt what else is said at first
 * @param salt said when the client has answered the first time; empty: its first answer is the
 *     proof
 */
public record Question(String plugin, int chance, Bytes prompt, Bytes salt) {
  private static final int CHANCE = 32;

  /** Of the kind that every client knows; its chance is the greeting's. */
  static Question nativePassword() {
    return new Question(NativePassword.PLUGIN, 0, Bytes.of(), Bytes.of());
  }

  static Question ed25519() {
    return new Question(Identity.Ed25519.PLUGIN, CHANCE, Bytes.of(), Bytes.of());
  }

  static Question parsec(Bytes salt) {
    return new Question(Parsec.PLUGIN, CHANCE, Bytes.of(), salt);
  }

  public boolean isNative() {
    return plugin.equals(NativePassword.PLUGIN);
  }
}
