package dev.regent.proxy.auth;

import dev.regent.core.model.Check;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What a server keeps of a password whose owner signs with it: an Ed25519 key. Passwords can be
 * guessed by it, so it does not show itself.
 */
public final class PublicKey {
  static final int LENGTH = 32;
  static final int SIGNATURE_LENGTH = 64;

  /** Before the bytes of each Ed25519 key in its usual form (RFC 8410). */
  private static final byte[] HEAD = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final int TEXT_LENGTH = 43;

  private final byte[] bytes;

  PublicKey(byte[] bytes) {
    Check.argument(bytes.length == LENGTH, "an Ed25519 key has " + LENGTH + " bytes");
    this.bytes = bytes.clone();
  }

  /** Reads 43 characters of base64, without padding, as in {@code mysql.global_priv}. */
  public static Optional<PublicKey> parse(String text) {
    if (text.length() != TEXT_LENGTH) {
      return Optional.empty();
    }
    try {
      return Optional.of(new PublicKey(Base64.getDecoder().decode(text)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  byte[] bytes() {
    return bytes.clone();
  }

  /** Whether this key's owner signed the message; false too if there can be no such key. */
  boolean signed(byte[] signature, byte[]... message) {
    if (signature.length != SIGNATURE_LENGTH) {
      return false;
    }
    try {
      Signature ed25519 = Signature.getInstance("Ed25519");
      ed25519.initVerify(
          KeyFactory.getInstance("Ed25519")
              .generatePublic(new X509EncodedKeySpec(Digests.joined(HEAD, bytes))));
      for (byte[] part : message) {
        ed25519.update(part);
      }
      return ed25519.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PublicKey key && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "a public key";
  }
}
