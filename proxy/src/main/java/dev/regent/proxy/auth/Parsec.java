package dev.regent.proxy.auth;

import dev.regent.proxy.wire.Bytes;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * The plugin {@code parsec} (MariaDB 11.6): the client signs chance of both sides with an Ed25519
 * key that PBKDF2 makes of the password. The server keeps the salt and the public key; it tells the
 * salt when the client has asked for it with an empty packet.
 */
public final class Parsec {
  public static final String PLUGIN = "parsec";

  static final int SCRAMBLE_LENGTH = 32;

  private static final int SALT_LENGTH = 18;
  private static final int KEY_BITS = 256;
  private static final int ROUNDS_MIN = 1024;
  private static final Pattern STORED =
      Pattern.compile("P(?<factor>[0-3]):(?<salt>[A-Za-z0-9+/]{24}):(?<key>[A-Za-z0-9+/]{43})");

  private Parsec() {}

  /**
   * What a server keeps of a password.
   *
   * @param salt as it is told: {@code P}, how often to hash, and the salt itself
   */
  public record Stored(Bytes salt, PublicKey key) {
    /** Reads what stands in {@code mysql.global_priv}. */
    public static Optional<Stored> parse(String text) {
      Matcher found = STORED.matcher(text);
      if (!found.matches()) {
        return Optional.empty();
      }
      byte[] head = {'P', (byte) (found.group("factor").charAt(0) - '0')};
      byte[] salt = Digests.joined(head, Base64.getDecoder().decode(found.group("salt")));
      return PublicKey.parse(found.group("key")).map(key -> new Stored(Bytes.of(salt), key));
    }

    /** Another one for each salt. */
    public String saltText() {
      return Base64.getEncoder().encodeToString(saltBytes());
    }

    byte[] saltBytes() {
      return salt.copy(0, salt.length());
    }

    /** As a server remembers it. */
    byte[] bytes() {
      return Digests.joined(saltBytes(), key.bytes());
    }

    boolean isProved(Answer answer) {
      byte[] said = answer.proofBytes();
      if (said.length != SCRAMBLE_LENGTH + PublicKey.SIGNATURE_LENGTH) {
        return false;
      }
      byte[] scramble = Arrays.copyOf(said, SCRAMBLE_LENGTH);
      byte[] signature = Arrays.copyOfRange(said, SCRAMBLE_LENGTH, said.length);
      return key.signed(signature, answer.challengeBytes(), scramble);
    }

    /** Takes a millisecond or some: no event loop may call it. */
    public SigningKey key(Secret password) {
      byte[] all = saltBytes();
      byte[] itself = Arrays.copyOfRange(all, all.length - SALT_LENGTH, all.length);
      PBEKeySpec wanted = new PBEKeySpec(password.chars(), itself, ROUNDS_MIN << all[1], KEY_BITS);
      try {
        return SigningKey.of(
            SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
                .generateSecret(wanted)
                .getEncoded());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every Java has PBKDF2WithHmacSHA512", e);
      } finally {
        wanted.clearPassword();
      }
    }
  }
}
