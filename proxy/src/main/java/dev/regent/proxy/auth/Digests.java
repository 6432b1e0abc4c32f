package dev.regent.proxy.auth;

import dev.regent.proxy.wire.PacketWriter;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Digests that every Java has. */
final class Digests {
  private Digests() {}

  static byte[] joined(byte[]... parts) {
    PacketWriter all = new PacketWriter();
    for (byte[] part : parts) {
      all.bytes(part);
    }
    return all.payload();
  }

  static byte[] digest(String algorithm, byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + algorithm, e);
    }
  }
}
