package dev.regent.proxy.auth;

import dev.regent.core.model.Check;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * A key that signs as RFC 8032 has it for Ed25519. Java's own has keys that are made of 32 bytes;
 * MariaDB's plugin {@code ed25519} makes them of a password of any length, so Java's cannot sign
 * for it. What is signed here, Java verifies.
 */
public final class SigningKey {
  private static final int HALF = 32;

  private final byte[] scalar;
  private final byte[] prefix;
  private final PublicKey shown;

  private SigningKey(byte[] expanded) {
    Check.argument(expanded.length == 2 * HALF, "an expanded key has 64 bytes");
    scalar = Arrays.copyOf(expanded, HALF);
    scalar[0] &= (byte) 0xf8;
    scalar[HALF - 1] &= 0x7f;
    scalar[HALF - 1] |= 0x40;
    prefix = Arrays.copyOfRange(expanded, HALF, 2 * HALF);
    shown = new PublicKey(Edwards.multiplyBase(Edwards.number(scalar)));
  }

  /** Of a secret of any length; one of 32 bytes gives RFC 8032's key. */
  static SigningKey of(byte[] secret) {
    return new SigningKey(Digests.digest("SHA-512", secret));
  }

  public PublicKey shown() {
    return shown;
  }

  /** 64 bytes; the same ones each time. */
  byte[] sign(byte[]... message) {
    byte[] all = Digests.joined(message);
    var nonce = Edwards.number(Digests.digest("SHA-512", prefix, all));
    byte[] point = Edwards.multiplyBase(nonce);
    var hash = Edwards.number(Digests.digest("SHA-512", point, shown.bytes(), all));
    byte[] answer = Edwards.bytes(nonce.add(hash.multiply(Edwards.number(scalar))));
    return Digests.joined(point, answer);
  }

  /** Bytes that nobody else can foresee, and that are the same for the same occasion. */
  byte[] chance(byte[] occasion) {
    return Digests.digest("SHA-256", prefix, occasion);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SigningKey key
        && MessageDigest.isEqual(scalar, key.scalar)
        && MessageDigest.isEqual(prefix, key.prefix);
  }

  @Override
  public int hashCode() {
    return shown.hashCode();
  }

  @Override
  public String toString() {
    return "a key";
  }
}
