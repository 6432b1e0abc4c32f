package dev.regent.proxy.auth;

import dev.regent.core.model.Check;
import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.Seed;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * The plugin {@code mysql_native_password}, without the password.
 *
 * <p>A server keeps SHA1(SHA1(password)). A client proves that it knows SHA1(password) by sending
 * it XOR SHA1(seed, SHA1(SHA1(password))). Whoever knows what the server keeps and sees one such
 * proof also knows SHA1(password) from then on, and with it can make proofs for other seeds. That
 * is how the proxy logs in as its client; and why the table of accounts is a secret.
 */
public final class NativePassword {
  public static final String PLUGIN = "mysql_native_password";

  private static final int LENGTH = 20;

  private NativePassword() {}

  /** What a server keeps of a password. */
  public record Stored(Digest twice) {
    /** Reads 41 characters as in {@code mysql.global_priv}: a star and 40 hexadecimal digits. */
    public static Optional<Stored> parse(String text) {
      if (!text.matches("\\*[0-9A-Fa-f]{40}")) {
        return Optional.empty();
      }
      byte[] twice = HexFormat.of().parseHex(text.substring(1).toLowerCase(Locale.ROOT));
      return Optional.of(new Stored(new Digest(twice)));
    }

    /** The same of an answer; empty if that is no native one. */
    Optional<Digest> check(Answer answer) {
      return answer.plugin().equals(PLUGIN)
          ? check(answer.proof(), Seed.in(answer.challengeBytes()))
          : Optional.empty();
    }

    /** SHA1(password), if the proof is one for this password and seed. */
    public Optional<Digest> check(Bytes proof, Seed seed) {
      if (proof.length() != LENGTH) {
        return Optional.empty();
      }
      byte[] once = xor(proof.copy(0, LENGTH), sha1(seed.bytes(), twice.bytes()));
      return MessageDigest.isEqual(sha1(once), twice.bytes())
          ? Optional.of(new Digest(once))
          : Optional.empty();
    }
  }

  /** A proof for another seed. */
  public static byte[] proof(Digest once, Seed seed) {
    return xor(once.bytes(), sha1(seed.bytes(), sha1(once.bytes())));
  }

  /** SHA1(password), where the password is known. */
  public static Digest once(byte[] password) {
    return new Digest(sha1(password));
  }

  /** SHA1(SHA1(password)), what a server keeps. */
  static Digest twice(Digest once) {
    return new Digest(sha1(once.bytes()));
  }

  private static byte[] xor(byte[] a, byte[] b) {
    byte[] both = new byte[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      both[i] = (byte) (a[i] ^ b[i]);
    }
    return both;
  }

  private static byte[] sha1(byte[]... parts) {
    return Digests.digest("SHA-1", parts);
  }

  /** A digest, which is as good as a password: it does not show itself. */
  public static final class Digest {
    private final byte[] bytes;

    Digest(byte[] bytes) {
      Check.argument(bytes.length == LENGTH, "a SHA-1 digest has " + LENGTH + " bytes");
      this.bytes = bytes.clone();
    }

    byte[] bytes() {
      return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Digest digest && MessageDigest.isEqual(bytes, digest.bytes);
    }

    @Override
    public int hashCode() {
      return bytes[0];
    }

    @Override
    public String toString() {
      return "a digest";
    }
  }
}
